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
from clearinghouse_messages.events import Attempt, type_of
from clearinghouse_runtime.ledger import Entry, Ledger
from clearinghouse_runtime.mongo import Client, Database, Session, ensure_collection, transact
from clearinghouse_runtime.work import LeaseLost, NewItem, WorkQueue
from notifier.application.ports import Backlog, Clock, Hold
from notifier.domain.addresses import mailbox_key
from notifier.domain.delivery import Delivery, DeliveryState, Letter, Recipient, outcome, settled, state

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
        await collection.create_index([("state", 1), ("lane", 1), ("owedAt", 1)], name="state")

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

    async def save(self, delivery: Delivery, hold: Hold, *, tell: bool) -> None:
        """One transaction: the evidence, the lease, and with ``tell`` the outcome's entry."""
        document = _document(delivery)
        told = [self._entry(delivery)] if tell else []

        async def body(session: Session) -> None:
            if settled(delivery):
                await self._queue.finish(hold, session)
            elif not await self._queue.renew(hold, session):
                raise LeaseLost(hold.id)
            await self._collection.update_one(
                {"_id": delivery.transmission}, {"$set": document}, session=session
            )
            await self._ledger.append(session, told)

        await transact(self._client, body)

    async def tell_again(self, delivery: Delivery) -> None:
        """One more entry of the same evidence."""
        entry = self._entry(delivery)

        async def body(session: Session) -> None:
            await self._ledger.append(session, [entry])

        await transact(self._client, body)

    async def backlog(self) -> Backlog:
        """Counted in the database, by the index."""
        counts: dict[tuple[DeliveryState, Lane], int] = {}
        oldest: list[datetime] = []
        pipeline = [
            {
                "$group": {
                    "_id": {"state": "$state", "lane": "$lane"},
                    "count": {"$sum": 1},
                    "oldest": {"$min": "$owedAt"},
                }
            }
        ]
        async for row in self._collection.aggregate(pipeline):
            counts[row["_id"]["state"], row["_id"]["lane"]] = row["count"]
            if row["_id"]["state"] not in ("delivered", "failed"):
                oldest.append(row["oldest"])
        return Backlog(counts, min(oldest, default=None))

    def _entry(self, delivery: Delivery) -> Entry:
        known = outcome(delivery)
        if known is None:
            raise ValueError("no attempt has ended: there is no outcome to tell")
        return Entry(
            id=uuid4().hex,
            stream="transmission-outcomes",
            realm=delivery.realm,
            record=delivery.record,
            type=type_of(known),
            subject=delivery.identifier,
            time=self._clock(),
            cause="command",
            lane=delivery.lane,
            data=known.model_dump(mode="json"),
            traceparent=delivery.traceparent,
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
        "messageId": delivery.message_id,
        "letter": asdict(delivery.letter),
        "recipients": [asdict(recipient) for recipient in delivery.recipients],
        "owedAt": delivery.owed_at,
        "traceparent": delivery.traceparent,
        "attempts": [attempt.model_dump() for attempt in delivery.attempts],
        "state": state(delivery),
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
        message_id=found["messageId"],
        letter=Letter(**found["letter"]),
        recipients=tuple(Recipient(**recipient) for recipient in found["recipients"]),
        owed_at=found["owedAt"],
        traceparent=found["traceparent"],
        attempts=tuple(Attempt.model_validate(attempt) for attempt in found["attempts"]),
    )
