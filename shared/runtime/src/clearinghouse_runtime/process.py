"""How a long-running process runs its parts and ends: cleanly on SIGTERM and SIGINT."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

BackgroundTask = Callable[[asyncio.Event], Awaitable[None]]
"""A part of a process: runs until the event it is given is set."""


async def run_until_stopped(*tasks: BackgroundTask) -> None:
    """Run the parts together until SIGTERM or SIGINT, which sets the event that each of them was given.

    A part that fails or returns early stops the others in the same way; an error propagates once all ended.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    running = [asyncio.ensure_future(_stopping(task, stop)) for task in tasks]
    try:
        outcomes = await asyncio.gather(*running, return_exceptions=True)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


async def _stopping(task: BackgroundTask, stop: asyncio.Event) -> None:
    try:
        await task(stop)
    finally:
        stop.set()


async def pause(seconds: float, *events: asyncio.Event) -> None:
    """Wait until one of the events is set, at most so many seconds."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
