"""The broker as the relay sees it: messages go there in transactions, and how long its logs are comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.partitioner import DefaultPartitioner
from pydantic import ValidationError

from clearinghouse_messages.envelope import RESTATED_HEADER, Envelope
from clearinghouse_messages.topics import topic
from clearinghouse_runtime.ledger import PositionedEntry
from clearinghouse_runtime.provision import MAX_MESSAGE_BYTES

REQUEST_MILLISECONDS = 10_000
TRANSACTION_SECONDS = 30
CLOSING_SECONDS = 3
TAIL = 200
BATCH = 200
BATCH_BYTES = 8_000_000

CONTENT_TYPE = ("content-type", b"application/cloudevents+json")


class LogTruncated(Exception):
    """A log gave out an offset that it had given out before: it lost its tail. Nothing was committed."""


@dataclass(frozen=True)
class Produced:
    """Where the last message for a partition went, and the highest position among those messages."""

    offset: int
    position: int


async def batches(entries: AsyncIterator[PositionedEntry]) -> AsyncIterator[list[PositionedEntry]]:
    """Entries in batches of at most 200 that are ended at about 8 MB."""
    batch: list[PositionedEntry] = []
    size = 0
    async for positioned in entries:
        batch.append(positioned)
        size += positioned.size
        if len(batch) == BATCH or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Shipper:
    """A producer with one transactional identity: whoever starts later under it fences whoever started before.

    An asynchronous context manager; its operations raise aiokafka's errors and TimeoutError when the broker
    cannot be reached, and then it is of no further use.
    """

    def __init__(self, bootstrap_servers: str, *, prefix: str, transactional_id: str) -> None:
        self._prefix = prefix
        self._partition_of_key = DefaultPartitioner()
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap_servers,
            transactional_id=transactional_id,
            transaction_timeout_ms=TRANSACTION_SECONDS * 1000,
            acks="all",
            request_timeout_ms=REQUEST_MILLISECONDS,
            max_request_size=MAX_MESSAGE_BYTES,
            max_batch_size=MAX_MESSAGE_BYTES,
        )
        self._reader = _consumer(bootstrap_servers, "read_committed")
        # A log ends behind its last message; for a reader of what is committed it may seem to end before.
        self._end_offsets = _consumer(bootstrap_servers, "read_uncommitted")

    async def __aenter__(self) -> Shipper:
        try:
            async with asyncio.timeout(TRANSACTION_SECONDS):
                await self._producer.start()
                await self._reader.start()
                await self._end_offsets.start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        for consumer in (self._reader, self._end_offsets):
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSING_SECONDS):
                    await consumer.stop()
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await self._producer.stop()
        except TimeoutError:
            # It waits to send what an unreachable broker does not take, and leaves its sender running; that
            # one, when cancelled, waits for its requests: each further cancellation ends one of them.
            sender = self._producer._sender.sender_task  # aiokafka offers no end without a flush
            while not sender.done():
                sender.cancel()
                await asyncio.wait({sender}, timeout=0.1)
            await self._producer.client.close()

    async def destination(self, positioned: PositionedEntry) -> TopicPartition:
        """The partition that an entry belongs to: all of one record's entries of a stream share one."""
        name = topic(self._prefix, positioned.envelope.realm, positioned.stream)
        partitions = sorted(await self._producer.partitions_for(name))
        return TopicPartition(name, self._partition_of_key(_key(positioned), partitions, partitions))

    async def ship(
        self,
        batch: Sequence[PositionedEntry],
        min_offsets: Mapping[TopicPartition, int],
        *,
        restated: bool = False,
    ) -> dict[TopicPartition, Produced]:
        """Send the entries, in order, in one transaction; returns where they went.

        ``min_offsets`` holds the last offset known of each partition. Raises LogTruncated when one is given out again.
        """
        produced: dict[TopicPartition, Produced] = {}
        headers = [CONTENT_TYPE, *([(RESTATED_HEADER, b"1")] if restated else [])]
        # Never aborted here: that would wait for an unreachable broker. The next producer's start aborts it.
        async with asyncio.timeout(TRANSACTION_SECONDS):
            await self._producer.begin_transaction()
            sent = []
            for positioned in batch:
                partition = await self.destination(positioned)
                value = positioned.value
                sent.append(
                    await self._producer.send(
                        partition.topic,
                        value,
                        key=_key(positioned),
                        partition=partition.partition,
                        headers=headers,
                    )
                )
            for positioned, future in zip(batch, sent, strict=True):
                metadata = await future
                partition = TopicPartition(metadata.topic, metadata.partition)
                if metadata.offset <= min_offsets.get(partition, -1):
                    raise LogTruncated(
                        f"{partition.topic}/{partition.partition} gave out offset {metadata.offset} again"
                    )
                before = produced[partition].position if partition in produced else 0
                produced[partition] = Produced(metadata.offset, max(before, positioned.envelope.position))
            await self._producer.commit_transaction()
        return produced

    async def ends(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset that each partition gives out next."""
        if not partitions:
            return {}
        async with asyncio.timeout(TRANSACTION_SECONDS):
            ends: dict[TopicPartition, int] = await self._end_offsets.end_offsets(list(partitions))
            return ends

    async def last_position(self, partition: TopicPartition, *, source: str, generation: str) -> int:
        """The highest position of the ledger's entries at the end of a partition; 0 when there is none.

        Where entries were repeated at the end it may be lower than the highest one in the whole log.
        """
        async with asyncio.timeout(TRANSACTION_SECONDS):
            first = (await self._reader.beginning_offsets([partition]))[partition]
            end = (await self._reader.end_offsets([partition]))[partition]
            reach = TAIL
            while True:
                start = max(first, end - reach)
                values = await self._values(partition, start, end)
                positions = [_position(value, source, generation) for value in values]
                if start == first or any(positions):
                    return max(positions, default=0)
                reach *= 8

    async def _values(self, partition: TopicPartition, start: int, end: int) -> list[bytes]:
        if start >= end:
            return []
        self._reader.assign([partition])
        try:
            self._reader.seek(partition, start)
            values: list[bytes] = []
            while await self._reader.position(partition) < end:
                records: dict[Any, list[Any]] = await self._reader.getmany(partition, timeout_ms=500)
                values += [record.value for record in records.get(partition, [])]
            return values
        finally:
            self._reader.unsubscribe()


def _consumer(bootstrap_servers: str, isolation: str) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        request_timeout_ms=REQUEST_MILLISECONDS,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=isolation,
    )


def _key(positioned: PositionedEntry) -> bytes:
    return positioned.envelope.record.encode()


def _position(value: bytes, source: str, generation: str) -> int:
    try:
        envelope = Envelope.model_validate_json(value)
    except ValidationError:
        return 0
    return envelope.position if (envelope.source, envelope.generation) == (source, generation) else 0
