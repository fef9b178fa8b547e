"""The queue in one collection that ``work`` takes leased items from.

An item is *waiting*, in work under a lease (*working*), *done*, or *dead* (it cannot be done; kept, listed,
replayable). Leases use the database's clock, so that workers on hosts with different clocks agree. ``due`` is
there only while an item is open: the time from which it may be claimed, which for an item in work is the end
of its lease.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from clearinghouse_messages.envelope import LANES, Lane
from clearinghouse_runtime.lease import Lease, LeaseLost
from clearinghouse_runtime.mongo import (
    Collection,
    ReturnDocument,
    Session,
    UpdateOne,
    database_of,
    database_time,
)

UpdatePipeline = list[Mapping[str, Any]]


@dataclass(frozen=True)
class NewItem:
    """Work to be added. In an ordered queue lower orders go first within a key."""

    id: str
    lane: Lane
    payload: dict[str, Any]
    key: str | None = None
    order: int = 0


@dataclass(frozen=True)
class Item:
    """Work under a lease. ``attempts`` counts the claims, this one included; ``token`` names the lease."""

    id: str
    key: str | None
    order: int
    lane: Lane
    attempts: int
    token: str
    payload: dict[str, Any]
    queued_at: datetime

    @property
    def lease(self) -> Lease:
        """The lease that it is held under."""
        return Lease(self.id, self.token)


@dataclass(frozen=True)
class OpenWork:
    """The items of one lane that wait or are in work, and since when the oldest of them does."""

    lane: Lane
    count: int
    oldest: datetime


@dataclass(frozen=True)
class DeadItem:
    """A dead letter: work that cannot be done, with the reason (never with values from its payload)."""

    id: str
    key: str | None
    lane: Lane
    attempts: int
    error: str
    payload: dict[str, Any]
    queued_at: datetime
    dead_since: datetime


class WorkQueue:
    """A queue in one collection.

    ``ordered``: an item is claimable only when no unfinished (waiting, working or dead) item of the same key
    has a lower order, so that a dead one holds back its own key and nothing else.
    """

    def __init__(
        self, collection: Collection, *, lease: timedelta = timedelta(seconds=30), ordered: bool = False
    ) -> None:
        self.collection = collection
        self.lease = lease
        self.ordered = ordered

    async def prepare(self) -> None:
        """Make the indexes (idempotent)."""
        await self.collection.create_index(
            [("lane", 1), ("due", 1)], name="due", partialFilterExpression={"due": {"$exists": True}}
        )
        await self.collection.create_index([("key", 1), ("order", 1), ("status", 1)], name="order_within_key")
        await self.collection.create_index([("status", 1), ("dead_since", 1)], name="status")

    async def add(self, items: Sequence[NewItem], session: Session | None = None) -> int:
        """Add work; items whose id is known are ignored. Returns how many were new."""
        if not items:
            return 0
        now = await database_time(database_of(self.collection))
        # Upserts, not inserts: a duplicate key would abort the caller's transaction.
        result = await self.collection.bulk_write(
            [
                UpdateOne({"_id": item.id}, {"$setOnInsert": _document(item, now)}, upsert=True)
                for item in items
            ],
            ordered=False,
            session=session,
        )
        return int(result.upserted_count)

    async def reopen(self, ids: Sequence[str]) -> None:
        """Let done items be worked once more; waiting, working and dead ones stay as they are."""
        if ids:
            await self.collection.update_many(
                {"_id": {"$in": list(ids)}, "status": "done"},
                [{"$set": {"status": "waiting", "due": "$$NOW", "attempts": 0}}],
            )

    async def claim(self, lanes: Sequence[Lane]) -> Item | None:
        """Take a due item under a lease, from the first of the lanes that has one; None when there is none.

        An item whose lease has run out is due again.
        """
        for lane in lanes:
            found = await (self._claim_in_order(lane) if self.ordered else self._take({"lane": lane}))
            if found is not None:
                return found
        return None

    async def _claim_in_order(self, lane: Lane) -> Item | None:
        blocked: list[str] = []
        while True:
            due = {"lane": lane, "key": {"$nin": blocked}, **_DUE}
            candidate = await self.collection.find_one(due, {"key": 1}, sort=[("due", 1)])
            if candidate is None:
                return None
            key = candidate["key"]
            if key is None:
                taken = await self._take({"_id": candidate["_id"]})
                if taken is not None:
                    return taken
                continue
            unfinished = {"key": key, "status": {"$ne": "done"}}
            head = await self.collection.find_one(unfinished, {"_id": 1}, sort=[("order", 1), ("_id", 1)])
            taken = await self._take({"_id": head["_id"], "lane": lane}) if head is not None else None
            if taken is not None:
                return taken
            blocked.append(key)

    async def _take(self, which: dict[str, Any]) -> Item | None:
        taken = await self.collection.find_one_and_update(
            {**which, **_DUE},
            [
                {
                    "$set": {
                        "status": "working",
                        "due": {"$add": ["$$NOW", _milliseconds(self.lease)]},
                        "token": uuid4().hex,
                        "attempts": {"$add": ["$attempts", 1]},
                    }
                }
            ],
            sort=[("due", 1)],
            return_document=ReturnDocument.AFTER,
        )
        return None if taken is None else _item(taken)

    async def renew(self, item: Item | Lease, session: Session | None = None) -> bool:
        """Make the lease last again from now on; False when it is lost.

        In a transaction this also guards its other writes: it conflicts with a worker that takes over.
        """
        longer: UpdatePipeline = [{"$set": {"due": {"$add": ["$$NOW", _milliseconds(self.lease)]}}}]
        result = await self.collection.update_one(_held(item), longer, session=session)
        return bool(result.matched_count)

    async def finish(self, item: Item | Lease, session: Session | None = None) -> None:
        """The item is done; finishing it twice under one lease is the same as once.

        Raises LeaseLost.
        """
        done: UpdatePipeline = [
            {"$set": {"status": "done", "finished_at": "$$NOW"}},
            {"$unset": ["due", "error"]},
        ]
        result = await self.collection.update_one(_held(item), done, session=session)
        if not result.matched_count:
            finished = {"_id": item.id, "token": item.token, "status": "done"}
            if await self.collection.find_one(finished, {"_id": 1}, session=session) is None:
                raise LeaseLost(item.id)

    async def retry(self, item: Item, delay: timedelta, error: str) -> None:
        """Give the item back, due after ``delay``.

        Raises LeaseLost.
        """
        due = {"$add": ["$$NOW", _milliseconds(delay)]}
        await self._release(item, [{"$set": {"status": "waiting", "due": due, "error": error}}])

    async def mark_dead(self, item: Item, error: str) -> None:
        """Make the item a dead letter: kept, listed, replayable.

        Raises LeaseLost.
        """
        dead = {"$set": {"status": "dead", "error": error, "dead_since": "$$NOW"}}
        await self._release(item, [dead, {"$unset": ["due"]}])

    async def _release(self, item: Item, change: UpdatePipeline) -> None:
        result = await self.collection.update_one(_held(item), change)
        if not result.matched_count:
            raise LeaseLost(item.id)

    async def dead(self) -> list[DeadItem]:
        """The dead letters, oldest first."""
        return [
            DeadItem(
                id=found["_id"],
                key=found["key"],
                lane=found["lane"],
                attempts=found["attempts"],
                error=found["error"],
                payload=found["payload"],
                queued_at=found["queued_at"],
                dead_since=found["dead_since"],
            )
            async for found in self.collection.find({"status": "dead"}, sort=[("dead_since", 1)])
        ]

    async def replay(self, item_id: str) -> bool:
        """Let a dead letter be worked once more; False when there is no dead letter of that id."""
        again = {"$set": {"status": "waiting", "due": "$$NOW", "attempts": 0}}
        change: UpdatePipeline = [again, {"$unset": ["error", "dead_since"]}]
        result = await self.collection.update_one({"_id": item_id, "status": "dead"}, change)
        return bool(result.modified_count)

    async def dead_count(self) -> int:
        """How many dead letters there are."""
        return await self.collection.count_documents({"status": "dead"})

    async def open_work(self) -> list[OpenWork]:
        """What waits or is in work, by lane; read by the index of what is due."""
        open_by_lane: UpdatePipeline = [
            {"$match": {"lane": {"$in": list(LANES)}, "due": {"$exists": True}}},
            {"$group": {"_id": "$lane", "count": {"$sum": 1}, "oldest": {"$min": "$queued_at"}}},
        ]
        return [
            OpenWork(row["_id"], row["count"], row["oldest"])
            async for row in self.collection.aggregate(open_by_lane)
        ]


_DUE: dict[str, Any] = {"due": {"$exists": True}, "$expr": {"$lte": ["$due", "$$NOW"]}}


def _held(item: Item | Lease) -> dict[str, Any]:
    return {"_id": item.id, "token": item.token, "status": "working"}


def _milliseconds(duration: timedelta) -> int:
    return int(duration / timedelta(milliseconds=1))


def _document(item: NewItem, now: datetime) -> dict[str, Any]:
    return {
        "key": item.key,
        "order": item.order,
        "lane": item.lane,
        "status": "waiting",
        "due": now,
        "attempts": 0,
        "payload": item.payload,
        "queued_at": now,
    }


def _item(found: dict[str, Any]) -> Item:
    return Item(
        id=found["_id"],
        key=found["key"],
        order=found["order"],
        lane=found["lane"],
        attempts=found["attempts"],
        token=found["token"],
        payload=found["payload"],
        queued_at=found["queued_at"],
    )
