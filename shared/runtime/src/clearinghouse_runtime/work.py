"""Leased work: the loop with which every service works off what a queue holds.

Errors have two kinds. Infrastructure (an engine cannot be reached, a time-out): the item is tried again for ever, with
a jittered back-off. Anything else is deterministic: the item becomes a dead letter at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from clearinghouse_messages.envelope import Lane
from clearinghouse_runtime.lease import LeaseLost
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from clearinghouse_runtime.process import pause
from clearinghouse_runtime.retry import MAX_BACKOFF, backoff, describe
from clearinghouse_runtime.work_queue import Item, WorkQueue

_logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
MAX_POLL_SECONDS = 1.0
"""Between looks when nothing was found for a while: dozens of idle workers must not keep the engine busy."""

TRANSIENT_ERRORS: tuple[type[Exception], ...] = (*INFRASTRUCTURE, OSError, TimeoutError)

Handle = Callable[[Item], Awaitable[None]]


class RetryLater(Exception):
    """Raised by a handler: nothing is wrong with the item, but it cannot be done now.

    ``delay`` None leaves the time to the back-off; ``reason`` is stored, so it holds no value of the payload.
    """

    def __init__(self, delay: timedelta | None = None, reason: str = "asked to be tried again later") -> None:
        super().__init__(reason)
        self.delay = delay
        self.reason = reason


async def work(
    queue: WorkQueue,
    handle: Handle,
    *,
    lanes: Sequence[Lane],
    stop: asyncio.Event,
    wakeup: asyncio.Event,
    max_backoff: timedelta = MAX_BACKOFF,
) -> None:
    """Work items off, one at a time, until ``stop`` is set; the item in work then is brought to its end.

    The lease is renewed while ``handle`` runs; if it is lost, ``handle`` is cancelled. ``handle`` may finish
    the item itself, inside its own transaction. ``wakeup`` says that there may be work; a poll, rarer the longer
    nothing comes, is the guarantee.
    """
    failures = 0
    idle = POLL_SECONDS
    while not stop.is_set():
        wakeup.clear()
        try:
            item = await queue.claim(lanes)
        except INFRASTRUCTURE as error:
            failures += 1
            _logger.warning("the queue cannot be reached: %s", describe(error))
            await pause(backoff(failures, max_backoff).total_seconds(), stop)
            continue
        failures = 0
        if item is None:
            await pause(idle, stop, wakeup)
            idle = POLL_SECONDS if wakeup.is_set() else min(idle * 2, MAX_POLL_SECONDS)
        else:
            idle = POLL_SECONDS
            await _work_off(queue, item, handle, max_backoff)


async def _work_off(queue: WorkQueue, item: Item, handle: Handle, max_backoff: timedelta) -> None:
    try:
        # An unreachable engine cannot be written to either: the lease runs out and the item is due again.
        with suppress(*INFRASTRUCTURE):
            await _attempt(queue, item, handle, max_backoff)
    except LeaseLost:
        _logger.warning("the lease of an item was lost; another worker has it")


async def _attempt(queue: WorkQueue, item: Item, handle: Handle, max_backoff: timedelta) -> None:
    try:
        await _under_lease(queue, item, handle)
        await queue.finish(item)
    except LeaseLost:
        raise
    except RetryLater as later:
        delay = backoff(item.attempts, max_backoff) if later.delay is None else later.delay
        await queue.retry(item, delay, later.reason)
    except TRANSIENT_ERRORS as error:
        _logger.warning("an item is tried again later: %s", describe(error))
        await queue.retry(item, backoff(item.attempts, max_backoff), describe(error))
    except Exception as error:  # noqa: BLE001  # whatever it is, it would come again: a dead letter
        _logger.error("an item became a dead letter: %s", describe(error))  # noqa: TRY400  # no values in logs
        await queue.mark_dead(item, describe(error))


async def _under_lease(queue: WorkQueue, item: Item, handle: Handle) -> None:
    handling = asyncio.ensure_future(handle(item))
    keeping = asyncio.create_task(_keep(queue, item))
    try:
        await asyncio.wait({handling, keeping}, return_when=asyncio.FIRST_COMPLETED)
        if not handling.done():
            raise LeaseLost(item.id)
        await handling
    finally:
        handling.cancel()
        keeping.cancel()
        await asyncio.gather(handling, keeping, return_exceptions=True)


async def _keep(queue: WorkQueue, item: Item) -> None:
    """Renew the lease until it is lost."""
    while True:
        await asyncio.sleep(queue.lease.total_seconds() / 3)
        try:
            if not await queue.renew(item):
                return
        except INFRASTRUCTURE as error:
            _logger.warning("a lease could not be renewed: %s", describe(error))
