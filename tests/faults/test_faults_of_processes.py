"""Processes that are killed or held: nothing committed is lost, nobody is mailed twice without a reason on record."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.publishing_authority import PublishingAuthority, assert_in_order, assert_sent_once
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(180)


async def off_loop(*actions: object) -> None:
    """Start or stop processes without holding up the event loop."""
    for action in actions:
        await asyncio.to_thread(action)  # type: ignore[arg-type]  # bound methods of servers


async def test_the_registry_is_killed_between_commit_and_relay(authority: PublishingAuthority) -> None:
    processes = authority.stack.processes
    await off_loop(processes["registry-relay"].kill)
    identifier = await authority.publish()
    await off_loop(processes["registry-api"].kill, processes["registry-worker"].kill)
    assert await authority.letters(identifier) == []
    for name in ("registry-api", "registry-relay", "registry-worker"):
        await off_loop(processes[name].start)
    seen = await authority.on_kafka(identifier)
    assert_in_order(seen)
    await authority.delivered(identifier)
    assert_sent_once(await authority.letters(identifier))


async def test_the_relay_is_killed_while_it_ships(authority: PublishingAuthority) -> None:
    """Killed at any moment of a burst: some entries are shipped and not marked, others neither."""
    relay = authority.stack.processes["registry-relay"]
    publishing = [asyncio.create_task(authority.publish()) for _ in range(4)]
    first = await publishing[0]
    await authority.on_kafka(first)
    await off_loop(relay.kill, relay.start)
    identifiers = [await task for task in publishing]
    assert_in_order(await authority.on_kafka(*identifiers))
    await authority.delivered(*identifiers, within=90)
    for identifier in identifiers:
        assert_sent_once(await authority.letters(identifier))


async def test_the_notifier_is_killed_before_it_landed_what_it_owes(authority: PublishingAuthority) -> None:
    worker = authority.stack.processes["notifier-worker"]
    await off_loop(worker.kill)
    identifier = await authority.publish()
    await authority.on_kafka(identifier)
    assert await authority.letters(identifier) == []
    await off_loop(worker.start)
    await authority.delivered(identifier)
    assert_sent_once(await authority.letters(identifier))


async def test_the_notifier_is_killed_before_the_server_accepted(authority: PublishingAuthority) -> None:
    """The server reads the content and is silent; it keeps nothing. The sender cannot know and says so."""
    await authority.behave(mode="hang")
    identifier = await authority.publish()
    await authority.handing_over(identifier)
    worker = authority.stack.processes["notifier-worker"]
    await off_loop(worker.kill)
    await authority.behave(mode="accept")
    await off_loop(worker.start)
    await authority.delivered(identifier)
    assert_sent_once(await authority.letters(identifier))
    await authority.assert_every_second_hand_over_is_explained(identifier, uncertain=True)


async def test_the_notifier_is_killed_after_the_server_accepted(authority: PublishingAuthority) -> None:
    """The server keeps the letter and is held before it answers: a second letter bears the same Message-ID."""
    await authority.behave(mode="drop-after-data")
    identifier = await authority.publish()
    worker = authority.stack.processes["notifier-worker"]

    async def one_letter() -> bool:
        return len(await authority.letters(identifier)) > 0

    await until(one_letter)
    await off_loop(worker.kill)
    await authority.behave(mode="accept")
    await off_loop(worker.start)
    await authority.delivered(identifier)
    letters = await authority.letters(identifier)
    assert len({letter.transmission for letter in letters}) == 4
    assert len({letter.message_id for letter in letters}) == 4
    assert len(letters) > 4
    await authority.assert_every_second_hand_over_is_explained(identifier, uncertain=True)


async def test_a_second_relay_takes_over_from_a_paused_leader_which_is_then_refused(
    authority: PublishingAuthority,
) -> None:
    leader = authority.stack.processes["registry-relay"]
    twin = authority.stack.second_process("registry-relay")
    await off_loop(twin.start)
    before = await authority.publish()
    await authority.on_kafka(before)
    await off_loop(leader.pause)
    during = await authority.publish()
    await authority.on_kafka(during)
    await off_loop(leader.resume)
    after = await authority.publish()
    assert_in_order(await authority.on_kafka(before, during, after))
    await authority.delivered(before, during, after)
    for identifier in (before, during, after):
        assert_sent_once(await authority.letters(identifier))
    await off_loop(twin.stop)
    assert_in_order(await authority.on_kafka(await authority.publish()))
