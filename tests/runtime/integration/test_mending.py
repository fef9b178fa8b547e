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
from clearinghouse_runtime.inbox import Inbox
from clearinghouse_runtime.mongo import Database
from clearinghouse_runtime.provision import provision
from clearinghouse_runtime.stream import run_landing
from tests.runtime.support.ledger_with_topics import DEADLINE, Desk, entry
from tests.support.waiting import until


def decoded(message: ConsumerRecord[bytes, bytes]) -> Envelope:
    return Envelope.model_validate_json(message.value or b"")


async def ends(desk: Desk) -> dict[int, int]:
    """The last offset of each partition of the records."""
    return {message.partition: message.offset for message in await desk.messages()}


async def grow(desk: Desk, count: int) -> None:
    """Ship so many entries of five records, some together and some in transactions of their own."""
    for number in range(count):
        await desk.append(entry(f"R{number % 5}"))
        if number % 3 == 0:
            await desk.shipped()
    await desk.shipped()


@asynccontextmanager
async def reading(desk: Desk, inbox: Inbox, data_dir: Path) -> AsyncIterator[None]:
    """Land the records meanwhile, as a service does that was never stopped."""
    stop = asyncio.Event()
    reader = asyncio.create_task(
        run_landing(
            app_id=f"{desk.prefix}-reader",
            bootstrap=desk.bootstrap,
            topics=[topic(desk.prefix, "absch", "records")],
            data_dir=data_dir,
            land=inbox.land,
            stop=stop,
        )
    )
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(reader, DEADLINE)


async def everything_is_there(desk: Desk) -> bool:
    return {event.id for event in await desk.envelopes()} == {written.id for written in desk.written}


async def recreate_topics(desk: Desk) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=desk.bootstrap)
    await admin.start()
    names = [planned.name for planned in plan(desk.prefix, ("absch",))]
    await admin.delete_topics(names)

    async def gone() -> bool:
        return not set(names) & set(await admin.list_topics())

    await until(gone, within=DEADLINE)
    await admin.close()

    async def made() -> bool:
        return not await provision(desk.bootstrap, plan(desk.prefix, ("absch",)))

    await until(made, within=DEADLINE)


async def test_after_a_topic_was_lost_everything_is_there_again_behind_where_it_ended(desk: Desk) -> None:
    async with desk.relaying():
        await grow(desk, 12)
    before = await ends(desk)
    await recreate_topics(desk)
    assert await desk.messages() == []
    new = [entry(f"R{number}") for number in range(5)]
    await desk.append(*new)

    async with desk.relaying():
        await desk.shipped()

    assert await everything_is_there(desk)
    assert_complete_behind(await desk.messages(), before, desk, {item.id for item in new})


def assert_complete_behind(
    messages: list[ConsumerRecord[bytes, bytes]], before: dict[int, int], desk: Desk, new: set[str]
) -> None:
    """A reader that had acknowledged everything up to the old end finds, behind it, what was lost, in order,
    and then what is new; nothing new stands where he would not look."""
    behind: dict[str, list[int]] = {}
    for message in messages:
        event = decoded(message)
        if message.offset > before.get(message.partition, -1):
            behind.setdefault(event.record, []).append(event.seq)
        else:
            assert event.id not in new
    for record, seqs in behind.items():
        written = [item for item in desk.written if item.record == record]
        assert list(dict.fromkeys(seqs))[-1] == len(written)
        assert seqs == sorted(seqs)


async def test_a_broker_restored_from_a_backup_gets_what_it_forgot_and_no_reader_misses_anything(
    own_broker: engines.Broker, desk_at: Callable[[str], Awaitable[Desk]], database: Database, tmp_path: Path
) -> None:
    desk = await desk_at(own_broker.bootstrap)
    inbox = Inbox(database)
    await inbox.prepare()

    async def everything_landed() -> bool:
        return sum((await inbox.queue.pending()).values()) == len(desk.written)

    async with reading(desk, inbox, tmp_path / "faust"), desk.relaying():
        await grow(desk, 10)
        await until(everything_landed, within=DEADLINE)
        await asyncio.to_thread(own_broker.stop)
        shutil.copytree(own_broker.data_dir, tmp_path / "backup")
        await asyncio.to_thread(own_broker.start)
        await grow(desk, 15)
        await until(everything_landed, within=DEADLINE)
        before = await ends(desk)
        await asyncio.to_thread(own_broker.kill)
        shutil.rmtree(own_broker.data_dir)
        shutil.copytree(tmp_path / "backup", own_broker.data_dir)
        new = [entry(f"R{number}") for number in range(5)]
        await desk.append(*new)
        await asyncio.to_thread(own_broker.start)
        await desk.shipped()
        await until(everything_landed, within=60)

    assert await everything_is_there(desk)
    assert_complete_behind(await desk.messages(), before, desk, {item.id for item in new})


async def test_a_log_found_short_while_nothing_is_written_is_mended_unasked(desk: Desk) -> None:
    async with desk.relaying():
        await grow(desk, 6)
        await recreate_topics(desk)
        await until(lambda: everything_is_there(desk), within=60)


async def test_a_mending_that_was_interrupted_is_done_again_in_whole(
    desk: Desk, own_broker: engines.Broker, desk_at: Callable[[str], Awaitable[Desk]]
) -> None:
    async with desk.relaying():
        await grow(desk, 12)
    await recreate_topics(desk)
    relay = await desk.ledger.relay.find_one({})
    assert relay is not None
    marks = [{**mark, "position": 0, "behind": True} for mark in relay["partitions"]]
    await desk.ledger.relay.update_one({}, {"$set": {"partitions": marks}})
    await desk.append(entry("R0"))

    async with desk.relaying():
        await desk.shipped()

    assert await everything_is_there(desk)
    relay = await desk.ledger.relay.find_one({})
    assert relay is not None
    assert not any(mark["behind"] for mark in relay["partitions"])


async def test_a_broker_that_was_away_gets_everything_when_it_is_back(
    own_broker: engines.Broker, desk_at: Callable[[str], Awaitable[Desk]]
) -> None:
    desk = await desk_at(own_broker.bootstrap)
    async with desk.relaying():
        await grow(desk, 4)
        await asyncio.to_thread(own_broker.stop)
        await desk.append(entry("R0"), entry("R1"))
        assert (await desk.ledger.state()).shipped == 4
        await asyncio.to_thread(own_broker.start)
        await desk.shipped()

    assert [event.seq for event in await desk.envelopes() if event.record == "R0"] == [1, 2]


async def test_a_relay_stops_though_its_broker_is_away(
    own_broker: engines.Broker, desk_at: Callable[[str], Awaitable[Desk]]
) -> None:
    desk = await desk_at(own_broker.bootstrap)
    async with desk.relaying():
        await grow(desk, 1)
        await asyncio.to_thread(own_broker.stop)
        await desk.append(entry("R0"))

    assert (await desk.ledger.state()).shipped == 1
