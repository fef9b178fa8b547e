from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from clearinghouse_runtime.process import pause, run_until_stopped


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_every_part_end(number: signal.Signals) -> None:
    ended: list[str] = []

    async def part(stop: asyncio.Event) -> None:
        await stop.wait()
        ended.append("part")

    async def sender(stop: asyncio.Event) -> None:
        os.kill(os.getpid(), number)
        await stop.wait()
        ended.append("sender")

    await asyncio.wait_for(run_until_stopped(part, sender), 5)

    assert sorted(ended) == ["part", "sender"]


async def test_a_part_that_fails_stops_the_others_and_its_error_is_raised() -> None:
    ended = asyncio.Event()

    async def part(stop: asyncio.Event) -> None:
        await stop.wait()
        ended.set()

    async def failing(_: asyncio.Event) -> None:
        raise LookupError("a part failed")

    with pytest.raises(LookupError, match="a part failed"):
        await asyncio.wait_for(run_until_stopped(part, failing), 5)
    assert ended.is_set()


async def test_a_part_that_returns_early_stops_the_others() -> None:
    async def part(stop: asyncio.Event) -> None:
        await stop.wait()

    async def done(_: asyncio.Event) -> None:
        return

    await asyncio.wait_for(run_until_stopped(part, done), 5)


async def test_a_pause_ends_with_the_first_event_or_with_its_time() -> None:
    wakeup, other = asyncio.Event(), asyncio.Event()
    wakeup.set()

    await asyncio.wait_for(pause(60, other, wakeup), 5)
    began = time.monotonic()
    await pause(0.05, other)

    assert time.monotonic() - began >= 0.05
