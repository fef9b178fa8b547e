"""How far a consumer group is behind: messages of its topics that it has not acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

_SECONDS = 5.0
_LOOK_MILLISECONDS = 100


async def consumer_lag(bootstrap_servers: str, group: str, topics: Sequence[str]) -> dict[str, int]:
    """Messages behind, by topic; asked without joining the group. A topic that is missing has none.

    Read as services read it: what is not committed yet counts. Transactions that are behind count one more each,
    for their end in the log; what is behind by nothing else is behind by 0. Raises aiokafka's errors, OSError or
    TimeoutError when the broker does not answer within 5 seconds.
    """
    async with asyncio.timeout(_SECONDS):
        partitions = await _partitions(bootstrap_servers, topics)
        behind = await _behind(bootstrap_servers, group, partitions)
    lag = dict.fromkeys(topics, 0)
    for partition, count in behind.items():
        lag[partition.topic] += count
    return lag


async def _partitions(bootstrap_servers: str, topics: Sequence[str]) -> list[TopicPartition]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        described = await admin.describe_topics()
    finally:
        await admin.close()
    return [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in described
        if topic["topic"] in topics
        for partition in topic["partitions"]
    ]


async def _behind(
    bootstrap_servers: str, group: str, partitions: Sequence[TopicPartition]
) -> dict[TopicPartition, int]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        behind = {partition: ends[partition] - await consumer.position(partition) for partition in partitions}
        open_ends = {partition for partition, count in behind.items() if count > 0}
        ended = await _without_messages(consumer, {partition: ends[partition] for partition in open_ends})
        return {partition: behind[partition] for partition in open_ends - ended}
    finally:
        await consumer.stop()


async def _without_messages(
    consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]
) -> set[TopicPartition]:
    """The partitions that hold no message up to their end, but the ends of transactions alone."""
    unknown, ended = set(ends), set[TopicPartition]()
    while unknown:
        found = await consumer.getmany(*unknown, timeout_ms=_LOOK_MILLISECONDS)
        unknown -= {partition for partition, messages in found.items() if messages}
        reached = {
            partition for partition in unknown if await consumer.position(partition) >= ends[partition]
        }
        ended |= reached
        unknown -= reached
    return ended
