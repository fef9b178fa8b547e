"""Every event type and its payload, declared once.

``decode`` turns an envelope into its typed payload; ``type_of`` is the inverse. A payload type that is not
in ``EVENT_TYPES`` does not exist on the wire.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from clearinghouse_messages.envelope import Envelope, Wire

Multilingual = dict[str, str]
"""Text by language over ar, en, es, fr, ru, zh."""

RecordStatus = Literal["current", "superseded", "revoked", "deleted"]


class RecordState(Wire):
    """The whole public record after a change, so that a reader needs nothing else."""

    identifier: str
    """With the revision: ``ABSCH-DEV-IRCC-MX-104-2``."""
    uid: str
    """``header.identifier`` of the exchange form: the caller's own name of the record."""
    number: int
    revision: int = Field(ge=1)
    realm: str
    format: str
    """The common format, for instance ``absPermit``."""
    format_version: int
    country: str | None
    """ISO 3166-1 alpha-2, lower case; None for reference records of no country."""
    status: RecordStatus
    languages: list[str]
    title: Multilingual
    published_at: datetime
    reason: Multilingual | None = None
    """Why this revision was made; always there for an amended or revoked certificate."""
    link: str
    """Where the record is shown, for ever."""
    supersedes: str | None = None
    """The identifier of the revision that this one replaces."""
    content: dict[str, Any]
    """The public content in the exchange form, header included."""


class RecordPublished(RecordState):
    """A first revision came into being."""


class RecordAmended(RecordState):
    """A later revision replaced the one before it."""


class RecordRevoked(RecordState):
    """A permit lost its validity; the content is that of its last revision."""


class RecordDeleted(RecordState):
    """A record of a type that may be deleted was; it stays readable as such."""


class Audience(Wire):
    """A person to whom an event is addressed, and as what."""

    person: str
    """``sub`` of the person; never an address."""
    role: str
    """Why he is told, for instance ``publishing-authority`` or ``author``."""


class RequestState(Wire):
    """A request for publication, after a change."""

    request: str
    realm: str
    record: str
    uid: str
    format: str
    country: str | None
    title: Multilingual
    author: str
    """``sub`` of the person who asked."""
    decided_by: str | None = None
    reason: str | None = None
    opened_at: datetime
    expires_at: datetime
    """A request that nobody decides ends here (12 weeks after it was opened)."""
    audience: list[Audience]


class RequestOpened(RequestState):
    """Publication was asked for; the draft is locked."""


class RequestApproved(RequestState):
    """The publishing authority approved: the record is published."""


class RequestRejected(RequestState):
    """The publishing authority declined, with a reason; the draft is free again."""


class RequestRecalled(RequestState):
    """The author took the request back."""


class RequestCancelled(RequestState):
    """The request ended because what it asks for is no longer possible."""


class RequestTimedOut(RequestState):
    """Nobody decided within 12 weeks; the draft is free again."""


class RecipientRole(Wire):
    """One reason why a recipient receives a transmission."""

    role: str
    """For instance ``national-focal-point``, ``competent-national-authority``, ``provider``, ``grantee``."""
    provision: str
    """The provision of the law that names him, for instance ``Nagoya Protocol, Article 17.2``."""
    country: str | None
    record: str
    """The published record his address comes from; empty where there is none."""
    name: str


class TransmissionOwed(Wire):
    """An official transmission to one recipient, owed until its outcome is known. Self-contained."""

    transmission: str
    """Stays the same for ever; the Message-ID of the letter is made from it."""
    kind: str
    """Which letter: ``certificate``, ``certificate-revoked`` or ``communique``."""
    realm: str
    identifier: str
    """The revision that is transmitted."""
    roles: list[RecipientRole]
    emails: list[str]
    """All addresses, for one message; never empty (who has none is *unaddressable* and stays with the registry)."""
    language: str
    """The language of the letter."""
    labels: dict[str, Multilingual] = Field(default_factory=dict)
    """What terms and references in ``record`` are called, by identifier, by language."""
    current: dict[str, str] = Field(default_factory=dict)
    """For references of ``record`` that pin a revision which is not the newest: the identifier that is current."""
    record: RecordState
    """The copy."""
    contacts: list[str] = Field(default_factory=list)
    """Whom to contact about it: lines of plain text."""
    owed_at: datetime


OutcomeState = Literal["delivered", "failed", "retrying", "uncertain"]


class Answer(Wire):
    """What the mail server said about one address."""

    address: str
    code: int | None
    text: str
    accepted: bool


class Attempt(Wire):
    """One hand-over to a mail server. ``state`` tells what is known of it."""

    number: int = Field(ge=1)
    state: Literal["connecting", "handing-over", "accepted", "refused", "deferred", "uncertain"]
    server: str
    started_at: datetime
    ended_at: datetime | None = None
    message_id: str
    answers: list[Answer] = Field(default_factory=list)


class TransmissionOutcome(Wire):
    """What became of a transmission so far: the evidence, whole, after each attempt."""

    transmission: str
    realm: str
    identifier: str
    state: OutcomeState
    """``delivered`` and ``failed`` are final."""
    attempts: list[Attempt]


EVENT_TYPES: dict[str, type[Wire]] = {
    "int.cbd.record.published.v1": RecordPublished,
    "int.cbd.record.amended.v1": RecordAmended,
    "int.cbd.record.revoked.v1": RecordRevoked,
    "int.cbd.record.deleted.v1": RecordDeleted,
    "int.cbd.request.opened.v1": RequestOpened,
    "int.cbd.request.approved.v1": RequestApproved,
    "int.cbd.request.rejected.v1": RequestRejected,
    "int.cbd.request.recalled.v1": RequestRecalled,
    "int.cbd.request.cancelled.v1": RequestCancelled,
    "int.cbd.request.timed-out.v1": RequestTimedOut,
    "int.cbd.transmission.owed.v1": TransmissionOwed,
    "int.cbd.transmission.outcome.v1": TransmissionOutcome,
}

Payload = (
    RecordPublished
    | RecordAmended
    | RecordRevoked
    | RecordDeleted
    | RequestOpened
    | RequestApproved
    | RequestRejected
    | RequestRecalled
    | RequestCancelled
    | RequestTimedOut
    | TransmissionOwed
    | TransmissionOutcome
)

_NAMES = {payload: name for name, payload in EVENT_TYPES.items()}


def type_of(payload: Payload) -> str:
    """The name on the wire of a payload's type."""
    return _NAMES[type(payload)]


def decode(envelope: Envelope) -> Payload | None:
    """The typed payload of an event, or None for a type that this reader does not know.

    Raises pydantic.ValidationError when the data does not fit its type.
    """
    declared = EVENT_TYPES.get(envelope.type)
    if declared is None:
        return None
    payload = declared.model_validate(envelope.data)
    assert isinstance(payload, Payload)
    return payload
