"""The HTTP interface of the registry and of the notifier: one function a call.

Reading calls return what they ask for, commands a receipt. Each raises RefusedError with every fault when the
server refuses, SignInError when it does not know the caller, UnreachableError when there is no answer.
"""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from clearinghouse_client.connection import Connection
from clearinghouse_client.errors import UnreachableError
from clearinghouse_client.models import FormatSchema
from clearinghouse_messages.answers import (
    AboutAnswer,
    DraftAnswer,
    DraftsAnswer,
    EventsAnswer,
    InboxAnswer,
    MeAnswer,
    NotificationAnswer,
    Receipt,
    RecordAnswer,
    RecordsAnswer,
    RecordSummary,
    RequestAnswer,
    RequestsAnswer,
    TransmissionAnswer,
    TransmissionsAnswer,
)
from clearinghouse_messages.documents import Document

M = TypeVar("M", bound=BaseModel)


def _read(model: type[M], document: Any) -> M:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False))
        raise UnreachableError(
            f"This client does not understand the server's answer ({model.__name__}: {where or 'all of it'}).",
            "Check the address (--registry), and whether client and server are of the same version.",
        ) from None


class Registry:
    """The system of record.

    ``etag`` names the version of the draft that is meant, as it was answered last; the server refuses a command
    on another version (412) or on none (428).
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def under_key(self, key: str) -> Registry:
        """The same registry; a command sent to it again under this Idempotency-Key acts once."""
        return Registry(self.connection.under_key(key))

    async def about(self) -> AboutAnswer:
        """Which environment this is, its issuer and its ledger's generation."""
        return _read(AboutAnswer, await self.connection.read("/v1/about"))

    async def me(self) -> MeAnswer:
        """The signed-in person and the designations that they hold."""
        return _read(MeAnswer, await self.connection.read("/v1/me"))

    async def schema(self, name: str) -> FormatSchema:
        """The JSON Schema of a common format."""
        return _read(FormatSchema, await self.connection.read(f"/v1/formats/{quote(name)}/schema"))

    async def create_draft(self, realm: str, document: Document) -> Receipt:
        """Draft a record, or the next revision of one; refused with 409 when a draft of it exists."""
        return await self._command("POST", f"/v1/{realm}/drafts", document)

    async def drafts(self, realm: str) -> list[DraftAnswer]:
        """The drafts that the caller may see."""
        return _read(DraftsAnswer, await self.connection.read(f"/v1/{realm}/drafts")).items

    async def draft(self, realm: str, uid: str) -> DraftAnswer:
        """The draft of a record."""
        return _read(DraftAnswer, await self.connection.read(_draft(realm, uid)))

    async def replace_draft(self, realm: str, uid: str, document: Document, etag: str | None) -> Receipt:
        """Put another document in the draft's place."""
        return await self._command("PUT", _draft(realm, uid), document, etag)

    async def request_publication(self, realm: str, uid: str, etag: str | None) -> Receipt:
        """Ask the publishing authority to publish the draft, which is locked from then on."""
        return await self._command("POST", f"{_draft(realm, uid)}/requests", None, etag)

    async def publish(self, realm: str, uid: str, etag: str | None) -> Receipt:
        """Publish the draft at once (publishing authorities)."""
        return await self._command("POST", f"{_draft(realm, uid)}/publication", None, etag)

    async def requests(self, realm: str, status: str = "open") -> list[RequestAnswer]:
        """The requests that the caller may see."""
        return _read(RequestsAnswer, await self.connection.read(f"/v1/{realm}/requests", status=status)).items

    async def request(self, realm: str, request: str) -> RequestAnswer:
        """One request, with the actions that the caller has on it."""
        return _read(RequestAnswer, await self.connection.read(_request(realm, request)))

    async def approve(self, realm: str, request: str) -> Receipt:
        """Approve a request: the record is published."""
        return await self._command("POST", f"{_request(realm, request)}/approval")

    async def reject(self, realm: str, request: str, reason: str) -> Receipt:
        """Decline a request, with the reason for its author."""
        return await self._command("POST", f"{_request(realm, request)}/rejection", {"reason": reason})

    async def recall(self, realm: str, request: str) -> Receipt:
        """Take one's own request back."""
        return await self._command("POST", f"{_request(realm, request)}/recall")

    async def record(self, identifier: str) -> RecordAnswer:
        """A published record, by any of its identifiers, in any letter case."""
        return _read(RecordAnswer, await self.connection.read(f"/v1/records/{quote(identifier, safe='@')}"))

    async def records(self, name: str, country: str, *, realm: str | None = None) -> list[RecordSummary]:
        """Every current record of a format and a country, in one realm or in all."""
        found: list[RecordSummary] = []
        cursor: str | None = None
        while True:
            document = await self.connection.read(
                "/v1/records", realm=realm, format=name, country=country, status="current", cursor=cursor
            )
            page = _read(RecordsAnswer, document)
            found.extend(page.items)
            cursor = page.next
            if cursor is None:
                return found

    async def transmissions(self, identifier: str) -> list[TransmissionAnswer]:
        """Who was owed the record, why, and what became of it."""
        path = f"/v1/records/{quote(identifier, safe='@')}/transmissions"
        return _read(TransmissionsAnswer, await self.connection.read(path)).items

    async def events(self, after: int, *, realm: str | None = None, wait: int = 0) -> EventsAnswer:
        """Events of the ledger behind a position; waiting for one up to ``wait`` seconds (≤ 25)."""
        document = await self.connection.read(
            "/v1/events", server_wait=wait, after=after, realm=realm, wait=wait or None
        )
        return _read(EventsAnswer, document)

    async def resolve(self, identifier: str) -> RecordAnswer:
        """What a printed link leads to (``{public address}/{identifier}``)."""
        return _read(RecordAnswer, await self.connection.read(f"/{quote(identifier, safe='@')}"))

    async def _command(
        self, method: str, path: str, body: Document | None = None, etag: str | None = None
    ) -> Receipt:
        return _read(Receipt, await self.connection.command(method, path, body, etag))


class Notifier:
    """A person's inbox."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def inbox(self, status: str = "unread") -> list[NotificationAnswer]:
        """The notifications of the signed-in person; ``status`` is unread or all."""
        return _read(InboxAnswer, await self.connection.read("/v1/inbox", status=status)).items

    async def mark_read(self, notification: str) -> Receipt:
        """Say that a row of the inbox has been read."""
        path = f"/v1/inbox/{quote(notification, safe='')}/read"
        return _read(Receipt, await self.connection.command("POST", path))


def _draft(realm: str, uid: str) -> str:
    return f"/v1/{realm}/drafts/{quote(uid, safe='')}"


def _request(realm: str, request: str) -> str:
    return f"/v1/{realm}/requests/{quote(request, safe='')}"
