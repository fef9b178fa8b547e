from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clearinghouse_messages.envelope import LANES, RESTATED_HEADER, Envelope
from clearinghouse_runtime.inbox import Inbox
from clearinghouse_runtime.mongo import Database
from clearinghouse_runtime.stream import Message

pytestmark = pytest.mark.also_in_containers


@pytest.fixture
async def inbox(database: Database) -> Inbox:
    inbox = Inbox(database, ordered=True)
    await inbox.prepare()
    return inbox


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


async def test_an_event_lands_as_work_of_its_record_with_the_whole_envelope(inbox: Inbox) -> None:
    event = envelope("e1", seq=3)
    await inbox.land([carrying(event)])

    item = await inbox.queue.claim(LANES)

    assert item is not None
    assert (item.id, item.key, item.order, item.lane) == (
        "/test/registry|e1",
        "ABSCH-DEV-IRCC-MX-1",
        3,
        "official",
    )
    assert Envelope.model_validate(item.payload["envelope"]) == event


async def test_an_event_that_comes_twice_is_worked_once(inbox: Inbox) -> None:
    await inbox.land([carrying(envelope("e1")), carrying(envelope("e1"), offset=1)])
    item = await inbox.queue.claim(LANES)
    assert item is not None
    await inbox.queue.finish(item)

    await inbox.land([carrying(envelope("e1"), offset=2)])

    assert await inbox.queue.claim(LANES) is None


async def test_an_event_that_is_stated_again_is_worked_once_more(inbox: Inbox) -> None:
    await inbox.land([carrying(envelope("e1"))])
    item = await inbox.queue.claim(LANES)
    assert item is not None
    await inbox.queue.finish(item)

    await inbox.land([carrying(envelope("e1"), offset=1, restated=True)])

    again = await inbox.queue.claim(LANES)
    assert again is not None
    assert again.id == item.id


async def test_an_event_stated_again_before_it_ever_came_is_simply_new(inbox: Inbox) -> None:
    await inbox.land([carrying(envelope("e1"), restated=True)])

    assert await inbox.queue.pending() == {"official": 1}


async def test_what_is_no_envelope_is_kept_once_and_holds_up_nothing(inbox: Inbox) -> None:
    broken = message(b"\xff not an envelope", offset=7)
    await inbox.land([broken, carrying(envelope("e1"), offset=8)])
    await inbox.land([broken])

    [kept] = await inbox.undecodable()
    assert (kept.topic, kept.partition, kept.offset) == ("test.absch.records.v1", 0, 7)
    assert kept.value == b"\xff not an envelope"
    assert await inbox.queue.pending() == {"official": 1}


async def test_another_broken_message_under_an_offset_given_out_again_is_kept_too(inbox: Inbox) -> None:
    await inbox.land([message(b"one", offset=7)])
    await inbox.land([message(b"two", offset=7)])

    assert {kept.value for kept in await inbox.undecodable()} == {b"one", b"two"}


async def test_a_poison_event_holds_back_its_own_record_only(inbox: Inbox) -> None:
    await inbox.land([carrying(envelope(f"poisoned-{seq}", record="poisoned", seq=seq)) for seq in (1, 2)])
    await inbox.land([carrying(envelope("sound-1", record="sound"))])
    poisoned = await inbox.queue.claim(LANES)
    assert poisoned is not None
    await inbox.queue.bury(poisoned, "broken")

    following = await inbox.queue.claim(LANES)

    assert following is not None
    assert following.key == "sound"
    assert await inbox.queue.claim(LANES) is None
