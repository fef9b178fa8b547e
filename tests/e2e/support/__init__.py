"""What the tests of the whole chain share."""

from __future__ import annotations

from aiokafka import AIOKafkaConsumer

from clearinghouse_local.stack import Stack
from clearinghouse_messages.envelope import Envelope
from tests.support.waiting import until


async def on_topic(stack: Stack, realm: str, record: str) -> Envelope:
    """The event of a record on its realm's public topic."""
    consumer = AIOKafkaConsumer(
        f"{stack.settings.topic_prefix}.{realm}.records.v1",
        bootstrap_servers=stack.broker.bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        isolation_level="read_committed",
    )
    await consumer.start()

    async def found() -> Envelope | None:
        for messages in (await consumer.getmany(timeout_ms=200)).values():
            for message in messages:
                event = Envelope.model_validate_json(message.value or b"")
                if event.record == record:
                    return event
        return None

    try:
        return await until(found)
    finally:
        await consumer.stop()
