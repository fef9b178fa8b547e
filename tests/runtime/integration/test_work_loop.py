from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import cast

import pytest

from clearinghouse_messages.envelope import LANES
from clearinghouse_runtime.mongo import INFRASTRUCTURE, Database
from clearinghouse_runtime.work import Handle, RetryLater, work
from clearinghouse_runtime.work_queue import Item, NewItem, WorkQueue
from tests.runtime.support.queues import open_items
from tests.support.waiting import until

DEADLINE = 20
AT_ONCE = timedelta(milliseconds=20)


def items(*names: str) -> list[NewItem]:
    return [NewItem(id=name, lane="official", payload={}) for name in names]


class Handler:
    """Fails as often as asked to, and says when it has been called so often."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.seen: list[Item] = []
        self.succeeded = asyncio.Event()

    async def __call__(self, item: Item) -> None:
        self.seen.append(item)
        if self.failures:
            raise self.failures.pop(0)
        self.succeeded.set()


@asynccontextmanager
async def working(queue: WorkQueue, handle: Handle) -> AsyncIterator[asyncio.Event]:
    stop, wakeup = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(
        work(queue, handle, lanes=LANES, stop=stop, wakeup=wakeup, max_backoff=AT_ONCE)
    )
    try:
        yield wakeup
    finally:
        stop.set()
        await asyncio.wait_for(running, DEADLINE)


@pytest.mark.parametrize(
    "failure",
    [INFRASTRUCTURE[0]("away"), ConnectionRefusedError(), TimeoutError(), RetryLater(), RetryLater(AT_ONCE)],
    ids=lambda failure: type(failure).__name__,
)
async def test_an_engine_that_is_away_is_tried_again_until_it_is_back(
    queue: WorkQueue, failure: Exception
) -> None:
    await queue.add(items("a"))
    handle = Handler(*[failure] * 5)

    async with working(queue, handle):
        await asyncio.wait_for(handle.succeeded.wait(), DEADLINE)

    assert [item.attempts for item in handle.seen] == [1, 2, 3, 4, 5, 6]
    assert await open_items(queue) == {}


async def test_what_would_fail_again_becomes_a_dead_letter_at_once_and_its_values_stay_out_of_it(
    queue: WorkQueue,
) -> None:
    await queue.add(items("poison", "sound"))
    handle = Handler(ValueError("provider: Maria Example"))
    async with working(queue, handle):
        await asyncio.wait_for(handle.succeeded.wait(), DEADLINE)

    [dead] = await queue.dead()
    assert dead.error.startswith("ValueError at test_work_loop.py")
    assert "Maria" not in dead.error
    assert len(handle.seen) == 2


async def test_a_long_piece_of_work_keeps_its_lease(database: Database) -> None:
    lease = timedelta(milliseconds=150)
    queue = WorkQueue(database["work"], lease=lease)
    await queue.add(items("long"))
    begun: list[int] = []

    async def leased_until() -> datetime:
        kept = await database["work"].find_one({"_id": "long"})
        assert kept is not None
        return cast(datetime, kept["due"])

    async def handle(item: Item) -> None:
        begun.append(item.attempts)
        first = await leased_until()

        async def four_leases_on() -> bool:
            return await leased_until() > first + 4 * lease

        await until(four_leases_on)

    async def nothing_left() -> bool:
        return not await open_items(queue)

    async with working(queue, handle), working(queue, handle):
        await until(nothing_left)

    assert begun == [1]


async def test_work_whose_lease_was_lost_is_broken_off(database: Database) -> None:
    queue = WorkQueue(database["work"], lease=timedelta(milliseconds=300))
    await queue.add(items("a"))
    broken_off = asyncio.Event()

    async def handle(item: Item) -> None:
        await database["work"].update_one({"_id": item.id}, {"$set": {"token": "another worker's"}})
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            broken_off.set()
            raise

    async with working(queue, handle):
        await asyncio.wait_for(broken_off.wait(), DEADLINE)


async def test_a_wakeup_ends_the_wait_of_an_idle_worker(queue: WorkQueue) -> None:
    handle = Handler()

    async with working(queue, handle) as wakeup:
        await queue.add(items("a"))
        wakeup.set()
        await asyncio.wait_for(handle.succeeded.wait(), DEADLINE)

    assert await open_items(queue) == {}


async def test_stopping_lets_the_item_in_work_come_to_its_end(queue: WorkQueue) -> None:
    await queue.add(items("a", "b"))
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def handle(_: Item) -> None:
        begun.set()
        await go_on.wait()

    stop = asyncio.Event()
    running = asyncio.create_task(work(queue, handle, lanes=LANES, stop=stop, wakeup=asyncio.Event()))
    await asyncio.wait_for(begun.wait(), DEADLINE)
    stop.set()
    go_on.set()
    await asyncio.wait_for(running, DEADLINE)

    assert await open_items(queue) == {"official": 1}
