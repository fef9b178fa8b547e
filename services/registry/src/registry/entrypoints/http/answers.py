"""What the registry answers, as documented in its OpenAPI description; names as in the exchange form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from clearinghouse_messages.envelope import Envelope


class Answer(BaseModel):
    """Base of all answers: camelCase on the wire, as the exchange form has it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class NoticeAnswer(Answer):
    """Something to know before publication; where it stands, never what stands there."""

    path: str
    code: str
    message: str


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
    revises: str | None = Field(description="The revision that this draft would follow")
    etag: str
    locked_by: str | None = Field(description="The open request that locks the draft")
    document: dict[str, Any]
    warnings: list[NoticeAnswer]


class RequestAnswer(Answer):
    """A request for publication."""

    request: str
    record: str
    uid: str
    realm: str
    format: str
    country: str | None
    title: dict[str, str]
    state: str
    author: str
    opened_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class RevisionAnswer(Answer):
    """One revision among the others: why it was made, and why it ended."""

    identifier: str
    revision: int
    status: str
    published_at: datetime
    reason: dict[str, str] | None
    ended_at: datetime | None
    end_reason: dict[str, str] | None


class ReferrerAnswer(Answer):
    """A current record that refers to this one."""

    identifier: str
    format: str
    title: dict[str, str]


class RecordSummary(Answer):
    """A record as lists show it."""

    identifier: str
    uid: str
    number: int
    revision: int
    realm: str
    format: str
    country: str | None
    status: str
    title: dict[str, str]
    published_at: datetime
    link: str


class RecordAnswer(RecordSummary):
    """A revision of a record, whole, with a plain statement of what it is."""

    statement: str
    languages: list[str]
    reason: dict[str, str] | None
    current: str = Field(description="The identifier of the newest revision")
    revisions: list[RevisionAnswer]
    referred_by: list[ReferrerAnswer]
    content: dict[str, Any]


class PublicationAnswer(Answer):
    """What a publication made: the record as it is now, and how many recipients were owed a transmission."""

    record: RecordAnswer
    transmissions: int
    notices: list[NoticeAnswer]


class RoleAnswer(Answer):
    """Why a recipient receives a transmission."""

    role: str
    provision: str = Field(description="The provision of the law that names the recipient")
    country: str | None
    name: str


class ServerAnswer(Answer):
    """What the mail server said about one address."""

    address: str
    code: int | None
    text: str
    accepted: bool


class AttemptAnswer(Answer):
    """One hand-over to a mail server."""

    number: int
    state: str
    server: str
    started_at: datetime
    ended_at: datetime | None
    message_id: str
    answers: list[ServerAnswer]


class TransmissionAnswer(Answer):
    """A transmission. Addresses and server's answers are there only for those who may see them."""

    transmission: str
    kind: str
    identifier: str
    roles: list[RoleAnswer]
    language: str
    state: str
    owed_at: datetime
    settled_at: datetime | None
    emails: list[str] | None = None
    attempts: list[AttemptAnswer] | None = None


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
    """The caller, as the registry knows him."""

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


class EventsAnswer(BaseModel):
    """A part of the ledger. ``next`` is the position to ask for next; ``generation`` names the ledger."""

    generation: str
    events: list[Envelope]
    next: int
