"""What the registry keeps. Every entity is immutable and has a version that each change increments.

A decision that rests on an entity replaces (or touches) it in the same transaction, so that two commits
cannot both be right and wrong together.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from clearinghouse_messages.documents import Document
from clearinghouse_messages.envelope import Cause
from clearinghouse_messages.events import Attempt, Multilingual, RecipientRole, RequestStatus, RevisionStatus


class Entity(BaseModel):
    """Base of all: ``id`` is unique within its kind, ``version`` counts its changes from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    collection: ClassVar[str]
    """The collection."""
    unique: ClassVar[tuple[str, ...]] = ()
    """Fields whose value, when there is one, no other entity of the kind may have."""
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = ()

    id: str
    version: int = 1


Role = Literal[
    "national-focal-point", "publishing-authority", "national-authorized-user", "secretariat", "iac-member"
]


class Person(Entity):
    """Someone who signs in. ``id`` is the ``sub`` of their tokens."""

    collection: ClassVar[str] = "persons"

    name: str
    email: str
    language: str


class Designation(Entity):
    """A role that a person holds for a country (or, as Secretariat, for a realm). Ended, never deleted."""

    collection: ClassVar[str] = "designations"
    unique: ClassVar[tuple[str, ...]] = ("seat",)
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person",), ("realm", "country"))

    person: str
    realm: str
    role: Role
    country: str | None
    start: datetime
    end: datetime | None = None
    made_by: str
    reason: str
    ended_by: str | None = None
    end_reason: str | None = None
    seat: str | None = None
    """The one seat of a country's publishing authority, held until the designation is ended."""


RecordStatus = Literal["drafted", "current", "revoked", "deleted"]
"""``drafted``: named by its first draft, never published yet."""


class Record(Entity):
    """What an identifier names, over all revisions. ``id`` is the number, as text."""

    collection: ClassVar[str] = "records"
    unique: ClassVar[tuple[str, ...]] = ("uid_key",)
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("format", "country", "status", "realm"),
        ("status", "number"),
        ("refers_to",),
    )

    number: int
    identifier: str
    """Without a revision: ``ABSCH-DEV-IRCC-MX-104``."""
    uid: str
    uid_key: str
    """``uid`` in lower case: names resolve in any letter case, so no two may differ in case alone."""
    realm: str
    format: str
    country: str | None
    owner: str
    """``sub`` of whoever used the identifier first."""
    status: RecordStatus = "drafted"
    revision: int = 0
    """The current revision; 0 until there is one."""
    refers_to: list[str] = []
    """Numbers of the records that the current revision refers to."""


class Revision(Entity):
    """One published revision, kept for ever. ``id`` is ``NUMBER@REVISION``."""

    collection: ClassVar[str] = "revisions"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("number",),)

    number: int
    revision: int
    format_version: int
    status: RevisionStatus
    public: Document
    private: Document
    title: Multilingual
    published_at: datetime
    published_by: str
    cause: Cause
    reason: Multilingual | None = None
    ended_at: datetime | None = None
    end_reason: Multilingual | None = None


class Draft(Entity):
    """The one draft that a record may have. ``id`` is the record's number; ``version`` is its ETag."""

    collection: ClassVar[str] = "drafts"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("realm", "country"), ("author",))

    number: int
    uid: str
    realm: str
    format: str
    country: str | None
    author: str
    updated_by: str
    updated_at: datetime
    public: Document
    private: Document
    request: str | None = None
    """The open request that locks it."""


class Request(Entity):
    """A request for publication of a draft."""

    collection: ClassVar[str] = "requests"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("realm", "country", "status"),
        ("status", "expires_at"),
        ("number",),
    )

    number: int
    record: str
    uid: str
    realm: str
    format: str
    country: str | None
    title: Multilingual
    author: str
    status: RequestStatus = "open"
    opened_at: datetime
    expires_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


TransmissionStatus = Literal["owed", "retrying", "uncertain", "delivered", "failed", "unaddressable"]


class Transmission(Entity):
    """An official transmission to one recipient, with the evidence of what became of it."""

    collection: ClassVar[str] = "transmissions"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("number",), ("settled", "stated_at"), ("status",))

    number: int
    identifier: str
    """The revision that is transmitted."""
    kind: str
    """Which letter: ``certificate``, ``certificate-revoked``, ``communique``."""
    roles: list[RecipientRole]
    emails: list[str]
    language: str
    status: TransmissionStatus = "owed"
    settled: bool = False
    """Whether the outcome is known (delivered, failed) or none can come (unaddressable)."""
    owed_at: datetime
    stated_at: datetime
    """When it was last stated on the stream; the sweep states it again when no outcome comes."""
    entry: str
    """The ledger entry that states it."""
    settled_at: datetime | None = None
    attempts: list[Attempt] = []


ENTITIES: tuple[type[Entity], ...] = (
    Person,
    Designation,
    Record,
    Revision,
    Draft,
    Request,
    Transmission,
)
