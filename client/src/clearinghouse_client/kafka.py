"""Following the public topics on Kafka, put back into order of position.

Kafka keeps order within a partition only. The relay ships in order of position, one transaction after the
other, so once an event is visible everything with a lower position has been written. The follower therefore
asks, after each arrival, how long the partitions are (whatever is committed yet), reads that far, and only
then hands on what had arrived. No consumer group is joined and nothing is left behind on the broker.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

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
) -> AsyncGenerator[Seen, None]:
    """Every event of the topics behind a position, in order of position, each once.

    ``generation`` names the ledger that ``after`` belongs to; older ledgers' events are then left out.
    With ``once`` it ends at the topics' end. Raises UnreachableError when the broker cannot be reached.
    """
    try:
        async with _consumers(bootstrap, topics) as (consumer, heads):
            async for seen in in_order(consumer, heads, after=after, generation=generation, once=once):
                yield seen
    except (KafkaError, OSError) as error:
        raise UnreachableError(
            f"Cannot follow Kafka at {bootstrap} ({type(error).__name__}).",
            "Check --kafka, and whether the broker runs.",
        ) from None


async def in_order(
    consumer: AIOKafkaConsumer,
    heads: AIOKafkaConsumer,
    *,
    after: int = 0,
    generation: str | None = None,
    once: bool = False,
) -> AsyncGenerator[Seen, None]:
    """What ``consumer`` reads of its partitions, put together; ``heads`` is how long they are."""
    merge = _Merge(consumer, heads, _Cursor(after, generation))
    while True:
        for seen in await merge.round(once=once):
            yield seen
        if once:
            return


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
        self._left: set[str] = set()
        self._last: dict[TopicPartition, int] = {}

    def admit(self, partition: TopicPartition, event: Envelope) -> list[Seen]:
        """The event if it is new, after word of a new generation if it is the first one of it."""
        if self._wanted not in (None, event.generation) or event.generation in self._left:
            return []
        self._wanted = None
        seen = self._enter(event.generation)
        if event.position > max(self._after, self._last.get(partition, 0)):
            self._last[partition] = event.position
            seen.append(event)
        return seen

    def _enter(self, generation: str) -> list[Seen]:
        before, self._generation = self._generation, generation
        if before in (None, generation):
            return []
        self._left.add(before)
        self._after = 0
        self._last.clear()
        return [NewGeneration(before=before, now=generation)]


Arrival = tuple[TopicPartition, Envelope]


class _Merge:
    """Partitions put together by position."""

    def __init__(self, consumer: AIOKafkaConsumer, heads: AIOKafkaConsumer, cursor: _Cursor) -> None:
        self._consumer = consumer
        self._heads = heads
        self._cursor = cursor
        self._arrived: list[Arrival] = []
        self._unreadable: list[Seen] = []

    async def round(self, *, once: bool) -> list[Seen]:
        """Wait for arrivals and give what is complete; with ``once``, everything up to the end."""
        if not once and not self._arrived:
            await self._read()
        horizon: dict[str, int] = {}
        for _, event in self._arrived:
            horizon[event.generation] = max(event.position, horizon.get(event.generation, 0))
        if once or horizon:
            await self._read_to_the_end()
        unreadable, self._unreadable = self._unreadable, []
        return [*unreadable, *self._complete(None if once else horizon)]

    def _complete(self, horizon: dict[str, int] | None) -> list[Seen]:
        """What may be handed on, by generation and position: up to ``horizon``, or (None) all of it."""
        ready: list[Arrival] = []
        later: list[Arrival] = []
        for arrival in self._arrived:
            event = arrival[1]
            complete = horizon is None or event.position <= horizon.get(event.generation, 0)
            (ready if complete else later).append(arrival)
        self._arrived = later
        begun: dict[str, datetime] = {}
        for _, event in ready:
            begun[event.generation] = min(event.time, begun.get(event.generation, event.time))
        ready.sort(key=lambda arrival: (begun[arrival[1].generation], arrival[1].position))
        return [seen for partition, event in ready for seen in self._cursor.admit(partition, event)]

    async def _read_to_the_end(self) -> None:
        partitions: set[TopicPartition] = self._consumer.assignment()
        ends = await self._heads.end_offsets(partitions)
        for partition in partitions:
            while await self._consumer.position(partition) < ends[partition]:
                await self._read()

    async def _read(self) -> None:
        batches = await self._consumer.getmany(timeout_ms=POLL_MILLISECONDS)
        for partition, messages in batches.items():
            for message in messages:
                try:
                    event = Envelope.model_validate_json(message.value or b"")
                except ValidationError:
                    self._unreadable.append(Unreadable(message.topic, message.partition, message.offset))
                else:
                    self._arrived.append((partition, event))
