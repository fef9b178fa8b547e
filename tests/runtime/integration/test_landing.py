from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from clearinghouse_local import engines
from clearinghouse_messages.topics import topic
from clearinghouse_runtime.landed import LandedEvents
from clearinghouse_runtime.mongo import Database
from clearinghouse_runtime.stream import Message, run_landing
from tests.runtime.support.ledger_with_topics import DEADLINE, LedgerWithTopics, entry
from tests.runtime.support.queues import open_items
from tests.support.waiting import until

PublishedAt = Callable[[str], Awaitable[LedgerWithTopics]]

PROGRAM = Path(__file__).with_name("landing_program.py")


class Landed:
    """Remembers what landed; fails as often as asked to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.messages: list[Message] = []

    async def __call__(self, messages: Sequence[Message]) -> None:
        if self.failures:
            self.failures -= 1
            raise LookupError("cannot land now")
        self.messages += messages

    async def reach(self, count: int) -> None:
        async def reached() -> bool:
            return len({(m.partition, m.offset) for m in self.messages}) >= count

        await until(reached, within=DEADLINE)


@asynccontextmanager
async def landing(
    published: LedgerWithTopics, landed: Landed, data_dir: Path, group: str = "group"
) -> AsyncIterator[None]:
    stop, started = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(
        run_landing(
            app_id=f"{published.prefix}-{group}",
            bootstrap_servers=published.bootstrap,
            topics=[topic(published.prefix, "absch", "records")],
            data_dir=data_dir,
            land=landed,
            stop=stop,
            started=started,
        )
    )
    try:
        await asyncio.wait_for(started.wait(), DEADLINE)
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, DEADLINE)


async def consumer(
    published: LedgerWithTopics, mongo_uri: str, database: Database, data_dir: Path, how: str
) -> asyncio.subprocess.Process:
    """A consumer in a process of its own."""
    name = topic(published.prefix, "absch", "records")
    arguments = [published.bootstrap, mongo_uri, database.name, name, str(data_dir), how]
    return await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), *arguments, stdout=asyncio.subprocess.PIPE
    )


async def ship(published: LedgerWithTopics, count: int, record: str = "A") -> None:
    """Ship so many entries of one record, each in a transaction of its own."""
    async with published.relaying():
        for _ in range(count):
            await published.append(entry(record))
            await published.shipped()


async def test_a_new_group_begins_with_the_oldest_message_and_gets_it_raw(
    published: LedgerWithTopics, tmp_path: Path
) -> None:
    await ship(published, 3)
    landed = Landed()

    async with landing(published, landed, tmp_path):
        await landed.reach(3)

    expected = [(m.offset, m.key, m.value, dict(m.headers)) for m in await published.messages()]
    assert [(m.offset, m.key, m.value, m.headers) for m in landed.messages] == expected


async def test_what_cannot_land_is_tried_again_and_comes_before_what_follows(
    published: LedgerWithTopics, tmp_path: Path
) -> None:
    landed = Landed(failures=2)

    async with landing(published, landed, tmp_path):
        await ship(published, 2)
        await landed.reach(2)

    offsets = [m.offset for m in landed.messages]
    assert offsets == sorted(offsets)


async def test_what_is_acknowledged_does_not_come_again_though_each_transaction_leaves_a_gap(
    published: LedgerWithTopics, tmp_path: Path
) -> None:
    first, second = Landed(), Landed()
    async with landing(published, first, tmp_path):
        await ship(published, 12)
        await first.reach(12)
        last = max(m.offset for m in first.messages)
        place = TopicPartition(topic(published.prefix, "absch", "records"), first.messages[0].partition)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=published.bootstrap,
            group_id=f"{published.prefix}-group",
            enable_auto_commit=False,
        )
        await consumer.start()

        async def acknowledged() -> bool:
            return (await consumer.committed(place) or 0) > last

        await until(acknowledged, within=DEADLINE)
        await consumer.stop()

    async with landing(published, second, tmp_path):
        await ship(published, 1)
        await second.reach(1)

    assert all(m.offset > last for m in second.messages)


async def test_what_did_not_land_before_the_end_comes_again(
    published: LedgerWithTopics, tmp_path: Path
) -> None:
    never, later = Landed(failures=1_000_000), Landed()
    await ship(published, 3)
    async with landing(published, never, tmp_path):
        await until(lambda: _failed(never), within=DEADLINE)

    async with landing(published, later, tmp_path):
        await later.reach(3)

    assert never.messages == []


async def _failed(landed: Landed) -> bool:
    return landed.failures < 1_000_000


async def test_two_groups_each_get_everything(published: LedgerWithTopics, tmp_path: Path) -> None:
    one, other = Landed(), Landed()

    async with (
        landing(published, one, tmp_path / "one", "one"),
        landing(published, other, tmp_path / "other", "other"),
    ):
        await ship(published, 2)
        await one.reach(2)
        await other.reach(2)


async def test_a_consumer_killed_before_it_landed_loses_nothing(
    published: LedgerWithTopics, database: Database, mongo_uri: str, tmp_path: Path
) -> None:
    events = LandedEvents(database)
    await events.prepare()
    await ship(published, 5)

    doomed = await consumer(published, mongo_uri, database, tmp_path, "hang")
    assert doomed.stdout is not None
    assert await asyncio.wait_for(doomed.stdout.readline(), DEADLINE) == b"hanging\n"
    doomed.kill()
    await doomed.wait()

    successor = await consumer(published, mongo_uri, database, tmp_path, "land")
    try:

        async def everything_landed() -> bool:
            return sum((await open_items(events.queue)).values()) == 5

        await until(everything_landed, within=60)
    finally:
        successor.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(successor.wait(), DEADLINE)
    assert code == 0


@pytest.mark.parametrize("again", [1, 2])
async def test_it_starts_and_stops_as_often_as_needed_in_one_process(
    published: LedgerWithTopics, tmp_path: Path, again: int
) -> None:
    for count in range(1, again + 1):
        landed = Landed()
        await ship(published, 1)
        async with landing(published, landed, tmp_path, f"group-{count}"):
            await landed.reach(count)


async def test_a_consumer_ends_cleanly_though_its_broker_is_away(
    own_broker: engines.Broker, published_at: PublishedAt, database: Database, mongo_uri: str, tmp_path: Path
) -> None:
    published = await published_at(own_broker.bootstrap)
    events = LandedEvents(database)
    await ship(published, 1)
    process = await consumer(published, mongo_uri, database, tmp_path / "faust", "land")

    async def landed() -> bool:
        return await open_items(events.queue) == {"official": 1}

    await until(landed, within=DEADLINE)
    await asyncio.to_thread(own_broker.stop)
    process.send_signal(signal.SIGTERM)

    assert await asyncio.wait_for(process.wait(), DEADLINE) == 0
