"""Waiting for what other tasks and engines bring about: on the condition itself, with a deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(probe: Callable[[], Awaitable[T | None]], *, within: float = 40.0) -> T:
    """What ``probe`` finds, as soon as that is something true. TimeoutError after ``within`` seconds."""
    async with asyncio.timeout(within):
        while not (found := await probe()):  # noqa: ASYNC110 - it lives in an engine, which has no event
            await asyncio.sleep(0.02)
        return found


def until_holds(holds: Callable[[], bool], what: str, *, within: float = 90.0) -> None:
    """Wait, without an event loop, until ``holds``. TimeoutError with ``what`` after ``within`` seconds."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.1)
