"""The HTTP interface of the registry and of the notifier: one function a call.

Each raises RefusedError with every fault when the server refuses, SignInError when it does not know the
caller, UnreachableError when there is no answer.
"""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from clearinghouse_client.connection import Connection
from clearinghouse_client.errors import UnreachableError
from clearinghouse_client.models import (
    About,
    Document,
    Draft,
    EventPage,
    FormatSchema,
    InboxRow,
    Publication,
    Record,
    RecordPage,
    Request,
    Transmission,
)

M = TypeVar("M", bound=BaseModel)


def _read(model: type[M], document: Any) -> M:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False))
        raise UnreachableError(
            f"The answer is not one of this version of the interface ({model.__name__}: {where}).",
            "Check the address (--registry) and the version of this client.",
        ) from None


class Registry:
    """The system of record."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def about(self) -> About:
        """Which environment this is, its issuer and its ledger's generation."""
        return _read(About, await self.connection.read("/v1/about"))

    async def me(self) -> Document:
        """The signed-in person and the designations he holds."""
        document: Document = await self.connection.read("/v1/me")
        return document

    async def schema(self, name: str) -> FormatSchema:
        """The JSON Schema of a common format."""
        return _read(FormatSchema, await self.connection.read(f"/v1/formats/{quote(name)}/schema"))

    async def create_draft(self, realm: str, document: Document) -> Draft:
        """Draft a record, or the next revision of one; refused with 409 when a draft of it exists."""
        return _read(Draft, await self.connection.command("POST", f"/v1/{realm}/drafts", document))

    async def draft(self, realm: str, uid: str) -> Draft:
        """The draft of a record."""
        return _read(Draft, await self.connection.read(_draft(realm, uid)))

    async def replace_draft(self, realm: str, uid: str, document: Document, etag: str) -> Draft:
        """Put another document in the draft's place, if ``etag`` still names it (else 412)."""
        return _read(Draft, await self.connection.command("PUT", _draft(realm, uid), document, etag))

    async def request_publication(self, realm: str, uid: str, etag: str) -> Request:
        """Ask the publishing authority to publish the draft, which is locked from then on."""
        return _read(
            Request, await self.connection.command("POST", f"{_draft(realm, uid)}/requests", None, etag)
        )

    async def publish(self, realm: str, uid: str, etag: str) -> Publication:
        """Publish the draft at once (publishing authorities)."""
        return _read(
            Publication,
            await self.connection.command("POST", f"{_draft(realm, uid)}/publication", None, etag),
        )

    async def requests(self, realm: str, state: str = "open") -> list[Request]:
        """The requests that the caller may see."""
        document = await self.connection.read(f"/v1/{realm}/requests", state=state)
        return [_read(Request, item) for item in document["items"]]

    async def approve(self, realm: str, request: str) -> Publication:
        """Approve a request: the record is published."""
        return _read(
            Publication, await self.connection.command("POST", f"{_request(realm, request)}/approval")
        )

    async def reject(self, realm: str, request: str, reason: str) -> Request:
        """Decline a request, with the reason for its author."""
        path = f"{_request(realm, request)}/rejection"
        return _read(Request, await self.connection.command("POST", path, {"reason": reason}))

    async def recall(self, realm: str, request: str) -> Request:
        """Take one's own request back."""
        return _read(Request, await self.connection.command("POST", f"{_request(realm, request)}/recall"))

    async def record(self, identifier: str) -> Record:
        """A published record, by any of its identifiers, in any letter case."""
        return _read(Record, await self.connection.read(f"/v1/records/{quote(identifier, safe='@')}"))

    async def records(self, name: str, country: str, *, realm: str | None = None) -> list[Record]:
        """Every current record of a format and a country, in one realm or in all."""
        found: list[Record] = []
        cursor: str | None = None
        while True:
            document = await self.connection.read(
                "/v1/records", realm=realm, format=name, country=country, status="current", cursor=cursor
            )
            page = _read(RecordPage, document)
            found.extend(page.items)
            cursor = page.next
            if cursor is None:
                return found

    async def transmissions(self, identifier: str) -> list[Transmission]:
        """Who was owed the record, why, and what became of it."""
        path = f"/v1/records/{quote(identifier, safe='@')}/transmissions"
        return [_read(Transmission, item) for item in (await self.connection.read(path))["items"]]

    async def events(self, after: int, *, realm: str | None = None, wait: int = 0) -> EventPage:
        """Events of the ledger behind a position; waiting for one up to ``wait`` seconds (≤ 25)."""
        document = await self.connection.read(
            "/v1/events", patience=wait, after=after, realm=realm, wait=wait or None
        )
        return _read(EventPage, document)

    async def resolve(self, identifier: str) -> Document:
        """What a printed link leads to (``{public address}/{identifier}``), as JSON."""
        document: Document = await self.connection.read(f"/{quote(identifier, safe='@')}")
        return document


class Notifier:
    """Inbox and outcomes."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def inbox(self, state: str = "unread") -> list[InboxRow]:
        """What the signed-in person is told of; ``state`` is unread or all."""
        document = await self.connection.read("/v1/inbox", state=state)
        return [_read(InboxRow, item) for item in document["items"]]

    async def mark_read(self, row: str) -> None:
        """Say that a row of the inbox has been read."""
        await self.connection.command("POST", f"/v1/inbox/{quote(row, safe='')}/read")


def _draft(realm: str, uid: str) -> str:
    return f"/v1/{realm}/drafts/{quote(uid, safe='')}"


def _request(realm: str, request: str) -> str:
    return f"/v1/{realm}/requests/{quote(request, safe='')}"
