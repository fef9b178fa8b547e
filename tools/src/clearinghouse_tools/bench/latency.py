"""How long after the answer to a publication its event is on Kafka, and its letters are handed over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
from aiokafka import AIOKafkaConsumer

from clearinghouse_client.connection import Connection
from clearinghouse_demo.sink import Sink, SinkLetter
from clearinghouse_local.stack import Stack
from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.topics import topic
from clearinghouse_tools.bench.authorities import REALM
from clearinghouse_tools.bench.publishing import PreparedDraft, TimedPublication, publish

_DEADLINE = 60.0
_LOOK_SECONDS = 0.25


class Arrivals:
    """When (Unix, seconds) a reader of what is committed first saw the event about an identifier."""

    def __init__(self) -> None:
        self.seen: dict[str, float] = {}
        self._change = asyncio.Condition()

    async def read(self, consumer: AIOKafkaConsumer) -> None:
        """Note what comes, until cancelled."""
        async for message in consumer:
            at = time.time()
            subject = Envelope.model_validate_json(message.value).subject
            async with self._change:
                self.seen.setdefault(subject, at)
                self._change.notify_all()

    async def of(self, identifier: str) -> float:
        """The arrival, waited for. Raises TimeoutError."""
        async with asyncio.timeout(_DEADLINE), self._change:
            await self._change.wait_for(lambda: identifier in self.seen)
        return self.seen[identifier]


@asynccontextmanager
async def arrivals(stack: Stack) -> AsyncIterator[Arrivals]:
    """The arrivals on the topic of record events while the block runs."""
    consumer = AIOKafkaConsumer(
        topic(stack.settings.topic_prefix, REALM, "records"),
        bootstrap_servers=stack.broker.bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    arrived = Arrivals()
    reading = asyncio.create_task(arrived.read(consumer))
    try:
        yield arrived
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await consumer.stop()


async def publish_steadily(drafts: Sequence[PreparedDraft], per_second: float) -> list[TimedPublication]:
    """Publish at a steady rate, whether or not the answers before have come."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    running = []
    for number, draft in enumerate(drafts):
        await asyncio.sleep(max(0.0, began + number / per_second - loop.time()))
        running.append(asyncio.create_task(publish(draft)))
    return list(await asyncio.gather(*running))


async def to_kafka(published: Sequence[TimedPublication], seen: Arrivals) -> list[float]:
    """Milliseconds from each answer to the event's arrival; below 0 where the event came first."""
    return [(await seen.of(one.identifier) - one.answered) * 1000 for one in published]


async def to_smtp(
    published: Sequence[TimedPublication], stack: Stack, http: httpx.AsyncClient
) -> list[float]:
    """Milliseconds from each answer to the moment when the sink had each of its letters. Raises TimeoutError."""
    answered = {one.identifier: one.answered for one in published}
    owed = sum(one.transmissions for one in published)
    sink = Sink(Connection(stack.addresses.sink, http))
    letters: list[SinkLetter] = []
    last = 0
    async with asyncio.timeout(_DEADLINE):
        while len(letters) < owed:
            found = await sink.letters(after=last)
            last = max((letter.id for letter in found), default=last)
            letters += [letter for letter in found if letter.record in answered]
            if len(letters) < owed:
                await asyncio.sleep(_LOOK_SECONDS)
    return [
        (letter.received_at.timestamp() - answered[letter.record]) * 1000
        for letter in letters
        if letter.received_at is not None
    ]
