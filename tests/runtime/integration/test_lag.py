"""How far a service is behind its topics, asked of the broker without joining the service's group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka.errors import KafkaError

from clearinghouse_local import engines
from clearinghouse_messages.events import Stream
from clearinghouse_messages.topics import topic
from clearinghouse_runtime.lag import consumer_lag
from clearinghouse_runtime.stream import Message, run_landing
from tests.runtime.support.ledger_with_topics import DEADLINE, LedgerWithTopics, entry
from tests.support.waiting import until

pytestmark = pytest.mark.also_in_containers

STREAMS: tuple[Stream, ...] = ("records", "requests")


def group(published: LedgerWithTopics) -> str:
    return f"{published.prefix}-group"


def topics(published: LedgerWithTopics) -> list[str]:
    return [topic(published.prefix, "absch", stream) for stream in STREAMS]


async def lag(published: LedgerWithTopics) -> list[int]:
    """Behind on records, behind on requests."""
    behind = await consumer_lag(published.bootstrap, group(published), topics(published))
    assert list(behind) == topics(published)
    return list(behind.values())


async def ship(published: LedgerWithTopics, *streams: Stream) -> None:
    """In one transaction, so that its end is the one thing in each partition that is no message."""
    async with published.relaying():
        await published.append(*(entry(f"R{number}", stream=stream) for number, stream in enumerate(streams)))
        await published.shipped()


class Assignments:
    """A running consumer: what landed, and whether partitions were assigned to it since that was asked last."""

    def __init__(self) -> None:
        self.landed: list[Message] = []
        self.assigned = asyncio.Event()

    async def land(self, messages: Sequence[Message]) -> None:
        self.landed += messages


@asynccontextmanager
async def consuming(published: LedgerWithTopics, data_dir: Path) -> AsyncIterator[Assignments]:
    stop, consumer = asyncio.Event(), Assignments()
    running = asyncio.create_task(
        run_landing(
            app_id=group(published),
            bootstrap_servers=published.bootstrap,
            topics=topics(published),
            data_dir=data_dir,
            land=consumer.land,
            stop=stop,
            started=consumer.assigned,
        )
    )
    try:
        await asyncio.wait_for(consumer.assigned.wait(), DEADLINE)
        yield consumer
    finally:
        stop.set()
        await asyncio.wait_for(running, DEADLINE)


async def test_a_group_that_never_was_is_behind_by_everything_there_is_in_each_topic(
    published: LedgerWithTopics,
) -> None:
    assert await lag(published) == [0, 0]

    await ship(published, "records", "requests", "requests")

    records, requests = await lag(published)
    assert records >= 1
    assert requests >= 2


async def test_a_consumer_that_landed_everything_is_behind_by_nothing(
    published: LedgerWithTopics, tmp_path: Path
) -> None:
    await ship(published, "records", "requests")
    async with consuming(published, tmp_path) as consumer:

        async def landed() -> bool:
            return len(consumer.landed) == 2 and await lag(published) == [0, 0]

        await until(landed, within=DEADLINE)

    await ship(published, "requests")

    records, requests = await lag(published)
    assert (records, requests > 0) == (0, True)


async def test_asking_does_not_disturb_a_consumer_that_runs(
    published: LedgerWithTopics, tmp_path: Path
) -> None:
    async with consuming(published, tmp_path) as consumer:
        consumer.assigned.clear()
        for _ in range(5):
            await lag(published)
        await ship(published, "records")

        async def landed() -> bool:
            return len(consumer.landed) == 1

        await until(landed, within=DEADLINE)
        assert not consumer.assigned.is_set()


async def test_a_topic_that_is_not_there_is_no_lag(published: LedgerWithTopics) -> None:
    name = f"{published.prefix}.elsewhere"
    assert await consumer_lag(published.bootstrap, group(published), [name, *topics(published)]) == {
        name: 0,
        **dict.fromkeys(topics(published), 0),
    }


async def test_a_broker_that_is_unavailable_is_an_error_and_not_waited_for(
    own_broker: engines.Broker,
) -> None:
    bootstrap = own_broker.bootstrap
    await asyncio.to_thread(own_broker.stop)
    with pytest.raises((KafkaError, OSError)):
        await asyncio.wait_for(consumer_lag(bootstrap, "group", ["topic"]), 10)


async def test_a_broker_that_does_not_answer_is_given_up_after_a_few_seconds(
    own_broker: engines.Broker,
) -> None:
    await asyncio.to_thread(own_broker.pause)
    try:
        with pytest.raises((KafkaError, OSError)):
            await asyncio.wait_for(consumer_lag(own_broker.bootstrap, "group", ["topic"]), 10)
    finally:
        own_broker.resume()
