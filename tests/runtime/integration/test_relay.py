from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import timedelta

import pytest
from aiokafka.errors import KafkaError

from clearinghouse_messages.envelope import RESTATED_HEADER, Envelope
from clearinghouse_runtime.leadership import Deposed, Term, take_lead
from clearinghouse_runtime.relay import ship_next
from clearinghouse_runtime.shipping import Shipper
from tests.runtime.support.ledger_with_topics import Desk, entry
from tests.support.waiting import until

pytestmark = pytest.mark.also_in_containers

BRIEF = timedelta(milliseconds=100)
LONG = timedelta(seconds=60)


async def lead(desk: Desk, leader: str, lease: timedelta = LONG) -> Term:
    """Take the lead as soon as it is free."""
    return await until(lambda: take_lead(desk.ledger, leader, lease))


def shipper(desk: Desk) -> Shipper:
    return Shipper(desk.bootstrap, prefix=desk.prefix, transactional_id=f"{desk.prefix}-relay")


async def test_every_entry_is_shipped_once_in_order_of_position_under_its_records_key(desk: Desk) -> None:
    async with desk.relaying():
        await asyncio.gather(
            *[desk.append(entry(f"R{number % 5}"), entry(f"R{number % 5}")) for number in range(20)]
        )
        await desk.shipped()

    messages = await desk.messages()
    assert sorted(Envelope.model_validate_json(m.value or b"").id for m in messages) == sorted(
        written.id for written in desk.written
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


async def test_each_stream_goes_to_its_own_topic(desk: Desk) -> None:
    record, owed = entry("A"), entry("A", stream="transmissions")
    async with desk.relaying():
        await desk.append(record, owed)
        await desk.shipped()

    assert [event.id for event in await desk.envelopes("records")] == [record.id]
    assert [event.id for event in await desk.envelopes("transmissions")] == [owed.id]


async def test_what_is_stated_again_is_shipped_again_as_it_was_and_marked_as_such(desk: Desk) -> None:
    async with desk.relaying():
        await desk.append(entry("A"), entry("B"))
        await desk.shipped()
        await desk.ledger.restate(desk.written[0].id)

        async def came_again() -> bool:
            return len(await desk.messages()) == 3

        await until(came_again)

    again = [m for m in await desk.messages() if (RESTATED_HEADER, b"1") in m.headers]
    first = [m for m in await desk.messages() if m not in again and m.key == b"A"]
    assert [m.value for m in again] == [m.value for m in first]
    assert (await desk.ledger.state()).shipped == 2


async def test_a_leader_that_was_paused_is_refused_by_the_database_and_by_the_broker(desk: Desk) -> None:
    paused = await lead(desk, "paused", BRIEF)
    async with shipper(desk) as paused_shipper:
        await desk.append(entry("A"))
        await paused.place(10)
        progress = await ship_next(paused, paused_shipper, await paused.progress())
        await desk.append(entry("A"))

        successor = await lead(desk, "successor")
        assert successor.epoch == paused.epoch + 1
        async with shipper(desk) as successor_shipper:
            await successor.place(10)
            await ship_next(successor, successor_shipper, await successor.progress())
            await desk.append(entry("A"))

            for refused in (paused.place(10), paused.mark(progress), paused.renew(LONG), paused.progress()):
                with pytest.raises(Deposed):
                    await refused
            [late] = [placed async for placed in desk.ledger.placed({"position": 1}, 1)]
            with pytest.raises(KafkaError):
                await paused_shipper.ship([late], {})

            await successor.place(10)
            await ship_next(successor, successor_shipper, await successor.progress())

    assert [event.seq for event in await desk.envelopes()] == [1, 2, 3]


async def test_a_silent_leader_is_replaced_and_nothing_is_missing(desk: Desk) -> None:
    await lead(desk, "silent", BRIEF)
    async with desk.relaying(), desk.relaying():
        await desk.append(entry("A"), entry("B"))
        await desk.shipped()

    assert len(await desk.messages()) == 2


async def test_a_relay_that_stops_lets_another_lead_at_once(desk: Desk) -> None:
    async with desk.relaying():
        await desk.append(entry("A"))
        await desk.shipped()

    assert await take_lead(desk.ledger, "another", LONG) is not None


async def test_what_was_shipped_but_not_marked_is_shipped_again_with_the_same_identity(desk: Desk) -> None:
    await desk.append(entry("A"), entry("B"))
    dying = await lead(desk, "dying", BRIEF)
    async with shipper(desk) as dying_shipper:
        await dying.place(10)
        await dying_shipper.ship([placed async for placed in desk.ledger.placed({}, 10)], {})

    async with desk.relaying():
        await desk.shipped()

    events = await desk.envelopes()
    assert len(events) == 4
    assert {event.id for event in events} == {written.id for written in desk.written}
    assert {(event.id, event.position, event.seq) for event in events} == {
        (event.id, event.position, event.seq) for event in await desk.ledger.read(after=0, limit=10)
    }


async def test_large_records_travel(desk: Desk) -> None:
    large = entry("A", data={"text": "x" * 1_800_000})
    async with desk.relaying():
        await desk.append(large)
        await desk.shipped()

    [event] = await desk.envelopes()
    assert event.data == large.data
