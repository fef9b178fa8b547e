"""Engines that go away, refuse or lose their last moments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from clearinghouse_local.settings import StackSettings, free_ports
from clearinghouse_local.stack import Stack
from tests.support.publishing_authority import (
    PublishingAuthority,
    assert_in_order,
    assert_sent_once,
    signed_in_authority,
)

pytestmark = pytest.mark.timeout(240)


async def test_the_broker_is_away_for_a_while(authority: PublishingAuthority) -> None:
    broker = authority.stack.processes["broker"]
    await asyncio.to_thread(broker.kill)
    identifiers = [await authority.publish() for _ in range(3)]
    assert [await authority.letters(identifier) for identifier in identifiers] == [[], [], []]
    await asyncio.to_thread(broker.start)
    assert_in_order(await authority.on_kafka(*identifiers))
    await authority.delivered(*identifiers, within=90)
    for identifier in identifiers:
        assert_sent_once(await authority.letters(identifier))


async def test_the_document_store_is_away_for_a_while(authority: PublishingAuthority) -> None:
    store = authority.stack.processes["mongo"]
    before = await authority.publish()
    await asyncio.to_thread(store.kill)
    await asyncio.to_thread(store.start)
    after = await authority.publish()
    assert_in_order(await authority.on_kafka(before, after))
    await authority.delivered(before, after, within=90)
    for identifier in (before, after):
        assert_sent_once(await authority.letters(identifier))


async def test_the_mail_server_refuses_for_a_while(authority: PublishingAuthority) -> None:
    await authority.behave(mode="defer", times=6)
    identifier = await authority.publish()
    await authority.delivered(identifier)
    assert_sent_once(await authority.letters(identifier))
    attempts = [
        attempt for one in await authority.transmissions(identifier) for attempt in one.attempts or []
    ]
    deferred = [attempt for attempt in attempts if attempt.status == "deferred"]
    assert len(deferred) == 6
    assert {answer.code for attempt in deferred for answer in attempt.replies} == {451}
    await authority.assert_every_second_hand_over_is_explained(identifier, uncertain=False)


@pytest.fixture
async def authority_on_the_small_broker(tmp_path: Path) -> AsyncIterator[PublishingAuthority]:
    """A stack of its own on the small broker, which loses its last moments on kill -9."""
    stack = Stack(StackSettings(data_dir=tmp_path / "stack", engines="embedded", ports=free_ports()))
    await asyncio.to_thread(stack.start)
    try:
        async with signed_in_authority(stack) as opened:
            yield opened
    finally:
        await asyncio.to_thread(stack.stop)


async def test_the_small_broker_comes_back_without_its_last_moments(
    authority_on_the_small_broker: PublishingAuthority,
) -> None:
    authority = authority_on_the_small_broker
    before = [await authority.publish() for _ in range(3)]
    await authority.on_kafka(*before)
    broker = authority.stack.processes["broker"]
    await asyncio.to_thread(broker.kill)
    await asyncio.to_thread(broker.start)
    after = await authority.publish()
    assert_in_order(await authority.on_kafka(*before, after))
    await authority.delivered(*before, after, within=120)
    for identifier in (*before, after):
        assert_sent_once(await authority.letters(identifier))
