from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clearinghouse_messages.envelope import LANES, RESTATED_HEADER, Envelope
from clearinghouse_runtime.landed import LandedEvents
from clearinghouse_runtime.mongo import Database
from clearinghouse_runtime.stream import Message
from tests.runtime.support.queues import open_items

pytestmark = pytest.mark.also_in_containers


@pytest.fixture
async def events(database: Database) -> LandedEvents:
    events = LandedEvents(database, ordered=True)
    await events.prepare()
    return events


def envelope(event_id: str, *, record: str = "ABSCH-DEV-IRCC-MX-1", seq: int = 1) -> Envelope:
    return Envelope(
        id=event_id,
        source="/test/registry",
        type="int.cbd.record.published.v1",
        subject=f"{record}-1",
        time=datetime(2026, 11, 22, tzinfo=UTC),
        realm="absch",
        record=record,
        seq=seq,
        position=seq,
        generation="g",
        cause="command",
        lane="official",
        data={"title": {"en": "Permit"}},
    )


def message(value: bytes, *, offset: int = 0, restated: bool = False) -> Message:
    headers = {RESTATED_HEADER: b"1"} if restated else {}
    return Message("test.absch.records.v1", 0, offset, b"key", value, headers)


def carrying(event: Envelope, *, offset: int = 0, restated: bool = False) -> Message:
    return message(event.model_dump_json().encode(), offset=offset, restated=restated)


async def test_an_event_lands_as_work_of_its_record_with_the_whole_envelope(events: LandedEvents) -> None:
    event = envelope("e1", seq=3)
    await events.land([carrying(event)])

    item = await events.queue.claim(LANES)

    assert item is not None
    assert (item.id, item.key, item.order, item.lane) == (
        "/test/registry|e1",
        "ABSCH-DEV-IRCC-MX-1",
        3,
        "official",
    )
    assert Envelope.model_validate(item.payload["envelope"]) == event


async def test_an_event_that_comes_twice_is_worked_once(events: LandedEvents) -> None:
    await events.land([carrying(envelope("e1")), carrying(envelope("e1"), offset=1)])
    item = await events.queue.claim(LANES)
    assert item is not None
    await events.queue.finish(item)

    await events.land([carrying(envelope("e1"), offset=2)])

    assert await events.queue.claim(LANES) is None


async def test_an_event_that_is_stated_again_is_worked_once_more(events: LandedEvents) -> None:
    await events.land([carrying(envelope("e1"))])
    item = await events.queue.claim(LANES)
    assert item is not None
    await events.queue.finish(item)

    await events.land([carrying(envelope("e1"), offset=1, restated=True)])

    again = await events.queue.claim(LANES)
    assert again is not None
    assert again.id == item.id


async def test_an_event_stated_again_before_it_ever_came_is_simply_new(events: LandedEvents) -> None:
    await events.land([carrying(envelope("e1"), restated=True)])

    assert await open_items(events.queue) == {"official": 1}


async def test_what_is_no_envelope_is_kept_once_and_holds_up_nothing(events: LandedEvents) -> None:
    broken = message(b"\xff not an envelope", offset=7)
    await events.land([broken, carrying(envelope("e1"), offset=8)])
    await events.land([broken])

    [kept] = await events.undecodable()
    assert (kept.topic, kept.partition, kept.offset) == ("test.absch.records.v1", 0, 7)
    assert kept.value == b"\xff not an envelope"
    assert await open_items(events.queue) == {"official": 1}


async def test_another_broken_message_under_an_offset_given_out_again_is_kept_too(
    events: LandedEvents,
) -> None:
    await events.land([message(b"one", offset=7)])
    await events.land([message(b"two", offset=7)])

    assert {kept.value for kept in await events.undecodable()} == {b"one", b"two"}
    assert await events.undecodable_count() == 2


async def test_a_service_says_itself_within_what_events_keep_their_order(database: Database) -> None:
    events = LandedEvents(database, ordered=True, key=lambda event: f"{event.record}|{event.id[0]}")
    await events.prepare()
    await events.land([carrying(envelope("a1", seq=1)), carrying(envelope("b2", seq=2))])

    keys = [item.key for _ in range(2) if (item := await events.queue.claim(LANES)) is not None]

    assert keys == ["ABSCH-DEV-IRCC-MX-1|a", "ABSCH-DEV-IRCC-MX-1|b"]


async def test_a_poison_event_holds_back_its_own_record_only(events: LandedEvents) -> None:
    await events.land([carrying(envelope(f"poisoned-{seq}", record="poisoned", seq=seq)) for seq in (1, 2)])
    await events.land([carrying(envelope("sound-1", record="sound"))])
    poisoned = await events.queue.claim(LANES)
    assert poisoned is not None
    await events.queue.mark_dead(poisoned, "broken")

    following = await events.queue.claim(LANES)

    assert following is not None
    assert following.key == "sound"
    assert await events.queue.claim(LANES) is None
