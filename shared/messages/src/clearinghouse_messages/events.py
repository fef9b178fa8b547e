"""Every event type, its payload and its stream, declared once, in the table ``EVENT_TYPES``.

``decode`` turns an envelope into its typed payload. A payload type that is not in the table does not exist on
the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from clearinghouse_messages.envelope import Envelope, Wire

Stream = Literal["records", "requests", "transmissions", "transmission-outcomes"]
"""What is kept in order together, for each record; each realm has a topic for each stream."""

Multilingual = dict[str, str]
"""Text by language over ar, en, es, fr, ru, zh."""

RevisionStatus = Literal["current", "superseded", "revoked", "deleted"]

RequestStatus = Literal["open", "approved", "rejected", "recalled", "cancelled", "timed-out"]


class RecordSnapshot(Wire):
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
    status: RevisionStatus
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


class RecordPublished(RecordSnapshot):
    """A first revision came into being."""


class RecordAmended(RecordSnapshot):
    """A later revision replaced the one before it."""


class RecordRevoked(RecordSnapshot):
    """A permit lost its validity; the content is that of its last revision."""


class RecordDeleted(RecordSnapshot):
    """A record of a type that may be deleted was; it stays readable as such."""


class Audience(Wire):
    """A person to whom an event is addressed, and as what."""

    person: str
    """``sub`` of the person; never an address."""
    role: str
    """Why they are notified, for instance ``publishing-authority`` or ``author``."""


class RequestSnapshot(Wire):
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


class RequestOpened(RequestSnapshot):
    """Publication was asked for; the draft is locked."""


class RequestApproved(RequestSnapshot):
    """The publishing authority approved: the record is published."""


class RequestRejected(RequestSnapshot):
    """The publishing authority declined, with a reason; the draft is free again."""


class RequestRecalled(RequestSnapshot):
    """The author took the request back."""


class RequestCancelled(RequestSnapshot):
    """The request ended because what it asks for is no longer possible."""


class RequestTimedOut(RequestSnapshot):
    """Nobody decided within 12 weeks; the draft is free again."""


RequestEvent = (
    RequestOpened | RequestApproved | RequestRejected | RequestRecalled | RequestCancelled | RequestTimedOut
)
"""What happens to a request."""


class RecipientRole(Wire):
    """One reason why a recipient receives a transmission."""

    role: str
    """For instance ``national-focal-point``, ``competent-national-authority``, ``provider``, ``grantee``."""
    provision: str
    """The key of the provision of the law that names them, for instance ``certificate.country``."""
    country: str | None
    record: str
    """The published record that the address comes from; empty where there is none."""
    name: str


class TransmissionOwed(Wire):
    """An official transmission to one recipient, owed until its outcome is known. Self-contained."""

    transmission: str
    """Stays the same for ever; the Message-ID of the letter is made from it."""
    kind: str
    """Which letter, as its realm declares, for instance ``certificate``."""
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
    record: RecordSnapshot
    """The copy."""
    contacts: list[str] = Field(default_factory=list)
    """Whom to contact about it: lines of plain text."""
    owed_at: datetime


OutcomeStatus = Literal["delivered", "failed", "retrying", "uncertain"]


class SmtpReply(Wire):
    """What the mail server said about one address."""

    address: str
    code: int | None
    text: str
    accepted: bool


class Attempt(Wire):
    """One hand-over to a mail server. ``status`` says what is known of it."""

    number: int = Field(ge=1)
    status: Literal["connecting", "handing-over", "accepted", "refused", "deferred", "uncertain"]
    server: str
    started_at: datetime
    ended_at: datetime | None = None
    message_id: str
    replies: list[SmtpReply] = Field(default_factory=list)


class TransmissionOutcome(Wire):
    """What became of a transmission so far: the evidence, whole, after each attempt."""

    transmission: str
    realm: str
    identifier: str
    status: OutcomeStatus
    """``delivered`` and ``failed`` are final."""
    attempts: list[Attempt]


@dataclass(frozen=True)
class EventType:
    """One type of event: its name on the wire, its payload, and the stream that it is stated on."""

    name: str
    payload: type[Wire]
    stream: Stream

    @property
    def summary(self) -> str:
        """What it means, in one sentence."""
        return (self.payload.__doc__ or "").strip().splitlines()[0]


EVENT_TYPES: Mapping[str, EventType] = {
    event.name: event
    for event in (
        EventType("int.cbd.record.published.v1", RecordPublished, "records"),
        EventType("int.cbd.record.amended.v1", RecordAmended, "records"),
        EventType("int.cbd.record.revoked.v1", RecordRevoked, "records"),
        EventType("int.cbd.record.deleted.v1", RecordDeleted, "records"),
        EventType("int.cbd.request.opened.v1", RequestOpened, "requests"),
        EventType("int.cbd.request.approved.v1", RequestApproved, "requests"),
        EventType("int.cbd.request.rejected.v1", RequestRejected, "requests"),
        EventType("int.cbd.request.recalled.v1", RequestRecalled, "requests"),
        EventType("int.cbd.request.cancelled.v1", RequestCancelled, "requests"),
        EventType("int.cbd.request.timed-out.v1", RequestTimedOut, "requests"),
        EventType("int.cbd.transmission.owed.v1", TransmissionOwed, "transmissions"),
        EventType("int.cbd.transmission.outcome.v1", TransmissionOutcome, "transmission-outcomes"),
    )
}
"""Every type of event, by its name. The decoder, the topics and the documentation derive from it."""

STREAMS: tuple[Stream, ...] = tuple(dict.fromkeys(event.stream for event in EVENT_TYPES.values()))

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
"""The payloads of EVENT_TYPES as a union, for exhaustive ``match``; a test compares the two."""

_BY_PAYLOAD = {event.payload: event for event in EVENT_TYPES.values()}


def event_type(payload: Payload) -> EventType:
    """The declared type of a payload."""
    return _BY_PAYLOAD[type(payload)]


def decode(envelope: Envelope) -> Payload | None:
    """The typed payload of an event, or None for a type that this reader does not know.

    Raises pydantic.ValidationError when the data does not fit its type.
    """
    declared = EVENT_TYPES.get(envelope.type)
    if declared is None:
        return None
    payload = declared.payload.model_validate(envelope.data)
    assert isinstance(payload, Payload)
    return payload
