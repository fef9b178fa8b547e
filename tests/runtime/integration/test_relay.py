from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import timedelta

import pytest
from aiokafka.errors import KafkaError

from clearinghouse_messages.envelope import RESTATED_HEADER, Envelope
from clearinghouse_runtime.leadership import Leadership, LeadershipLost, take_leadership
from clearinghouse_runtime.relay import ship_next
from clearinghouse_runtime.shipping import Shipper
from tests.runtime.support.ledger_with_topics import LedgerWithTopics, entry
from tests.support.waiting import until

pytestmark = pytest.mark.also_in_containers

BRIEF = timedelta(milliseconds=100)
LONG = timedelta(seconds=60)


async def lead(published: LedgerWithTopics, leader: str, lease: timedelta = LONG) -> Leadership:
    """Take the lead as soon as it is free."""
    return await until(lambda: take_leadership(published.ledger, leader, lease))


def shipper(published: LedgerWithTopics) -> Shipper:
    return Shipper(published.bootstrap, prefix=published.prefix, transactional_id=f"{published.prefix}-relay")


async def test_every_entry_is_shipped_once_in_order_of_position_under_its_records_key(
    published: LedgerWithTopics,
) -> None:
    async with published.relaying():
        await asyncio.gather(
            *[published.append(entry(f"R{number % 5}"), entry(f"R{number % 5}")) for number in range(20)]
        )
        await published.shipped()

    messages = await published.messages()
    assert sorted(Envelope.model_validate_json(m.value or b"").id for m in messages) == sorted(
        written.id for written in published.written
    )
    by_partition: dict[int, list[int]] = defaultdict(list)
    by_record: dict[str, list[int]] = defaultdict(list)
    for message in messages:
        event = Envelope.model_validate_json(message.value or b"")
        assert message.key == event.record.encode()
        by_partition[message.partition].append(event.position)
        by_record[event.record].append(event.seq)
    assert all(positions == sorted(positions) for positions in by_partition.values())
    assert by_record == {f"R{number}": list(range(1, 9)) for number in range(5)}


async def test_each_stream_goes_to_its_own_topic(published: LedgerWithTopics) -> None:
    record, owed = entry("A"), entry("A", stream="transmissions")
    async with published.relaying():
        await published.append(record, owed)
        await published.shipped()

    assert [event.id for event in await published.envelopes("records")] == [record.id]
    assert [event.id for event in await published.envelopes("transmissions")] == [owed.id]


async def test_what_is_stated_again_is_shipped_again_as_it_was_and_marked_as_such(
    published: LedgerWithTopics,
) -> None:
    async with published.relaying():
        await published.append(entry("A"), entry("B"))
        await published.shipped()
        await published.ledger.restate(published.written[0].id)

        async def came_again() -> bool:
            return len(await published.messages()) == 3

        await until(came_again)

    again = [m for m in await published.messages() if (RESTATED_HEADER, b"1") in m.headers]
    first = [m for m in await published.messages() if m not in again and m.key == b"A"]
    assert [m.value for m in again] == [m.value for m in first]
    assert (await published.ledger.status()).shipped == 2


async def test_a_leader_that_was_paused_is_refused_by_the_database_and_by_the_broker(
    published: LedgerWithTopics,
) -> None:
    paused = await lead(published, "paused", BRIEF)
    async with shipper(published) as paused_shipper:
        await published.append(entry("A"))
        await paused.assign_positions(10)
        progress = await ship_next(paused, paused_shipper, await paused.progress())
        await published.append(entry("A"))

        successor = await lead(published, "successor")
        assert successor.epoch == paused.epoch + 1
        async with shipper(published) as successor_shipper:
            await successor.assign_positions(10)
            await ship_next(successor, successor_shipper, await successor.progress())
            await published.append(entry("A"))

            for refused in (
                paused.assign_positions(10),
                paused.save_progress(progress),
                paused.renew(LONG),
                paused.progress(),
            ):
                with pytest.raises(LeadershipLost):
                    await refused
            [late] = [positioned async for positioned in published.ledger.positioned({"position": 1}, 1)]
            with pytest.raises(KafkaError):
                await paused_shipper.ship([late], {})

            await successor.assign_positions(10)
            await ship_next(successor, successor_shipper, await successor.progress())

    assert [event.seq for event in await published.envelopes()] == [1, 2, 3]


async def test_a_leader_that_does_not_renew_is_replaced_and_nothing_is_missing(
    published: LedgerWithTopics,
) -> None:
    await lead(published, "silent", BRIEF)
    async with published.relaying(), published.relaying():
        await published.append(entry("A"), entry("B"))
        await published.shipped()

    assert len(await published.messages()) == 2


async def test_a_relay_that_stops_lets_another_lead_at_once(published: LedgerWithTopics) -> None:
    async with published.relaying():
        await published.append(entry("A"))
        await published.shipped()

    assert await take_leadership(published.ledger, "another", LONG) is not None


async def test_what_was_shipped_but_not_marked_is_shipped_again_with_the_same_identity(
    published: LedgerWithTopics,
) -> None:
    await published.append(entry("A"), entry("B"))
    dying = await lead(published, "dying", BRIEF)
    async with shipper(published) as dying_shipper:
        await dying.assign_positions(10)
        await dying_shipper.ship([positioned async for positioned in published.ledger.positioned({}, 10)], {})

    async with published.relaying():
        await published.shipped()

    events = await published.envelopes()
    assert len(events) == 4
    assert {event.id for event in events} == {written.id for written in published.written}
    assert {(event.id, event.position, event.seq) for event in events} == {
        (event.id, event.position, event.seq) for event in await published.ledger.read(after=0, limit=10)
    }


async def test_large_records_travel(published: LedgerWithTopics) -> None:
    large = entry("A", data={"text": "x" * 1_800_000})
    async with published.relaying():
        await published.append(large)
        await published.shipped()

    [event] = await published.envelopes()
    assert event.data == large.data
