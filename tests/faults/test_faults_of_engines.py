"""Engines that go away, refuse or lose their last moments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from clearinghouse_local.settings import Ports, StackSettings
from clearinghouse_local.stack import Stack
from tests.support.publishing_authority import Office, assert_in_order, assert_told_once, open_office

pytestmark = pytest.mark.timeout(240)


async def test_the_broker_is_away_for_a_while(office: Office) -> None:
    broker = office.stack.processes["broker"]
    await asyncio.to_thread(broker.kill)
    identifiers = [await office.publish() for _ in range(3)]
    assert [await office.letters(identifier) for identifier in identifiers] == [[], [], []]
    await asyncio.to_thread(broker.start)
    assert_in_order(await office.on_kafka(*identifiers))
    await office.delivered(*identifiers, within=90)
    for identifier in identifiers:
        assert_told_once(await office.letters(identifier))


async def test_the_document_store_is_away_for_a_while(office: Office) -> None:
    store = office.stack.processes["mongo"]
    before = await office.publish()
    await asyncio.to_thread(store.kill)
    await asyncio.to_thread(store.start)
    after = await office.publish()
    assert_in_order(await office.on_kafka(before, after))
    await office.delivered(before, after, within=90)
    for identifier in (before, after):
        assert_told_once(await office.letters(identifier))


async def test_the_mail_server_refuses_for_a_while(office: Office) -> None:
    await office.behave(mode="defer", times=6)
    identifier = await office.publish()
    await office.delivered(identifier)
    assert_told_once(await office.letters(identifier))
    attempts = [attempt for one in await office.transmissions(identifier) for attempt in one.attempts or []]
    deferred = [attempt for attempt in attempts if attempt.state == "deferred"]
    assert len(deferred) == 6
    assert {answer.code for attempt in deferred for answer in attempt.answers} == {451}
    await office.assert_every_second_hand_over_is_explained(identifier, uncertain=False)


@pytest.fixture
async def small_broker_office(tmp_path: Path) -> AsyncIterator[Office]:
    """A stack of its own on the small broker, which loses its last moments on kill -9."""
    stack = Stack(StackSettings(data_dir=tmp_path / "stack", engines="embedded", ports=Ports.free()))
    await asyncio.to_thread(stack.start)
    try:
        async with open_office(stack) as opened:
            yield opened
    finally:
        await asyncio.to_thread(stack.stop)


async def test_the_small_broker_comes_back_without_its_last_moments(small_broker_office: Office) -> None:
    office = small_broker_office
    before = [await office.publish() for _ in range(3)]
    await office.on_kafka(*before)
    broker = office.stack.processes["broker"]
    await asyncio.to_thread(broker.kill)
    await asyncio.to_thread(broker.start)
    after = await office.publish()
    assert_in_order(await office.on_kafka(*before, after))
    await office.delivered(*before, after, within=120)
    for identifier in (*before, after):
        assert_told_once(await office.letters(identifier))
