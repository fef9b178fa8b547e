"""The broker loses the end of its logs, or is away: nothing that was committed is missing afterwards."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import ConsumerRecord

from clearinghouse_local import engines
from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.topics import plan, topic
from clearinghouse_runtime.landed import LandedEvents
from clearinghouse_runtime.mongo import Database
from clearinghouse_runtime.provision import provision
from clearinghouse_runtime.stream import run_landing
from tests.runtime.support.ledger_with_topics import DEADLINE, LedgerWithTopics, entry
from tests.runtime.support.queues import open_items
from tests.support.waiting import until


def decoded(message: ConsumerRecord[bytes, bytes]) -> Envelope:
    return Envelope.model_validate_json(message.value or b"")


async def ends(published: LedgerWithTopics) -> dict[int, int]:
    """The last offset of each partition of the records."""
    return {message.partition: message.offset for message in await published.messages()}


async def grow(published: LedgerWithTopics, count: int) -> None:
    """Ship so many entries of five records, some together and some in transactions of their own."""
    for number in range(count):
        await published.append(entry(f"R{number % 5}"))
        if number % 3 == 0:
            await published.shipped()
    await published.shipped()


@asynccontextmanager
async def reading(published: LedgerWithTopics, events: LandedEvents, data_dir: Path) -> AsyncIterator[None]:
    """Land the records meanwhile, as a service does that was never stopped."""
    stop = asyncio.Event()
    reader = asyncio.create_task(
        run_landing(
            app_id=f"{published.prefix}-reader",
            bootstrap_servers=published.bootstrap,
            topics=[topic(published.prefix, "absch", "records")],
            data_dir=data_dir,
            land=events.land,
            stop=stop,
        )
    )
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(reader, DEADLINE)


async def everything_is_there(published: LedgerWithTopics) -> bool:
    return {event.id for event in await published.envelopes()} == {
        written.id for written in published.written
    }


async def recreate_topics(published: LedgerWithTopics) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=published.bootstrap)
    await admin.start()
    names = [planned.name for planned in plan(published.prefix, ("absch",))]
    await admin.delete_topics(names)

    async def gone() -> bool:
        return not set(names) & set(await admin.list_topics())

    await until(gone, within=DEADLINE)
    await admin.close()

    async def made() -> bool:
        return not await provision(published.bootstrap, plan(published.prefix, ("absch",)))

    await until(made, within=DEADLINE)


async def test_after_a_topic_was_lost_everything_is_there_again_behind_where_it_ended(
    published: LedgerWithTopics,
) -> None:
    async with published.relaying():
        await grow(published, 12)
    before = await ends(published)
    await recreate_topics(published)
    assert await published.messages() == []
    new = [entry(f"R{number}") for number in range(5)]
    await published.append(*new)

    async with published.relaying():
        await published.shipped()

    assert await everything_is_there(published)
    assert_complete_behind(await published.messages(), before, published, {item.id for item in new})


def assert_complete_behind(
    messages: list[ConsumerRecord[bytes, bytes]],
    before: dict[int, int],
    published: LedgerWithTopics,
    new: set[str],
) -> None:
    """A reader that had acknowledged everything up to the old end finds, behind it, what was lost, in order,
    and then what is new; nothing new stands where it would not look."""
    behind: dict[str, list[int]] = {}
    for message in messages:
        event = decoded(message)
        if message.offset > before.get(message.partition, -1):
            behind.setdefault(event.record, []).append(event.seq)
        else:
            assert event.id not in new
    for record, seqs in behind.items():
        written = [item for item in published.written if item.record == record]
        assert list(dict.fromkeys(seqs))[-1] == len(written)
        assert seqs == sorted(seqs)


async def test_a_broker_restored_from_a_backup_gets_what_it_forgot_and_no_reader_misses_anything(
    own_broker: engines.Broker,
    published_at: Callable[[str], Awaitable[LedgerWithTopics]],
    database: Database,
    tmp_path: Path,
) -> None:
    published = await published_at(own_broker.bootstrap)
    events = LandedEvents(database)
    await events.prepare()

    async def everything_landed() -> bool:
        return sum((await open_items(events.queue)).values()) == len(published.written)

    async with reading(published, events, tmp_path / "faust"), published.relaying():
        await grow(published, 10)
        await until(everything_landed, within=DEADLINE)
        await asyncio.to_thread(own_broker.stop)
        shutil.copytree(own_broker.data_dir, tmp_path / "backup")
        await asyncio.to_thread(own_broker.start)
        await grow(published, 15)
        await until(everything_landed, within=DEADLINE)
        before = await ends(published)
        await asyncio.to_thread(own_broker.kill)
        shutil.rmtree(own_broker.data_dir)
        shutil.copytree(tmp_path / "backup", own_broker.data_dir)
        new = [entry(f"R{number}") for number in range(5)]
        await published.append(*new)
        await asyncio.to_thread(own_broker.start)
        await published.shipped()
        await until(everything_landed, within=60)

    assert await everything_is_there(published)
    assert_complete_behind(await published.messages(), before, published, {item.id for item in new})


async def test_a_log_found_short_while_nothing_is_written_is_repaired_unasked(
    published: LedgerWithTopics,
) -> None:
    async with published.relaying():
        await grow(published, 6)
        await recreate_topics(published)
        await until(lambda: everything_is_there(published), within=60)


async def test_a_repair_that_was_interrupted_is_done_again_in_whole(
    published: LedgerWithTopics,
    own_broker: engines.Broker,
    published_at: Callable[[str], Awaitable[LedgerWithTopics]],
) -> None:
    async with published.relaying():
        await grow(published, 12)
    await recreate_topics(published)
    relay = await published.ledger.relay_state.find_one({})
    assert relay is not None
    partitions = [{**known, "position": 0, "behind": True} for known in relay["partitions"]]
    await published.ledger.relay_state.update_one({}, {"$set": {"partitions": partitions}})
    await published.append(entry("R0"))

    async with published.relaying():
        await published.shipped()

    assert await everything_is_there(published)
    relay = await published.ledger.relay_state.find_one({})
    assert relay is not None
    assert not any(known["behind"] for known in relay["partitions"])


async def test_a_broker_that_was_away_gets_everything_when_it_is_back(
    own_broker: engines.Broker, published_at: Callable[[str], Awaitable[LedgerWithTopics]]
) -> None:
    published = await published_at(own_broker.bootstrap)
    async with published.relaying():
        await grow(published, 4)
        await asyncio.to_thread(own_broker.stop)
        await published.append(entry("R0"), entry("R1"))
        assert (await published.ledger.status()).shipped == 4
        await asyncio.to_thread(own_broker.start)
        await published.shipped()

    assert [event.seq for event in await published.envelopes() if event.record == "R0"] == [1, 2]


async def test_a_relay_stops_though_its_broker_is_away(
    own_broker: engines.Broker, published_at: Callable[[str], Awaitable[LedgerWithTopics]]
) -> None:
    published = await published_at(own_broker.bootstrap)
    async with published.relaying():
        await grow(published, 1)
        await asyncio.to_thread(own_broker.stop)
        await published.append(entry("R0"))

    assert (await published.ledger.status()).shipped == 1
