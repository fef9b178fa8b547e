"""Processes that die or are held: nothing committed is lost, nobody is told twice without a reason on record."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.publishing_authority import Office, assert_in_order, assert_told_once
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(180)


async def off_loop(*actions: object) -> None:
    """Start or stop processes without holding up the event loop."""
    for action in actions:
        await asyncio.to_thread(action)  # type: ignore[arg-type]  # bound methods of servers


async def test_the_registry_dies_between_commit_and_relay(office: Office) -> None:
    processes = office.stack.processes
    await off_loop(processes["registry-relay"].kill)
    identifier = await office.publish()
    await off_loop(processes["registry-api"].kill, processes["registry-worker"].kill)
    assert await office.letters(identifier) == []
    for name in ("registry-api", "registry-relay", "registry-worker"):
        await off_loop(processes[name].start)
    seen = await office.on_kafka(identifier)
    assert_in_order(seen)
    await office.delivered(identifier)
    assert_told_once(await office.letters(identifier))


async def test_the_relay_dies_while_it_ships(office: Office) -> None:
    """Killed at any moment of a burst: some entries are shipped and not marked, others neither."""
    relay = office.stack.processes["registry-relay"]
    publishing = [asyncio.create_task(office.publish()) for _ in range(4)]
    first = await publishing[0]
    await office.on_kafka(first)
    await off_loop(relay.kill, relay.start)
    identifiers = [await task for task in publishing]
    assert_in_order(await office.on_kafka(*identifiers))
    await office.delivered(*identifiers, within=90)
    for identifier in identifiers:
        assert_told_once(await office.letters(identifier))


async def test_the_notifier_dies_before_it_landed_what_it_owes(office: Office) -> None:
    worker = office.stack.processes["notifier-worker"]
    await off_loop(worker.kill)
    identifier = await office.publish()
    await office.on_kafka(identifier)
    assert await office.letters(identifier) == []
    await off_loop(worker.start)
    await office.delivered(identifier)
    assert_told_once(await office.letters(identifier))


async def test_the_notifier_dies_before_the_server_accepted(office: Office) -> None:
    """The server reads the content and is silent; it keeps nothing. The sender cannot know and says so."""
    await office.behave(mode="hang")
    identifier = await office.publish()
    await office.handing_over(identifier)
    worker = office.stack.processes["notifier-worker"]
    await off_loop(worker.kill)
    await office.behave(mode="accept")
    await off_loop(worker.start)
    await office.delivered(identifier)
    assert_told_once(await office.letters(identifier))
    await office.assert_every_second_hand_over_is_explained(identifier, uncertain=True)


async def test_the_notifier_dies_after_the_server_accepted(office: Office) -> None:
    """The server keeps the letter and is held before it answers: a second letter bears the same Message-ID."""
    await office.behave(mode="drop-after-data")
    identifier = await office.publish()
    worker = office.stack.processes["notifier-worker"]

    async def one_letter() -> bool:
        return len(await office.letters(identifier)) > 0

    await until(one_letter)
    await off_loop(worker.kill)
    await office.behave(mode="accept")
    await off_loop(worker.start)
    await office.delivered(identifier)
    letters = await office.letters(identifier)
    assert len({letter.transmission for letter in letters}) == 4
    assert len({letter.message_id for letter in letters}) == 4
    assert len(letters) > 4
    await office.assert_every_second_hand_over_is_explained(identifier, uncertain=True)


async def test_a_second_relay_takes_over_from_a_paused_leader_which_is_then_refused(office: Office) -> None:
    leader = office.stack.processes["registry-relay"]
    twin = office.stack.twin("registry-relay")
    await off_loop(twin.start)
    before = await office.publish()
    await office.on_kafka(before)
    await off_loop(leader.pause)
    during = await office.publish()
    await office.on_kafka(during)
    await off_loop(leader.resume)
    after = await office.publish()
    assert_in_order(await office.on_kafka(before, during, after))
    await office.delivered(before, during, after)
    for identifier in (before, during, after):
        assert_told_once(await office.letters(identifier))
    await off_loop(twin.stop)
    assert_in_order(await office.on_kafka(await office.publish()))
