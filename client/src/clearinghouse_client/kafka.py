"""Following the public topics on Kafka, put back into order of position.

Kafka keeps order within a partition only. The relay ships in order of position, one transaction after the
other, so once an event is visible everything with a lower position has been written. The follower therefore
asks, after each arrival, how long the partitions are (whatever is committed yet), reads that far, and only
then hands on what had arrived. No consumer group is joined and nothing is left behind on the broker.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from clearinghouse_client.errors import UnreachableError
from clearinghouse_client.following import NewGeneration, Seen, Unreadable
from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.topics import topic

POLL_MILLISECONDS = 500


def record_topics(prefix: str, realms: Iterable[str]) -> list[str]:
    """The public topics of some realms in the deployment with this prefix."""
    return [topic(prefix, realm, "records") for realm in realms]


async def follow_kafka(
    bootstrap: str,
    topics: list[str],
    *,
    after: int = 0,
    generation: str | None = None,
    once: bool = False,
) -> AsyncIterator[Seen]:
    """Every event of the topics behind a position, in order of position, each once.

    ``generation`` names the ledger that ``after`` belongs to; older ledgers' events are then left out.
    With ``once`` it ends at the topics' end. Raises UnreachableError when the broker is away.
    """
    try:
        async with _consumers(bootstrap, topics) as (consumer, heads):
            merge = _Merge(consumer, heads, _Cursor(after, generation))
            while True:
                async for seen in merge.round(once=once):
                    yield seen
                if once:
                    return
    except (KafkaError, OSError) as error:
        raise UnreachableError(
            f"Cannot follow Kafka at {bootstrap} ({type(error).__name__}).",
            "Check --kafka and --topic-prefix, and whether the broker runs.",
        ) from None


@asynccontextmanager
async def _consumers(
    bootstrap: str, topics: list[str]
) -> AsyncIterator[tuple[AIOKafkaConsumer, AIOKafkaConsumer]]:
    """A reader of what is committed, and a second client that is asked for lengths, committed or not."""
    heads = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_uncommitted")
    try:
        await heads.start()
        missing = set(topics) - await heads.topics()
        if missing:
            raise UnreachableError(
                f"{bootstrap} has no topic {', '.join(sorted(missing))}.", "Check --topic-prefix and --realm."
            )
        consumer = AIOKafkaConsumer(
            *topics,
            bootstrap_servers=bootstrap,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        try:
            await consumer.start()
            yield consumer, heads
        finally:
            await consumer.stop()
    finally:
        await heads.stop()


class _Cursor:
    """What was handed on already.

    An event that was shipped again is on its partition a second time, at the same position; it is dropped.
    """

    def __init__(self, after: int, generation: str | None) -> None:
        self._after = after
        self._wanted = generation
        self._generation = generation
        self._last: dict[TopicPartition, int] = {}

    def admit(self, partition: TopicPartition, event: Envelope) -> list[Seen]:
        """The event if it is new, after word of a new generation if it is the first one of it."""
        told: list[Seen] = []
        if self._wanted is not None:
            if event.generation != self._wanted:
                return []
            self._wanted = None
        if self._generation is not None and event.generation != self._generation:
            told.append(NewGeneration(before=self._generation, now=event.generation))
            self._after = 0
            self._last.clear()
        self._generation = event.generation
        if event.position > max(self._after, self._last.get(partition, 0)):
            self._last[partition] = event.position
            told.append(event)
        return told


class _Merge:
    """Partitions put together by position."""

    def __init__(self, consumer: AIOKafkaConsumer, heads: AIOKafkaConsumer, cursor: _Cursor) -> None:
        self._consumer = consumer
        self._heads = heads
        self._cursor = cursor
        self._waiting: list[Seen] = []

    async def round(self, *, once: bool) -> AsyncIterator[Seen]:
        """Wait for arrivals and hand on what is complete; with ``once``, everything up to the end."""
        if not once and not self._waiting:
            await self._read(POLL_MILLISECONDS)
            if not self._waiting:
                return
        arrived = [seen.position for seen in self._waiting if isinstance(seen, Envelope)]
        partitions: set[Any] = self._consumer.assignment()
        ends = await self._heads.end_offsets(partitions)
        for partition in partitions:
            while await self._consumer.position(partition) < ends[partition]:
                await self._read(POLL_MILLISECONDS)
        for seen in self._complete(None if once else max(arrived, default=0)):
            yield seen

    def _complete(self, horizon: int | None) -> list[Seen]:
        """What may be handed on: everything up to ``horizon`` (None: all of it), a generation at a time."""
        ready: list[Seen] = []
        events: list[Envelope] = []
        later: list[Seen] = []
        for seen in self._waiting:
            if not isinstance(seen, Envelope):
                ready += _in_order(events)
                ready.append(seen)
                events = []
            elif horizon is None or seen.position <= horizon:
                events.append(seen)
            else:
                later.append(seen)
        self._waiting = later
        return [*ready, *_in_order(events)]

    async def _read(self, milliseconds: int) -> None:
        batches = await self._consumer.getmany(timeout_ms=milliseconds)
        for partition, messages in batches.items():
            for message in messages:
                try:
                    event = Envelope.model_validate_json(message.value or b"")
                except ValidationError:
                    self._waiting.append(Unreadable(message.topic, message.partition, message.offset))
                else:
                    self._waiting += self._cursor.admit(partition, event)


def _in_order(events: list[Envelope]) -> list[Envelope]:
    return sorted(events, key=lambda event: event.position)
