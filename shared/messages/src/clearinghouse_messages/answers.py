"""What the services answer over HTTP, as their OpenAPI descriptions show it; clients read the same types.

Names are camelCase on the wire, as in the exchange form. A field that is added later has a default, so that an
older service is still understood; readers ignore fields that they do not know.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from clearinghouse_messages.documents import Document
from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.events import Multilingual, RequestStatus, RevisionStatus


class Answer(BaseModel):
    """Base of all answers: immutable, camelCase on the wire, without values that do not fit in its errors."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )


class WarningAnswer(Answer):
    """Something to know before publication; it stops nothing. Says where it stands, never what stands there."""

    path: str
    """A JSON pointer into the document."""
    code: str
    message: str


class Receipt(Answer):
    """What a command did. Sent again under its Idempotency-Key, it does nothing more and answers this again."""

    identifier: str
    """Of what was made or changed: a record (with its revision where it is published), request, designation, …"""
    status: str
    """Its status after the command."""
    revision: int | None = None
    etag: str | None = None
    """Of a draft: send it back as ``If-Match``."""
    transmissions: int | None = None
    """How many recipients are owed an official transmission by it."""
    warnings: list[WarningAnswer] = []
    links: dict[str, str] = {}
    """Where to read what it names and what belongs to it."""


class DraftAnswer(Answer):
    """A draft. Its ``etag`` is sent back as ``If-Match``."""

    uid: str
    record: str
    realm: str
    format: str
    country: str | None
    author: str
    updated_by: str
    updated_at: datetime
    revises: str | None
    """The revision that this draft would follow."""
    etag: str
    locked_by: str | None
    """The open request that locks the draft."""
    document: Document
    warnings: list[WarningAnswer]
    actions: list[str] = []
    """What the reader may do with it now."""


class RequestAnswer(Answer):
    """A request for publication."""

    request: str
    record: str
    uid: str
    realm: str
    format: str
    country: str | None
    title: Multilingual
    status: RequestStatus
    author: str
    opened_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    actions: list[str] = []
    """What the reader may do with it now."""


class RevisionAnswer(Answer):
    """One revision among the others: why it was made, and why it ended."""

    identifier: str
    revision: int
    status: RevisionStatus
    published_at: datetime
    reason: Multilingual | None
    ended_at: datetime | None
    end_reason: Multilingual | None


class ReferrerAnswer(Answer):
    """A current record that refers to this one."""

    identifier: str
    format: str
    title: Multilingual


class RecordSummary(Answer):
    """A record as lists show it."""

    identifier: str
    uid: str
    number: int
    revision: int
    realm: str
    format: str
    country: str | None
    status: RevisionStatus
    title: Multilingual
    published_at: datetime
    link: str


class RecordAnswer(RecordSummary):
    """A revision of a record, whole, with a plain statement of what it is."""

    statement: str
    languages: list[str]
    reason: Multilingual | None
    current: str
    """The identifier of the newest revision."""
    revisions: list[RevisionAnswer]
    referred_by: list[ReferrerAnswer]
    content: Document


class RecordsAnswer(Answer):
    """A page of records; ``next`` is the cursor of the page behind it."""

    items: list[RecordSummary]
    next: str | None = None


class RoleAnswer(Answer):
    """Why a recipient receives a transmission."""

    role: str
    provision: str
    """The provision of the law that names the recipient."""
    country: str | None
    name: str


class ReplyAnswer(Answer):
    """What the mail server said about one address."""

    address: str
    code: int | None
    text: str
    accepted: bool


class AttemptAnswer(Answer):
    """One hand-over to a mail server."""

    number: int
    status: str
    server: str
    started_at: datetime
    ended_at: datetime | None
    message_id: str
    replies: list[ReplyAnswer]


class TransmissionAnswer(Answer):
    """An official transmission. Addresses and attempts are there only for those who may see them."""

    transmission: str
    kind: str
    identifier: str
    roles: list[RoleAnswer]
    language: str
    status: str
    owed_at: datetime
    settled_at: datetime | None
    emails: list[str] | None = None
    attempts: list[AttemptAnswer] | None = None


class TransmissionsAnswer(Answer):
    """Transmissions, newest first."""

    items: list[TransmissionAnswer]


class DesignationAnswer(Answer):
    """A role that a person holds or held."""

    id: str
    person: str
    realm: str
    role: str
    country: str | None
    start: datetime
    end: datetime | None
    made_by: str
    reason: str
    ended_by: str | None
    end_reason: str | None


class PersonAnswer(Answer):
    """Someone who signs in."""

    sub: str
    name: str
    email: str
    language: str


class MeAnswer(Answer):
    """The caller, as the registry knows them, with the designations that they hold now."""

    person: PersonAnswer | None
    designations: list[DesignationAnswer]


class DraftsAnswer(Answer):
    """Drafts."""

    items: list[DraftAnswer]


class RequestsAnswer(Answer):
    """Requests, newest first."""

    items: list[RequestAnswer]


class DesignationsAnswer(Answer):
    """Designations, past ones included."""

    items: list[DesignationAnswer]


class EventsAnswer(Answer):
    """A part of the ledger. ``next`` is the position to ask for next; ``generation`` names the ledger."""

    generation: str
    events: list[Envelope]
    next: int


class AboutAnswer(Answer):
    """Which deployment answers, and where its parts are."""

    environment: str
    realms: list[str]
    issuer: str
    audience: str
    notifier: str
    generation: str
    version: str


class NotificationAnswer(Answer):
    """One row of a person's inbox. ``requestStatus`` is the status of its request now."""

    id: str
    type: str
    """The type of the event that it reports."""
    request: str
    record: str
    realm: str
    format: str
    country: str | None
    title: Multilingual
    role: str
    at: datetime
    read: bool
    request_status: RequestStatus


class InboxAnswer(Answer):
    """Rows of an inbox, newest first."""

    items: list[NotificationAnswer]


class QueueStatus(Answer):
    """The open work of one lane of one queue."""

    queue: str
    lane: str
    open: int
    oldest_seconds: float
    """Seconds since its oldest item was queued."""


class TopicLag(Answer):
    """How many messages of a topic have not landed yet."""

    topic: str
    messages: int


class DeadLetterCount(Answer):
    """How many dead letters a queue holds."""

    queue: str
    count: int


class StatusAnswer(Answer):
    """How a service keeps up."""

    service: str
    lag: list[TopicLag] | None
    """None while the broker does not answer."""
    unpositioned: int
    """Entries of the service's ledger that wait for their position."""
    unshipped: int
    """Positions of the ledger that are not known to be on the broker."""
    work: list[QueueStatus]
    dead_letters: list[DeadLetterCount] = Field(default_factory=list)
