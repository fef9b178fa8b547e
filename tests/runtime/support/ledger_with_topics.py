"""A ledger with its topics, as a service has them, and readers of both: for tests of what travels."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

from clearinghouse_messages.envelope import Envelope, Lane
from clearinghouse_messages.events import Stream
from clearinghouse_messages.topics import topic
from clearinghouse_runtime import mongo
from clearinghouse_runtime.entries import LedgerEntry
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.relay import Relay
from tests.support.waiting import until

DEADLINE = 30
"""Seconds after which a test gives up waiting."""


def entry(
    record: str = "ABSCH-DEV-IRCC-MX-1",
    *,
    stream: Stream = "records",
    lane: Lane = "official",
    time: datetime | None = None,
    data: dict[str, object] | None = None,
) -> LedgerEntry:
    """An entry to append; a test names only what matters to it."""
    return LedgerEntry(
        id=uuid.uuid4().hex,
        stream=stream,
        realm="absch",
        record=record,
        type="int.cbd.record.published.v1",
        subject=f"{record}-1",
        time=time or datetime.now(UTC),
        cause="command",
        lane=lane,
        data=data or {"title": {"en": "Permit", "zh": "许可证"}},
    )


@dataclass
class LedgerWithTopics:
    """A ledger and its topics, as a service has them."""

    client: mongo.Client
    ledger: Ledger
    bootstrap: str
    prefix: str
    written: list[LedgerEntry] = field(default_factory=list)

    async def append(self, *entries: LedgerEntry) -> None:
        """Append the entries in one transaction."""
        await mongo.transact(self.client, lambda session: self.ledger.append(session, entries))
        self.written += entries

    def relay(self) -> Relay:
        """Another relay of the ledger."""
        return Relay(
            self.ledger, bootstrap_servers=self.bootstrap, prefix=self.prefix, name=f"{self.prefix}-relay"
        )

    @asynccontextmanager
    async def relaying(self) -> AsyncIterator[None]:
        """Run a relay meanwhile."""
        stop = asyncio.Event()
        running = asyncio.create_task(self.relay().run(stop))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(running, DEADLINE)

    async def shipped(self) -> None:
        """Wait until every entry written so far is shipped and marked."""

        async def all_shipped() -> bool:
            status = await self.ledger.status()
            return status.unpositioned == 0 and status.shipped == status.position == len(self.written)

        await until(all_shipped, within=DEADLINE)

    async def messages(self, stream: Stream = "records") -> list[ConsumerRecord[bytes, bytes]]:
        """Everything committed in the stream's topic, by partition and offset."""
        return await read_topic(self.bootstrap, topic(self.prefix, "absch", stream))

    async def envelopes(self, stream: Stream = "records") -> list[Envelope]:
        """The same, decoded."""
        return [Envelope.model_validate_json(message.value or b"") for message in await self.messages(stream)]


async def read_topic(bootstrap: str, name: str) -> list[ConsumerRecord[bytes, bytes]]:
    """Everything committed in a topic, by partition and offset."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, isolation_level="read_committed"
    )
    await consumer.start()
    try:
        async with asyncio.timeout(DEADLINE):
            await consumer.end_offsets([TopicPartition(name, 0)])
            places = [TopicPartition(name, number) for number in consumer.partitions_for_topic(name) or ()]
            consumer.assign(places)
            await consumer.seek_to_beginning(*places)
            ends = await consumer.end_offsets(places)
            read: list[ConsumerRecord[bytes, bytes]] = []
            for place in places:
                while await consumer.position(place) < ends[place]:
                    for records in (await consumer.getmany(place, timeout_ms=200)).values():
                        read += records
            return read
    finally:
        await consumer.stop()
