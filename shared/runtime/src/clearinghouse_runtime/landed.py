"""Where events land in a service's own database, before anything is done about them.

Landing is all that a consumer of the stream does: one write, unique by the event's source and id. The
leased work that follows can be slow, fail and be repeated without holding up the stream; what has
landed is a buffer: the source of a rebuild is the ledger that states the events. ``ordered`` is for one stream,
whose ``seq`` is the order within a record.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from clearinghouse_messages.envelope import RESTATED_HEADER, Envelope
from clearinghouse_runtime.mongo import Database, UpdateOne, database_of, database_time
from clearinghouse_runtime.stream import Message
from clearinghouse_runtime.work_queue import NewItem, WorkQueue

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class UndecodableMessage:
    """A message that is no envelope, kept as it came. Only an operator can say what to do with it."""

    topic: str
    partition: int
    offset: int
    sha256: str
    key: bytes | None
    value: bytes
    landed_at: datetime


class LandedEvents:
    """A service's landed events: a work queue (``queue``) whose items hold ``{"envelope": {…}}``.

    An item's id is ``source|id`` of the event, its key the record, or what ``key`` says, its order the ``seq``.
    """

    def __init__(
        self,
        database: Database,
        *,
        name: str = "landed",
        ordered: bool = False,
        lease: timedelta = timedelta(seconds=30),
        key: Callable[[Envelope], str] = lambda envelope: envelope.record,
    ) -> None:
        self.queue = WorkQueue(database[name], lease=lease, ordered=ordered)
        self._key = key
        self._undecodable = database[f"{name}.undecodable"]

    async def prepare(self) -> None:
        """Make the indexes (idempotent)."""
        await self.queue.prepare()
        await self._undecodable.create_index([("landed_at", 1)], name="landed_at")

    async def land(self, messages: Sequence[Message]) -> None:
        """Store the events; known ones are ignored, but one that is stated again is worked once more."""
        items: list[NewItem] = []
        restated: list[str] = []
        undecodable: list[Message] = []
        for message in messages:
            envelope = _decoded(message)
            if envelope is None:
                undecodable.append(message)
                continue
            item = _item(envelope, self._key(envelope))
            items.append(item)
            if RESTATED_HEADER in message.headers:
                restated.append(item.id)
        await self.queue.add(items)
        await self.queue.reopen(restated)
        await self._keep(undecodable)

    async def undecodable(self) -> list[UndecodableMessage]:
        """The messages that are no envelopes, oldest first."""
        return [
            UndecodableMessage(
                topic=found["topic"],
                partition=found["partition"],
                offset=found["offset"],
                sha256=found["sha256"],
                key=found["key"],
                value=found["value"],
                landed_at=found["landed_at"],
            )
            async for found in self._undecodable.find(sort=[("landed_at", 1)])
        ]

    async def undecodable_count(self) -> int:
        """How many such messages there are."""
        return await self._undecodable.count_documents({})

    async def _keep(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        _logger.error("%d messages that are no envelopes became dead letters", len(messages))
        now = await database_time(database_of(self._undecodable))
        kept = [_undecodable(message, now) for message in messages]
        await self._undecodable.bulk_write(
            [
                UpdateOne({"_id": document["_id"]}, {"$setOnInsert": document}, upsert=True)
                for document in kept
            ],
            ordered=False,
        )


def _decoded(message: Message) -> Envelope | None:
    try:
        return Envelope.model_validate_json(message.value)
    except ValidationError:
        return None


def _item(envelope: Envelope, key: str) -> NewItem:
    return NewItem(
        id=f"{envelope.source}|{envelope.id}",
        lane=envelope.lane,
        payload={"envelope": envelope.model_dump(mode="json")},
        key=key,
        order=envelope.seq,
    )


def _undecodable(message: Message, now: datetime) -> dict[str, Any]:
    """An engine that lost its last messages gives their offsets out again, hence the hash in the identity."""
    digest = sha256(message.value).hexdigest()
    return {
        "_id": f"{message.topic}|{message.partition}|{message.offset}|{digest}",
        "topic": message.topic,
        "partition": message.partition,
        "offset": message.offset,
        "sha256": digest,
        "key": message.key,
        "value": message.value,
        "landed_at": now,
    }
