"""Inbox rows in MongoDB, collection ``notifications``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from clearinghouse_messages.events import RequestStatus
from clearinghouse_runtime.idempotency import IdempotencyRecords
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mongo import (
    Client,
    Collection,
    Database,
    Session,
    UpdateOne,
    ensure_collection,
    transact,
)
from clearinghouse_runtime.transactions import MongoTransaction
from notifier.application.ports import InboxTransaction
from notifier.domain.notifications import Notification

T = TypeVar("T")

NOTIFICATIONS = "notifications"


class MongoNotifications:
    """See ``notifier.application.ports.Notifications``."""

    def __init__(
        self, client: Client, database: Database, ledger: Ledger, idempotency: IdempotencyRecords
    ) -> None:
        self._client = client
        self._database = database
        self._collection = database[NOTIFICATIONS]
        self._ledger = ledger
        self._idempotency = idempotency

    async def prepare(self) -> None:
        """Make the collection and its indexes (idempotent)."""
        collection = await ensure_collection(self._database, NOTIFICATIONS)
        await collection.create_index([("person", 1), ("at", -1), ("_id", 1)], name="of_person")
        await collection.create_index([("request", 1), ("seq", 1)], name="of_request")

    async def add(
        self, rows: Sequence[Notification], *, request: str, request_status: RequestStatus, seq: int
    ) -> None:
        """Two idempotent writes; if the second is missing, the event is applied again and makes it."""
        if rows:
            await self._collection.bulk_write(
                [
                    UpdateOne({"_id": row.id}, {"$setOnInsert": _document(row, seq)}, upsert=True)
                    for row in rows
                ],
                ordered=False,
            )
        await self._collection.update_many(
            {"request": request, "seq": {"$lt": seq}},
            {"$set": {"request_status": request_status, "seq": seq}},
        )

    async def of_person(self, person: str, *, unread_only: bool, limit: int) -> list[Notification]:
        """By the index; equal times in the order of their identifiers."""
        which = {"person": person} | ({"read": False} if unread_only else {})
        found = self._collection.find(which, sort=[("at", -1), ("_id", 1)], limit=limit)
        return [_notification(document) async for document in found]

    async def transact(self, body: Callable[[InboxTransaction], Awaitable[T]]) -> T:
        """A transaction of the engine; it may run ``body`` again after a conflict."""

        async def within(session: Session) -> T:
            return await body(
                _MongoInboxTransaction(self._collection, session, self._ledger, self._idempotency)
            )

        return await transact(self._client, within)


class _MongoInboxTransaction(MongoTransaction):
    """See ``notifier.application.ports.InboxTransaction``."""

    def __init__(
        self, collection: Collection, session: Session, ledger: Ledger, idempotency: IdempotencyRecords
    ) -> None:
        super().__init__(session, ledger, idempotency)
        self._collection = collection

    async def mark_read(self, person: str, notification: str) -> bool:
        """Only a row of the person's own."""
        result = await self._collection.update_one(
            {"_id": notification, "person": person}, {"$set": {"read": True}}, session=self.session
        )
        return bool(result.matched_count)


def _document(row: Notification, seq: int) -> dict[str, Any]:
    return {
        "person": row.person,
        "type": row.type,
        "request": row.request,
        "record": row.record,
        "realm": row.realm,
        "format": row.format,
        "country": row.country,
        "title": row.title,
        "role": row.role,
        "at": row.at,
        "read": row.read,
        "request_status": row.request_status,
        "seq": seq,
    }


def _notification(found: dict[str, Any]) -> Notification:
    return Notification(
        id=found["_id"],
        person=found["person"],
        type=found["type"],
        request=found["request"],
        record=found["record"],
        realm=found["realm"],
        format=found["format"],
        country=found["country"],
        title=found["title"],
        role=found["role"],
        at=found["at"],
        read=found["read"],
        request_status=found["request_status"],
    )
