"""Dead letters of a service: kept, counted, reported once each on their topic, and handled by an operator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from clearinghouse_messages import topics
from clearinghouse_messages.dead_letters import DeadLetter
from clearinghouse_messages.envelope import LANES
from clearinghouse_runtime import dead_letters
from clearinghouse_runtime.clock import utc_now
from clearinghouse_runtime.dead_letters import DeadLetters
from clearinghouse_runtime.landed import LandedEvents
from clearinghouse_runtime.metrics import BacklogMetrics
from clearinghouse_runtime.mongo import Database
from clearinghouse_runtime.stream import Message
from clearinghouse_runtime.work_queue import NewItem, WorkQueue
from tests.runtime.support.ledger_with_topics import DEADLINE, LedgerWithTopics, entry, read_topic
from tests.support.waiting import until

BROKEN = b"\xff no envelope of ours"


@pytest.fixture
async def sending(database: Database) -> WorkQueue:
    queue = WorkQueue(database["sending"])
    await queue.prepare()
    return queue


@pytest.fixture
async def landed(database: Database) -> LandedEvents:
    events = LandedEvents(database, name="landed.records")
    await events.prepare()
    return events


@pytest.fixture
def letters(
    database: Database, sending: WorkQueue, landed: LandedEvents, published: LedgerWithTopics
) -> DeadLetters:
    return DeadLetters(
        database,
        source="tally",
        queues={"sending": sending},
        landed={"landed.records": landed},
        bootstrap_servers=published.bootstrap,
        topic=topics.dead_letters(published.prefix),
        every=0.1,
    )


def no_event(offset: int = 7) -> Message:
    return Message("dev.absch.records.v1", 0, offset, b"key", BROKEN, {})


async def mark_dead(queue: WorkQueue, error: str) -> str:
    """Make the next item a dead letter; its id."""
    item = await until(lambda: queue.claim(LANES))
    await queue.mark_dead(item, error)
    return item.id


async def one_of_each(sending: WorkQueue, landed: LandedEvents, published: LedgerWithTopics) -> list[str]:
    """A dead letter of own work, one of a landed event, and a message that was no event; their ids."""
    await sending.add([NewItem("letter-1", "official", {"to": "somebody"})])
    own = await mark_dead(sending, "KeyError at letters.py:12")
    async with published.relaying():
        await published.append(entry("R1"))
        await published.shipped()
    [event] = await published.messages()
    await landed.land([Message("t", 0, event.offset, event.key, event.value or b"", {})])
    of_event = await mark_dead(landed.queue, "ValueError at apply.py:3")
    await landed.land([no_event()])
    [message] = await landed.undecodable()
    return [own, of_event, f"dev.absch.records.v1|0|7|{message.sha256}"]


@asynccontextmanager
async def reporting(letters: DeadLetters) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(letters.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, DEADLINE)


async def told(published: LedgerWithTopics) -> list[DeadLetter]:
    messages = await read_topic(published.bootstrap, topics.dead_letters(published.prefix))
    return [DeadLetter.model_validate_json(message.value or b"") for message in messages]


async def test_every_dead_letter_is_listed_with_where_it_lies_and_whether_it_can_be_replayed(
    letters: DeadLetters, sending: WorkQueue, landed: LandedEvents, published: LedgerWithTopics
) -> None:
    assert await letters.all() == []
    ids = await one_of_each(sending, landed, published)

    found = await letters.all()

    assert [(one.queue, one.id, one.replayable) for one in found] == [
        ("sending", ids[0], True),
        ("landed.records", ids[1], True),
        ("landed.records.undecodable", ids[2], False),
    ]
    assert {one.source for one in found} == {"tally"}
    assert (found[1].type, found[1].subject, found[1].record) == (
        "int.cbd.record.published.v1",
        "R1-1",
        "R1",
    )


async def test_dead_letters_are_counted_by_queue_and_messages_that_were_no_events_apart(
    letters: DeadLetters, sending: WorkQueue, landed: LandedEvents, published: LedgerWithTopics
) -> None:
    await one_of_each(sending, landed, published)
    await landed.land([no_event(8)])

    assert await letters.counts() == {"sending": 1, "landed.records": 1, "landed.records.undecodable": 2}


async def test_an_operator_sees_what_is_kept_of_one_and_has_it_worked_once_more(
    letters: DeadLetters, sending: WorkQueue, landed: LandedEvents, published: LedgerWithTopics
) -> None:
    own, of_event, message = await one_of_each(sending, landed, published)

    async def operator(action: str, wanted: str | None = None) -> Any:
        return await dead_letters.answer(letters, action, wanted)

    assert [one["id"] for one in await operator("list")] == [own, of_event, message]
    assert (await operator("show", own))["payload"] == {"to": "somebody"}
    assert (await operator("show", of_event))["payload"]["envelope"]["record"] == "R1"
    assert (await operator("show", message))["payload"] == {"bytes": len(BROKEN)}
    assert await operator("show", "unknown") is None

    assert (await operator("replay", own))["replayed"] is True
    assert await operator("replay", message) is None
    assert await operator("replay", own) is None
    assert (await until(lambda: sending.claim(LANES))).id == own


async def test_each_is_reported_once_on_the_topic_and_again_only_when_it_failed_again(
    letters: DeadLetters, sending: WorkQueue, landed: LandedEvents, published: LedgerWithTopics
) -> None:
    ids = await one_of_each(sending, landed, published)

    async def all_told() -> bool:
        return {one.id for one in await told(published)} >= set(ids)

    async with reporting(letters):
        await until(all_told, within=DEADLINE)
    async with reporting(letters):
        await sending.add([NewItem("letter-2", "official", {})])
        again = await mark_dead(sending, "KeyError")

        async def the_new_one() -> bool:
            return again in {one.id for one in await told(published)}

        await until(the_new_one, within=DEADLINE)
    assert sorted(one.id for one in await told(published)) == sorted([*ids, again])

    await sending.replay(again)
    await mark_dead(sending, "KeyError")
    async with reporting(letters):

        async def told_twice() -> bool:
            return [one.id for one in await told(published)].count(again) == 2

        await until(told_twice, within=DEADLINE)


async def test_the_metrics_say_what_is_open_dead_and_unshipped_now(
    letters: DeadLetters, sending: WorkQueue, landed: LandedEvents, published: LedgerWithTopics
) -> None:
    registry = CollectorRegistry()
    metrics = BacklogMetrics(
        registry,
        queues={"sending": sending, "landed.records": landed.queue},
        dead_letters=letters,
        ledger=published.ledger,
        clock=lambda: utc_now() + timedelta(minutes=1),
    )

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    await metrics.read()
    assert [value("work_open", queue="sending", lane=lane) for lane in LANES] == [0, 0, 0]
    assert value("dead_letters", queue="landed.records.undecodable") == 0
    assert (value("ledger_unpositioned"), value("ledger_unshipped")) == (0, 0)

    await one_of_each(sending, landed, published)
    await sending.add([NewItem("letter-2", "bulk", {}), NewItem("letter-3", "bulk", {})])
    await published.append(entry("R2"), entry("R3"))
    await published.ledger.relay_state.update_one({}, {"$set": {"position": 4}})
    await metrics.read()

    assert [value("work_open", queue="sending", lane=lane) for lane in LANES] == [0, 0, 2]
    age = value("work_oldest_seconds", queue="sending", lane="bulk")
    assert age is not None
    assert 60 <= age < 120
    assert value("work_oldest_seconds", queue="sending", lane="official") == 0
    assert [value("dead_letters", queue=queue) for queue in await letters.counts()] == [1, 1, 1]
    assert (value("ledger_unpositioned"), value("ledger_unshipped")) == (2, 3)


async def test_metrics_are_read_again_and_again_until_the_process_ends(
    letters: DeadLetters, sending: WorkQueue, published: LedgerWithTopics
) -> None:
    registry = CollectorRegistry()
    metrics = BacklogMetrics(
        registry,
        queues={"sending": sending},
        dead_letters=letters,
        ledger=published.ledger,
        clock=utc_now,
        every=0.05,
    )
    stop = asyncio.Event()
    running = asyncio.create_task(metrics.run(stop))

    async def shown(count: int) -> bool:
        return registry.get_sample_value("work_open", {"queue": "sending", "lane": "official"}) == count

    await until(lambda: shown(0), within=DEADLINE)
    await sending.add([NewItem("letter-1", "official", {})])
    await until(lambda: shown(1), within=DEADLINE)
    stop.set()
    await asyncio.wait_for(running, DEADLINE)
