"""Who leads the relay of a ledger, and what only the leader may write.

The lead is a lease in the ledger's relay document, by the database's clock; each take-over begins a new epoch,
and every write of a leader names its own. A leader that was paused and comes back is refused here.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiokafka import TopicPartition
from pymongo import ReturnDocument, UpdateOne

from clearinghouse_runtime.ledger import RELAY, Ledger, Placed
from clearinghouse_runtime.mongo import Session, database_of, transact

UNPOSITIONED: dict[str, Any] = {"urgency": {"$exists": True}}


class Deposed(Exception):
    """Another relay leads by now: nothing was written."""


@dataclass(frozen=True)
class Mark:
    """What is known of one partition: every entry for it up to ``position`` is there, the last at ``offset``.

    ``behind``: its log was found shorter than that; entries after ``position`` are to be shipped again, behind
    ``offset``.
    """

    offset: int
    position: int
    behind: bool = False


@dataclass(frozen=True)
class Progress:
    """How far the relay is: entries up to ``shipped`` are on the broker, each partition as its mark says."""

    shipped: int
    marks: dict[TopicPartition, Mark]


@dataclass(frozen=True)
class Term:
    """The lead of one relay in one epoch. Everything it does raises Deposed once another leads."""

    ledger: Ledger
    epoch: int

    async def renew(self, lease: timedelta) -> None:
        """Make the lease last again from now on."""
        until = {"$add": ["$$NOW", _milliseconds(lease)]}
        result = await self.ledger.relay.update_one(self._mine(), [{"$set": {"leaseUntil": until}}])
        if not result.matched_count:
            raise Deposed

    async def release(self) -> None:
        """Let another relay lead at once; nothing if one does already."""
        await self.ledger.relay.update_one(self._mine(), {"$set": {"leaseUntil": None}})

    async def place(self, limit: int) -> int:
        """Give positions to about so many entries, the most urgent and oldest first; returns to how many."""
        if await self.ledger.entries.find_one(UNPOSITIONED, {"_id": 1}) is None:
            return 0
        return await transact(
            database_of(self.ledger.relay).client, lambda session: self._place(session, limit)
        )

    async def _place(self, session: Session, limit: int) -> int:
        fields = {"stream": 1, "record": 1, "seq": 1}
        urgent = [("urgency", 1), ("time", 1), ("index", 1)]
        entries = self.ledger.entries
        found = entries.find(UNPOSITIONED, fields, sort=urgent, limit=limit, session=session)
        waiting = [document async for document in found]
        if not waiting:
            return 0
        known = {"$nin": [document["_id"] for document in waiting]}
        missing = {**UNPOSITIONED, "_id": known, "$or": _before(waiting)}
        earlier = entries.find(missing, fields, session=session)
        ordered = in_order(waiting, [document async for document in earlier])
        taken = await self.ledger.relay.find_one_and_update(
            self._mine(), {"$inc": {"position": len(ordered)}}, session=session
        )
        if taken is None:
            raise Deposed
        await entries.bulk_write(
            [
                UpdateOne(
                    {"_id": entry_id}, {"$set": {"position": position}, "$unset": {"urgency": 1, "index": 1}}
                )
                for position, entry_id in enumerate(ordered, taken["position"] + 1)
            ],
            ordered=False,
            session=session,
        )
        return len(ordered)

    async def progress(self) -> Progress:
        """What was marked as shipped."""
        document = await self.ledger.relay.find_one(self._mine())
        if document is None:
            raise Deposed
        marks = {
            TopicPartition(mark["topic"], mark["partition"]): Mark(
                offset=mark["offset"], position=mark["position"], behind=mark["behind"]
            )
            for mark in document["partitions"]
        }
        return Progress(shipped=document["shipped"], marks=marks)

    async def mark(self, progress: Progress) -> None:
        """Store what is shipped."""
        partitions = [
            {
                "topic": place.topic,
                "partition": place.partition,
                "offset": mark.offset,
                "position": mark.position,
                "behind": mark.behind,
            }
            for place, mark in progress.marks.items()
        ]
        change = {"$set": {"shipped": progress.shipped, "partitions": partitions}}
        result = await self.ledger.relay.update_one(self._mine(), change)
        if not result.matched_count:
            raise Deposed

    async def restated(self, shipped: int, limit: int) -> list[tuple[Placed, int]]:
        """Shipped entries that are to be shipped once more, each with how often that was asked for."""
        which = {"restated": {"$exists": True}, "position": {"$lte": shipped}}
        counts = {
            found["_id"]: found["restated"]
            async for found in self.ledger.entries.find(which, {"restated": 1}, limit=limit)
        }
        if not counts:
            return []
        again = self.ledger.placed({"_id": {"$in": list(counts)}}, limit)
        return [(placed, counts[placed.envelope.id]) async for placed in again]

    async def settle(self, restated: Iterable[tuple[Placed, int]]) -> None:
        """Forget that entries were to be shipped again, unless it was asked for once more meanwhile."""
        await self.ledger.entries.bulk_write(
            [
                UpdateOne({"_id": placed.envelope.id, "restated": count}, {"$unset": {"restated": 1}})
                for placed, count in restated
            ],
            ordered=False,
        )

    def _mine(self) -> dict[str, Any]:
        return {"_id": RELAY, "epoch": self.epoch}


async def take_lead(ledger: Ledger, leader: str, lease: timedelta) -> Term | None:
    """Begin a new epoch if nobody leads now (or ``leader`` itself does); None while another's lease lasts."""
    free = {"$or": [{"$eq": ["$leader", leader]}, {"$lte": ["$leaseUntil", "$$NOW"]}]}
    document = await ledger.relay.find_one_and_update(
        {"_id": RELAY, "$expr": free},
        [
            {
                "$set": {
                    "leader": leader,
                    "epoch": {"$add": ["$epoch", 1]},
                    "leaseUntil": {"$add": ["$$NOW", _milliseconds(lease)]},
                }
            }
        ],
        return_document=ReturnDocument.AFTER,
    )
    return None if document is None else Term(ledger, document["epoch"])


def in_order(waiting: Sequence[Mapping[str, Any]], earlier: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the waiting entries, each behind every entry of the same stream and record with a lower seq.

    ``earlier`` are such predecessors that are not among ``waiting``.
    """
    queues: dict[tuple[str, str], deque[Mapping[str, Any]]] = defaultdict(deque)
    for entry in sorted([*waiting, *earlier], key=lambda entry: int(entry["seq"])):
        queues[_home(entry)].append(entry)
    ordered: list[str] = []
    for entry in waiting:
        queue = queues[_home(entry)]
        while queue and queue[0]["seq"] <= entry["seq"]:
            ordered.append(queue.popleft()["_id"])
    return ordered


def _before(waiting: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Filters for entries of the same streams and records with a lower seq than the highest one waiting."""
    highest: dict[tuple[str, str], int] = {}
    for entry in waiting:
        highest[_home(entry)] = max(highest.get(_home(entry), 0), entry["seq"])
    return [
        {"stream": stream, "record": record, "seq": {"$lt": seq}} for (stream, record), seq in highest.items()
    ]


def _home(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry["stream"], entry["record"]


def _milliseconds(duration: timedelta) -> int:
    return int(duration / timedelta(milliseconds=1))
