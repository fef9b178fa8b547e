"""The follower of Kafka against the session's broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from clearinghouse_client.errors import UnreachableError
from clearinghouse_client.following import Seen, Unreadable
from clearinghouse_client.kafka import follow_kafka
from clearinghouse_messages.envelope import Envelope


def event(position: int) -> Envelope:
    return Envelope(
        id=f"e{position}",
        source="/dev/registry",
        type="int.cbd.record.published.v1",
        subject=f"ABSCH-DEV-IRCC-MX-{position}-1",
        time=datetime.now(UTC),
        realm="absch",
        record=f"ABSCH-DEV-IRCC-MX-{position}",
        seq=1,
        position=position,
        generation="g1",
        cause="command",
        lane="official",
        data={},
    )


@pytest.fixture
async def topic(bootstrap: str, prefix: str) -> str:
    name = f"{prefix}.absch.records.v1"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=4, replication_factor=1)])
    finally:
        await admin.close()
    return name


@pytest.fixture
async def producer(bootstrap: str, prefix: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"{prefix}-relay")
    await producer.start()
    yield producer
    await producer.stop()


async def ship(producer: AIOKafkaProducer, topic: str, positions: range) -> None:
    """As the relay does: in order of position, each record on its own partition, in one transaction."""
    async with producer.transaction():
        for position in positions:
            shipped = event(position)
            await producer.send_and_wait(
                topic, shipped.model_dump_json().encode(), key=shipped.record.encode(), partition=position % 4
            )


async def positions_of(stream: AsyncIterator[Seen], count: int) -> list[int]:
    positions: list[int] = []
    async with asyncio.timeout(30):
        async for seen in stream:
            assert isinstance(seen, Envelope)
            positions.append(seen.position)
            if len(positions) == count:
                break
    return positions


async def test_a_follower_gets_the_partitions_back_in_order_of_position(
    bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    await ship(producer, topic, range(1, 41))
    assert await positions_of(follow_kafka(bootstrap, [topic], once=True), 99) == list(range(1, 41))


async def test_a_follower_sees_in_order_what_is_shipped_while_it_follows(
    bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    await ship(producer, topic, range(1, 5))
    async with aclosing(follow_kafka(bootstrap, [topic], after=4)) as stream:
        following = asyncio.create_task(positions_of(stream, 36))
        for first in range(5, 41, 6):
            await ship(producer, topic, range(first, first + 6))
        assert await following == list(range(5, 41))


async def test_an_event_that_is_shipped_again_is_handed_on_once(
    bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    await ship(producer, topic, range(1, 9))
    await ship(producer, topic, range(5, 12))
    assert await positions_of(follow_kafka(bootstrap, [topic], once=True), 99) == list(range(1, 12))


async def test_a_message_that_is_no_event_is_reported_and_skipped(
    bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    async with producer.transaction():
        await producer.send_and_wait(topic, b"no event", partition=2)
    await ship(producer, topic, range(1, 5))
    seen = [each async for each in follow_kafka(bootstrap, [topic], once=True)]
    assert seen[0] == Unreadable(topic, 2, 0)
    assert [each.position for each in seen if isinstance(each, Envelope)] == [1, 2, 3, 4]


async def test_a_topic_that_is_not_there_is_named(bootstrap: str) -> None:
    with pytest.raises(UnreachableError, match=r"nowhere\.absch\.records\.v1"):
        async for _ in follow_kafka(bootstrap, ["nowhere.absch.records.v1"], once=True):
            pass
