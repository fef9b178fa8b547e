"""The answers of the registry and the notifier, as far as the client reads them.

Members that the client does not know are kept, so that ``--json`` prints the whole answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from clearinghouse_messages.envelope import Envelope

Multilingual = dict[str, str]
Document = dict[str, Any]
"""A record in the exchange form."""


class Answer(BaseModel):
    """Base of every answer: camel case on the wire, silent about values that do not fit."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="allow",
        frozen=True,
        hide_input_in_errors=True,
    )


class About(Answer):
    """Which deployment answers (``GET /v1/about``)."""

    environment: str
    realms: list[str]
    issuer: str
    audience: str = ""
    notifier: str | None = None
    generation: str


class Notice(Answer):
    """Something to look at that does not stop a command; ``path`` is a JSON pointer."""

    path: str = ""
    code: str = ""
    message: str = ""


class Draft(Answer):
    """A document in work; ``etag`` changes with each edit, ``locked_by`` names the request that locks it."""

    uid: str
    record: str = ""
    realm: str
    format: str
    country: str | None = None
    author: str = ""
    revises: str | None = None
    etag: str
    locked_by: str | None = None
    document: Document
    warnings: list[Notice] = []


class Request(Answer):
    """A request for publication; ``state`` is open, approved, rejected, recalled, cancelled or timed-out."""

    request: str
    uid: str
    realm: str
    format: str
    country: str | None = None
    title: Multilingual = {}
    state: str
    author: str = ""
    opened_at: datetime | None = None
    expires_at: datetime | None = None
    reason: str | None = None


class Revision(Answer):
    """One published revision; ``status`` is current, superseded, revoked or deleted."""

    identifier: str
    revision: int
    status: str
    published_at: datetime
    reason: Multilingual | None = None


class Referrer(Answer):
    """A record that refers to the one shown."""

    identifier: str
    format: str
    title: Multilingual = {}


class Record(Answer):
    """A published record at the revision that was asked for; ``current`` names the current one."""

    identifier: str
    uid: str
    number: int
    revision: int
    realm: str
    format: str
    country: str | None = None
    status: str
    statement: str = ""
    languages: list[str] = []
    title: Multilingual = {}
    published_at: datetime | None = None
    reason: Multilingual | None = None
    link: str = ""
    current: str = ""
    revisions: list[Revision] = []
    referred_by: list[Referrer] = []
    content: Document = {}


class RecordPage(Answer):
    """Some of the published records, and the cursor to the others."""

    items: list[Record]
    next: str | None = None


class Publication(Answer):
    """What a publication made: the record, and how many transmissions are owed for it."""

    record: Record
    transmissions: int = 0
    notices: list[Notice] = []


class Role(Answer):
    """One reason why a recipient receives a transmission, with the provision of the law that names him."""

    role: str
    provision: str = ""
    country: str | None = None
    name: str = ""


class ServerAnswer(Answer):
    """What the mail server said about one address."""

    address: str = ""
    code: int | None = None
    text: str = ""
    accepted: bool = False


class Attempt(Answer):
    """One hand-over to a mail server."""

    number: int = 0
    state: str = ""
    server: str = ""
    message_id: str = ""
    answers: list[ServerAnswer] = []


class Transmission(Answer):
    """An official transmission to one recipient; addresses and attempts only for those who may see them."""

    transmission: str
    kind: str
    identifier: str
    roles: list[Role]
    language: str = ""
    state: str
    owed_at: datetime | None = None
    settled_at: datetime | None = None
    emails: list[str] | None = None
    attempts: list[Attempt] | None = None


class EventPage(Answer):
    """Events of the ledger in order of position; ``next`` is the position to ask after."""

    generation: str
    events: list[Envelope]
    next: int


class InboxRow(Answer):
    """Something that somebody is told of; ``kind`` is the type of the event behind it."""

    id: str
    kind: str
    request: str | None = None
    realm: str = ""
    title: Multilingual = {}
    role: str = ""
    at: datetime | None = None
    read: bool = False
    request_state: str | None = None


class FormatSchema(Answer):
    """The JSON Schema of a common format, as far as the client asks: which members it has."""

    properties: dict[str, Any] = Field(default_factory=dict)
