"""Inbox rows in MongoDB, collection ``notices``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pymongo import UpdateOne

from clearinghouse_runtime.mongo import Database, ensure_collection
from notifier.domain.notices import Notice, RequestCondition

NOTICES = "notices"


class MongoNotices:
    """See ``notifier.application.ports.Notices``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._collection = database[NOTICES]

    async def prepare(self) -> None:
        """Make the collection and its indexes (idempotent)."""
        collection = await ensure_collection(self._database, NOTICES)
        await collection.create_index([("person", 1), ("at", -1), ("_id", 1)], name="of_person")
        await collection.create_index([("request", 1), ("seq", 1)], name="of_request")

    async def tell(
        self, rows: Sequence[Notice], *, request: str, request_state: RequestCondition, seq: int
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
            {"request": request, "seq": {"$lt": seq}}, {"$set": {"requestState": request_state, "seq": seq}}
        )

    async def of_person(self, person: str, *, unread_only: bool, limit: int) -> list[Notice]:
        """By the index; equal times in the order of their identifiers."""
        which = {"person": person} | ({"read": False} if unread_only else {})
        found = self._collection.find(which, sort=[("at", -1), ("_id", 1)], limit=limit)
        return [_notice(document) async for document in found]

    async def mark_read(self, person: str, notice: str) -> bool:
        """Only a row of the person's own."""
        result = await self._collection.update_one(
            {"_id": notice, "person": person}, {"$set": {"read": True}}
        )
        return bool(result.matched_count)


def _document(row: Notice, seq: int) -> dict[str, Any]:
    return {
        "person": row.person,
        "kind": row.kind,
        "request": row.request,
        "record": row.record,
        "realm": row.realm,
        "format": row.format,
        "country": row.country,
        "title": row.title,
        "role": row.role,
        "at": row.at,
        "read": row.read,
        "requestState": row.request_state,
        "seq": seq,
    }


def _notice(found: dict[str, Any]) -> Notice:
    return Notice(
        id=found["_id"],
        person=found["person"],
        kind=found["kind"],
        request=found["request"],
        record=found["record"],
        realm=found["realm"],
        format=found["format"],
        country=found["country"],
        title=found["title"],
        role=found["role"],
        at=found["at"],
        read=found["read"],
        request_state=found["requestState"],
    )
