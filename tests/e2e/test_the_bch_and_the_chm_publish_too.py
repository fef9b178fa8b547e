"""A law of the BCH and a resource of the CHM go the same way, each to the topic of its own realm."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from clearinghouse_client.models import Draft
from clearinghouse_demo.stage import new_run, sign_in
from clearinghouse_local.stack import Stack
from clearinghouse_messages.envelope import Envelope
from tests.registry.support import records
from tests.registry.support.records import ref
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(120)

AUTHORITY = "sample-mx-authority-biosafety"


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30) as client:
        yield client


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


async def test_a_law_is_requested_approved_and_on_the_stream_of_the_bch(
    stack: Stack, http: httpx.AsyncClient
) -> None:
    author = (await sign_in(stack.addresses, http, "mx-nau")).registry
    authority = (await sign_in(stack.addresses, http, "mx-pa")).registry
    law = records.law(f"law-{new_run()}", authorities=[ref(AUTHORITY)])
    draft: Draft = await author.create_draft("bch", law)
    request = await author.request_publication("bch", draft.uid, draft.etag)
    made = await authority.approve("bch", request.request)
    assert made.record.identifier.startswith("BCH-DEV-LAW-MX-")
    event = await on_topic(stack, "bch", made.record.identifier.rpartition("-")[0])
    assert (event.type, event.realm, event.seq) == ("int.cbd.record.published.v1", "bch", 1)
    assert await author.transmissions(made.record.identifier) == []


async def test_a_resource_is_drafted_by_anyone_and_published_by_the_secretariat_of_the_chm(
    stack: Stack, http: httpx.AsyncClient
) -> None:
    anyone = (await sign_in(stack.addresses, http, "stranger")).registry
    secretariat = (await sign_in(stack.addresses, http, "secretariat")).registry
    draft = await anyone.create_draft("chm", records.resource(f"guide-{new_run()}"))
    request = await anyone.request_publication("chm", draft.uid, draft.etag)
    made = await secretariat.approve("chm", request.request)
    assert made.record.identifier.startswith("CHM-DEV-VLR-SCBD-")
    event = await on_topic(stack, "chm", made.record.identifier.rpartition("-")[0])
    assert (event.realm, event.data["format"]) == ("chm", "resource")
