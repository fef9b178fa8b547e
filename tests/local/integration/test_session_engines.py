"""The engines that all suites get do what the project rests on, as processes and as containers alike."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from clearinghouse_messages.topics import TopicPlan
from clearinghouse_runtime import mongo
from clearinghouse_runtime.provision import provision

pytestmark = pytest.mark.also_in_containers


async def test_a_transaction_leaves_all_or_nothing_behind(
    mongo_client: mongo.Client, database: mongo.Database
) -> None:
    rows = await mongo.ensure_collection(database, "rows")

    async def both(session: mongo.Session) -> None:
        await rows.insert_one({"_id": 1}, session=session)
        await rows.insert_one({"_id": 2}, session=session)

    async def half(session: mongo.Session) -> None:
        await rows.insert_one({"_id": 3}, session=session)
        raise ValueError("halfway")

    await mongo.transact(mongo_client, both)
    with pytest.raises(ValueError, match="halfway"):
        await mongo.transact(mongo_client, half)
    assert await rows.distinct("_id") == [1, 2]


async def test_a_transactional_producer_is_read_only_once_it_commits(bootstrap: str, prefix: str) -> None:
    name = f"{prefix}.records.v1"
    await provision(bootstrap, [TopicPlan(name, partitions=1, retention_days=None, public=True)])
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"{prefix}-relay")
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    await producer.start()
    await consumer.start()
    try:
        place = TopicPartition(name, 0)
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        await producer.begin_transaction()
        await producer.send_and_wait(name, b"dropped")
        await producer.abort_transaction()
        async with producer.transaction():
            await producer.send_and_wait(name, b"kept")
        message = await consumer.getone()
        assert message.value == b"kept"
    finally:
        await consumer.stop()
        await producer.stop()
