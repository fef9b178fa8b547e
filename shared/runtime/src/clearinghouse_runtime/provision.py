"""Makes topics as they are declared. Run by ``migrate``, never by a service at work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from clearinghouse_messages.topics import TopicPlan

MAX_MESSAGE_BYTES = 2 * 1024 * 1024
"""A record of 900,000 bytes, the names of its terms in six languages, and its envelope fit well into this."""


async def provision(bootstrap_servers: str, plans: Sequence[TopicPlan], replication: int = 1) -> list[str]:
    """Make the topics that are missing (idempotent); returns their names. Existing ones stay as they are.

    ``replication`` is the number of brokers that hold each partition; from 3 on, two must confirm a write.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = [_new_topic(plan, replication) for plan in plans if plan.name not in present]
        if missing:
            response = await admin.create_topics(missing)
            for _, code, *_ in response.topic_errors:
                error = for_code(code)
                if code and error is not TopicAlreadyExistsError:
                    raise error
        return [topic.name for topic in missing]
    finally:
        await admin.close()


def _new_topic(plan: TopicPlan, replication: int) -> NewTopic:
    days = plan.retention_days
    retention = -1 if days is None else int(timedelta(days=days) / timedelta(milliseconds=1))
    configs = {
        "cleanup.policy": "delete",
        "retention.ms": str(retention),
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
        "min.insync.replicas": "2" if replication > 2 else "1",
    }
    return NewTopic(plan.name, plan.partitions, replication, topic_configs=configs)
