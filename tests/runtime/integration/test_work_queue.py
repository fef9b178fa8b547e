from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import cast

import pytest

from clearinghouse_messages.envelope import LANES
from clearinghouse_runtime.lease import LeaseLost
from clearinghouse_runtime.mongo import Client, Database, transact
from clearinghouse_runtime.work_queue import Item, NewItem, WorkQueue
from tests.runtime.support.queues import open_items
from tests.support.waiting import until

pytestmark = pytest.mark.also_in_containers

SHORT = timedelta(milliseconds=50)


@pytest.fixture
async def short_leases(database: Database) -> WorkQueue:
    """The same queue with leases that end almost at once."""
    return WorkQueue(database["work"], lease=SHORT)


@pytest.fixture
async def ordered(database: Database) -> WorkQueue:
    queue = WorkQueue(database["ordered"], ordered=True)
    await queue.prepare()
    return queue


def item(item_id: str, **fields: object) -> NewItem:
    return NewItem(**{"id": item_id, "lane": "official", "payload": {"of": item_id}, **fields})  # type: ignore[arg-type]  # a test names only what matters to it


async def claimed(queue: WorkQueue) -> Item:
    """Wait for an item to be due, as a worker that polls does."""
    return await until(lambda: queue.claim(LANES))


async def time_passes(
    database: Database, span: timedelta, *, meanwhile: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Wait until the clock of the database has gone on by a span, doing something over and over meanwhile."""

    async def now() -> datetime:
        return cast(datetime, (await database.command("hello"))["localTime"])

    begin = await now()

    async def passed() -> bool:
        if meanwhile is not None:
            await meanwhile()
        return await now() > begin + span

    await until(passed)


async def test_work_is_taken_in_the_order_in_which_it_came(queue: WorkQueue, database: Database) -> None:
    for name in ("first", "second", "third"):
        await queue.add([item(name)])
        await time_passes(database, timedelta(milliseconds=1))  # in which the database's clock counts

    assert [(await claimed(queue)).id for _ in range(3)] == ["first", "second", "third"]
    assert await queue.claim(LANES) is None


async def test_an_import_never_delays_a_certificate(queue: WorkQueue) -> None:
    await queue.add([item(f"import-{number}", lane="bulk") for number in range(20)])
    await queue.add([item("certificate", lane="official")])

    assert (await claimed(queue)).id == "certificate"
    assert (await queue.claim(["official", "interactive"])) is None
    assert (await claimed(queue)).lane == "bulk"


async def test_work_that_is_known_is_not_added_again(queue: WorkQueue) -> None:
    assert await queue.add([item("a"), item("b")]) == 2
    await queue.finish(await claimed(queue))

    assert await queue.add([item("a"), item("b"), item("c")]) == 1
    assert await open_items(queue) == {"official": 2}


async def test_work_added_in_a_transaction_that_fails_does_not_exist(
    queue: WorkQueue, mongo_client: Client
) -> None:
    await queue.add([item("known")])

    async def body(session: object) -> None:
        await queue.add([item("known"), item("new")], session)  # type: ignore[arg-type]  # a session
        raise LookupError

    with pytest.raises(LookupError):
        await transact(mongo_client, body)

    assert await open_items(queue) == {"official": 1}


async def test_two_workers_never_hold_the_same_item(queue: WorkQueue) -> None:
    await queue.add([item(f"item-{number}") for number in range(40)])
    held: list[str] = []

    async def worker() -> None:
        while (found := await queue.claim(LANES)) is not None:
            held.append(found.id)

    await asyncio.gather(*[worker() for _ in range(8)])

    assert len(held) == 40
    assert len(set(held)) == 40


async def test_an_item_whose_worker_does_not_renew_goes_to_another_and_the_first_is_refused(
    short_leases: WorkQueue,
) -> None:
    await short_leases.add([item("a")])
    silent = await claimed(short_leases)

    other = await claimed(short_leases)

    assert (silent.attempts, other.attempts) == (1, 2)
    assert not await short_leases.renew(silent)
    for refused in (
        short_leases.finish(silent),
        short_leases.retry(silent, SHORT, "late"),
        short_leases.mark_dead(silent, "late"),
    ):
        with pytest.raises(LeaseLost):
            await refused
    await short_leases.finish(other)
    assert await open_items(short_leases) == {}


async def test_a_lease_that_is_renewed_is_kept(database: Database) -> None:
    lease = timedelta(milliseconds=400)
    queue = WorkQueue(database["work"], lease=lease)
    await queue.add([item("a")])
    held = await claimed(queue)

    async def renewed() -> None:
        assert await queue.renew(held)
        assert await queue.claim(LANES) is None

    await time_passes(database, 2 * lease, meanwhile=renewed)

    await queue.finish(held)


async def test_finishing_twice_under_one_lease_is_the_same_as_once(
    queue: WorkQueue, mongo_client: Client
) -> None:
    await queue.add([item("a")])
    held = await claimed(queue)

    await transact(mongo_client, lambda session: queue.finish(held, session))
    await queue.finish(held)

    assert await open_items(queue) == {}


async def test_an_item_given_back_is_due_again_after_its_delay(queue: WorkQueue) -> None:
    await queue.add([item("a"), item("b")])
    first = await claimed(queue)
    await queue.retry(first, timedelta(milliseconds=300), "the mail server is away")

    second = await claimed(queue)
    assert second.id != first.id
    assert await queue.claim(LANES) is None
    again = await claimed(queue)

    assert (again.id, again.attempts) == (first.id, 2)


async def test_a_dead_letter_is_listed_with_its_reason_and_can_be_replayed(queue: WorkQueue) -> None:
    await queue.add([item("a", key="record-1")])
    await queue.mark_dead(await claimed(queue), "KeyError at letters.py:12")

    [dead] = await queue.dead()
    assert (dead.id, dead.key, dead.error, dead.attempts) == ("a", "record-1", "KeyError at letters.py:12", 1)
    assert dead.payload == {"of": "a"}
    assert await queue.claim(LANES) is None
    assert await open_items(queue) == {}

    assert await queue.replay("a")
    assert not await queue.replay("a")
    assert (await claimed(queue)).attempts == 1
    assert await queue.dead() == []


async def test_open_work_is_counted_by_lane_with_the_time_since_which_the_oldest_waits(
    queue: WorkQueue,
) -> None:
    assert await queue.open_work() == []
    await queue.add([item("first"), item("import", lane="bulk")])
    held = await claimed(queue)
    await queue.add([item("second")])

    official = next(work for work in await queue.open_work() if work.lane == "official")
    assert (official.count, official.oldest) == (2, held.queued_at)

    await queue.retry(held, timedelta(hours=1), "later")
    official = next(work for work in await queue.open_work() if work.lane == "official")
    assert (official.count, official.oldest) == (2, held.queued_at)


async def test_work_that_is_done_or_dead_is_not_open_and_only_the_dead_is_counted_as_such(
    queue: WorkQueue,
) -> None:
    await queue.add([item("done"), item("broken")])
    await queue.finish(await claimed(queue))
    await queue.mark_dead(await claimed(queue), "broken")

    assert await queue.open_work() == []
    assert await queue.dead_count() == 1


async def test_the_lease_alone_is_enough_to_renew_and_finish_the_item(queue: WorkQueue) -> None:
    await queue.add([item("a")])
    lease = (await claimed(queue)).lease

    assert await queue.renew(lease)
    await queue.finish(lease)

    assert await open_items(queue) == {}


async def test_only_what_is_done_is_reopened(queue: WorkQueue) -> None:
    await queue.add([item(name) for name in ("done", "dead", "held", "waiting")])
    by_name = {}
    for _ in range(4):
        found = await claimed(queue)
        by_name[found.id] = found
    await queue.finish(by_name["done"])
    await queue.mark_dead(by_name["dead"], "broken")
    await queue.retry(by_name["waiting"], timedelta(hours=1), "later")

    await queue.reopen(["done", "dead", "held", "waiting", "unknown"])

    assert (await claimed(queue)).id == "done"
    assert await queue.claim(LANES) is None
    assert [dead.id for dead in await queue.dead()] == ["dead"]
    await queue.finish(by_name["held"])


async def test_within_a_key_the_lower_order_goes_first_though_it_came_later(ordered: WorkQueue) -> None:
    await ordered.add([item("second", key="record", order=2)])
    await ordered.add([item("first", key="record", order=1)])

    first = await claimed(ordered)
    assert first.id == "first"
    assert await ordered.claim(LANES) is None
    await ordered.finish(first)

    assert (await claimed(ordered)).id == "second"


async def test_a_dead_letter_holds_back_its_own_key_and_nothing_else(ordered: WorkQueue) -> None:
    await ordered.add([item(f"poisoned-{order}", key="poisoned", order=order) for order in (1, 2, 3)])
    await ordered.add([item(f"sound-{order}", key="sound", order=order) for order in (1, 2)])
    await ordered.add([item("without-key")])
    while (found := await ordered.claim(LANES)) is not None:
        if found.id == "poisoned-1":
            await ordered.mark_dead(found, "broken")
        else:
            await ordered.finish(found)

    assert await open_items(ordered) == {"official": 2}
    await ordered.replay("poisoned-1")

    worked = []
    while (found := await ordered.claim(LANES)) is not None:
        worked.append(found.id)
        await ordered.finish(found)
    assert worked == ["poisoned-1", "poisoned-2", "poisoned-3"]


async def test_an_item_that_waits_for_its_next_attempt_holds_back_its_successors(ordered: WorkQueue) -> None:
    await ordered.add([item("first", key="record", order=1), item("second", key="record", order=2)])
    await ordered.retry(await claimed(ordered), timedelta(milliseconds=200), "later")

    assert await ordered.claim(LANES) is None
    assert (await claimed(ordered)).id == "first"


async def test_workers_of_an_ordered_queue_never_work_on_one_key_at_the_same_time(ordered: WorkQueue) -> None:
    await ordered.add(
        [item(f"{key}-{order}", key=key, order=order) for order in range(1, 9) for key in ("a", "b", "c")]
    )
    worked: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    busy: set[str] = set()

    async def claimed_or_all_done() -> Item | bool | None:
        return sum(map(len, worked.values())) == 24 or await ordered.claim(LANES)

    async def worker() -> None:
        while True:
            found = await until(claimed_or_all_done)
            if found is True:
                return
            assert isinstance(found, Item)
            assert found.key is not None
            assert found.key not in busy
            busy.add(found.key)
            worked[found.key].append(found.order)
            assert await ordered.renew(found)  # others claim meanwhile
            busy.remove(found.key)
            await ordered.finish(found)

    async with asyncio.timeout(30):
        await asyncio.gather(*[worker() for _ in range(6)])

    assert all(orders == list(range(1, 9)) for orders in worked.values())
