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

from clearinghouse_runtime.ledger import RELAY, Ledger, PositionedEntry
from clearinghouse_runtime.mongo import ReturnDocument, Session, UpdateOne, database_of, transact

UNPOSITIONED: dict[str, Any] = {"urgency": {"$exists": True}}


class LeadershipLost(Exception):
    """Another relay leads by now: nothing was written."""


@dataclass(frozen=True)
class PartitionProgress:
    """What is known of one partition: every entry for it up to ``position`` is there, the last at ``offset``.

    ``behind``: its log was found shorter than that; entries after ``position`` are to be shipped again, behind
    ``offset``.
    """

    offset: int
    position: int
    behind: bool = False


@dataclass(frozen=True)
class Progress:
    """How far the relay is: entries up to ``shipped`` are on the broker, each partition as its progress says."""

    shipped: int
    partitions: dict[TopicPartition, PartitionProgress]


@dataclass(frozen=True)
class Leadership:
    """The lead of one relay in one epoch. Everything it does raises LeadershipLost once another leads."""

    ledger: Ledger
    epoch: int

    async def renew(self, lease: timedelta) -> None:
        """Make the lease last again from now on."""
        until = {"$add": ["$$NOW", _milliseconds(lease)]}
        result = await self.ledger.relay_state.update_one(self._mine(), [{"$set": {"lease_until": until}}])
        if not result.matched_count:
            raise LeadershipLost

    async def release(self) -> None:
        """Let another relay lead at once; nothing if one does already."""
        await self.ledger.relay_state.update_one(self._mine(), {"$set": {"lease_until": None}})

    async def assign_positions(self, limit: int) -> int:
        """Give positions to about so many entries, the most urgent and oldest first; returns to how many."""
        if await self.ledger.entries.find_one(UNPOSITIONED, {"_id": 1}) is None:
            return 0
        return await transact(
            database_of(self.ledger.relay_state).client,
            lambda session: self._assign_positions(session, limit),
        )

    async def _assign_positions(self, session: Session, limit: int) -> int:
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
        taken = await self.ledger.relay_state.find_one_and_update(
            self._mine(), {"$inc": {"position": len(ordered)}}, session=session
        )
        if taken is None:
            raise LeadershipLost
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
        """What is known to be shipped."""
        document = await self.ledger.relay_state.find_one(self._mine())
        if document is None:
            raise LeadershipLost
        partitions = {
            TopicPartition(known["topic"], known["partition"]): PartitionProgress(
                offset=known["offset"], position=known["position"], behind=known["behind"]
            )
            for known in document["partitions"]
        }
        return Progress(shipped=document["shipped"], partitions=partitions)

    async def save_progress(self, progress: Progress) -> None:
        """Store what is shipped."""
        partitions = [
            {
                "topic": partition.topic,
                "partition": partition.partition,
                "offset": known.offset,
                "position": known.position,
                "behind": known.behind,
            }
            for partition, known in progress.partitions.items()
        ]
        change = {"$set": {"shipped": progress.shipped, "partitions": partitions}}
        result = await self.ledger.relay_state.update_one(self._mine(), change)
        if not result.matched_count:
            raise LeadershipLost

    async def restated(self, shipped: int, limit: int) -> list[tuple[PositionedEntry, int]]:
        """Shipped entries that are to be shipped once more, each with how often that was asked for."""
        which = {"restated": {"$exists": True}, "position": {"$lte": shipped}}
        counts = {
            found["_id"]: found["restated"]
            async for found in self.ledger.entries.find(which, {"restated": 1}, limit=limit)
        }
        if not counts:
            return []
        again = self.ledger.positioned({"_id": {"$in": list(counts)}}, limit)
        return [(positioned, counts[positioned.envelope.id]) async for positioned in again]

    async def clear_restated(self, restated: Iterable[tuple[PositionedEntry, int]]) -> None:
        """Forget that entries were to be shipped again, unless it was asked for once more meanwhile."""
        await self.ledger.entries.bulk_write(
            [
                UpdateOne({"_id": positioned.envelope.id, "restated": count}, {"$unset": {"restated": 1}})
                for positioned, count in restated
            ],
            ordered=False,
        )

    def _mine(self) -> dict[str, Any]:
        return {"_id": RELAY, "epoch": self.epoch}


async def take_leadership(ledger: Ledger, leader: str, lease: timedelta) -> Leadership | None:
    """Begin a new epoch if nobody leads now (or ``leader`` itself does); None while another's lease lasts."""
    free = {"$or": [{"$eq": ["$leader", leader]}, {"$lte": ["$lease_until", "$$NOW"]}]}
    document = await ledger.relay_state.find_one_and_update(
        {"_id": RELAY, "$expr": free},
        [
            {
                "$set": {
                    "leader": leader,
                    "epoch": {"$add": ["$epoch", 1]},
                    "lease_until": {"$add": ["$$NOW", _milliseconds(lease)]},
                }
            }
        ],
        return_document=ReturnDocument.AFTER,
    )
    return None if document is None else Leadership(ledger, document["epoch"])


def in_order(waiting: Sequence[Mapping[str, Any]], earlier: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the waiting entries, each behind every entry of the same stream and record with a lower seq.

    ``earlier`` are such predecessors that are not among ``waiting``.
    """
    queues: dict[tuple[str, str], deque[Mapping[str, Any]]] = defaultdict(deque)
    for entry in sorted([*waiting, *earlier], key=lambda entry: int(entry["seq"])):
        queues[_sequence_of(entry)].append(entry)
    ordered: list[str] = []
    for entry in waiting:
        queue = queues[_sequence_of(entry)]
        while queue and queue[0]["seq"] <= entry["seq"]:
            ordered.append(queue.popleft()["_id"])
    return ordered


def _before(waiting: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Filters for entries of the same streams and records with a lower seq than the highest one waiting."""
    highest: dict[tuple[str, str], int] = {}
    for entry in waiting:
        highest[_sequence_of(entry)] = max(highest.get(_sequence_of(entry), 0), entry["seq"])
    return [
        {"stream": stream, "record": record, "seq": {"$lt": seq}} for (stream, record), seq in highest.items()
    ]


def _sequence_of(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry["stream"], entry["record"]


def _milliseconds(duration: timedelta) -> int:
    return int(duration / timedelta(milliseconds=1))
