"""Deliveries in MongoDB: the evidence in ``deliveries``, the queue in ``sending``, outcomes in the ledger.

Every step is one transaction that also renews or finishes the sender's lease: a sender that lost its lease
writes to the same document as the one that took over, and is refused.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

from clearinghouse_messages.envelope import Lane
from clearinghouse_messages.events import Attempt
from clearinghouse_runtime.clock import Clock
from clearinghouse_runtime.entries import LedgerEntry, Provenance, entry_of
from clearinghouse_runtime.lease import Lease, LeaseLost
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mongo import Client, Database, Session, ensure_collection, transact
from clearinghouse_runtime.work_queue import NewItem, WorkQueue
from notifier.application.ports import Backlog
from notifier.domain.addresses import mailbox_key
from notifier.domain.delivery import (
    Delivery,
    DeliveryStatus,
    Letter,
    RecipientAddress,
    outcome,
    settled,
    status_of,
)

DELIVERIES = "deliveries"
SENDING = "sending"


class MongoDeliveries:
    """See ``notifier.application.ports.Deliveries``."""

    def __init__(
        self, client: Client, database: Database, queue: WorkQueue, ledger: Ledger, *, clock: Clock
    ) -> None:
        self._client = client
        self._database = database
        self._collection = database[DELIVERIES]
        self._queue = queue
        self._ledger = ledger
        self._clock = clock

    async def prepare(self) -> None:
        """Make the collection and its indexes (idempotent)."""
        collection = await ensure_collection(self._database, DELIVERIES)
        await collection.create_index([("status", 1), ("lane", 1), ("owed_at", 1)], name="status")

    async def owe(self, delivery: Delivery) -> bool:
        """One transaction: the delivery and its place in the queue."""
        document = _document(delivery)
        work = NewItem(
            id=delivery.transmission,
            lane=delivery.lane,
            payload={},
            key=mailbox_key(delivery.record, [recipient.email for recipient in delivery.recipients]),
            order=int(delivery.owed_at.timestamp() * 1000),
        )

        async def body(session: Session) -> bool:
            written = await self._collection.update_one(
                {"_id": delivery.transmission}, {"$setOnInsert": document}, upsert=True, session=session
            )
            await self._queue.add([work], session)
            return written.upserted_id is not None

        return await transact(self._client, body)

    async def get(self, transmission: str) -> Delivery | None:
        """The delivery with its evidence."""
        found = await self._collection.find_one({"_id": transmission})
        return None if found is None else _delivery(found)

    async def save(self, delivery: Delivery, lease: Lease, *, report: bool) -> None:
        """One transaction: the evidence, the lease, and with ``report`` the outcome's entry."""
        document = _document(delivery)
        reported = [self._entry(delivery)] if report else []

        async def body(session: Session) -> None:
            if settled(delivery):
                await self._queue.finish(lease, session)
            elif not await self._queue.renew(lease, session):
                raise LeaseLost(lease.id)
            await self._collection.update_one(
                {"_id": delivery.transmission}, {"$set": document}, session=session
            )
            await self._ledger.append(session, reported)

        await transact(self._client, body)

    async def report_again(self, delivery: Delivery) -> None:
        """One more entry of the same evidence."""
        entry = self._entry(delivery)

        async def body(session: Session) -> None:
            await self._ledger.append(session, [entry])

        await transact(self._client, body)

    async def backlog(self) -> Backlog:
        """Counted in the database, by the index."""
        counts: dict[tuple[DeliveryStatus, Lane], int] = {}
        oldest: list[datetime] = []
        pipeline = [
            {
                "$group": {
                    "_id": {"status": "$status", "lane": "$lane"},
                    "count": {"$sum": 1},
                    "oldest": {"$min": "$owed_at"},
                }
            }
        ]
        async for row in self._collection.aggregate(pipeline):
            counts[row["_id"]["status"], row["_id"]["lane"]] = row["count"]
            if row["_id"]["status"] not in ("delivered", "failed"):
                oldest.append(row["oldest"])
        return Backlog(counts, min(oldest, default=None))

    def _entry(self, delivery: Delivery) -> LedgerEntry:
        known = outcome(delivery)
        if known is None:
            raise ValueError("no attempt has ended: there is no outcome to report")
        provenance = Provenance(self._clock(), "notifier", "command", str(uuid4()), delivery.traceparent)
        return entry_of(
            known,
            provenance,
            entry_id=provenance.base,
            record=delivery.record,
            subject=delivery.identifier,
            lane=delivery.lane,
        )


def _document(delivery: Delivery) -> dict[str, Any]:
    return {
        "kind": delivery.kind,
        "realm": delivery.realm,
        "record": delivery.record,
        "identifier": delivery.identifier,
        "roles": list(delivery.roles),
        "lane": delivery.lane,
        "sender": delivery.sender,
        "message_id": delivery.message_id,
        "letter": asdict(delivery.letter),
        "recipients": [asdict(recipient) for recipient in delivery.recipients],
        "owed_at": delivery.owed_at,
        "traceparent": delivery.traceparent,
        "attempts": [attempt.model_dump() for attempt in delivery.attempts],
        "status": status_of(delivery),
    }


def _delivery(found: dict[str, Any]) -> Delivery:
    return Delivery(
        transmission=found["_id"],
        kind=found["kind"],
        realm=found["realm"],
        record=found["record"],
        identifier=found["identifier"],
        roles=tuple(found["roles"]),
        lane=found["lane"],
        sender=found["sender"],
        message_id=found["message_id"],
        letter=Letter(**found["letter"]),
        recipients=tuple(RecipientAddress(**recipient) for recipient in found["recipients"]),
        owed_at=found["owed_at"],
        traceparent=found["traceparent"],
        attempts=tuple(Attempt.model_validate(attempt) for attempt in found["attempts"]),
    )
