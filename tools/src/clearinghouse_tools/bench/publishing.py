"""Publishing permits over HTTP: the drafts beforehand, the publications timed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from clearinghouse_demo.demo_run import uid_of
from clearinghouse_tools.bench.authorities import REALM, BenchAuthority


@dataclass(frozen=True)
class PreparedDraft:
    """A draft that waits for its publication."""

    authority: BenchAuthority
    uid: str
    etag: str | None


@dataclass(frozen=True)
class TimedPublication:
    """A publication as its authority saw it. ``answered`` is the time (Unix, seconds) when HTTP answered."""

    identifier: str
    transmissions: int
    answered: float


@dataclass(frozen=True)
class Throughput:
    """How many were done in how many seconds."""

    count: int
    seconds: float

    @property
    def per_second(self) -> float:
        """The rate."""
        return self.count / self.seconds


async def prepare(authorities: Sequence[BenchAuthority], count: int) -> list[PreparedDraft]:
    """Drafts of permits, taking turns among the countries."""

    async def series(which: int) -> list[PreparedDraft]:
        return [await _draft(authorities[which]) for _ in range(which, count, len(authorities))]

    by_country = await asyncio.gather(*(series(which) for which in range(len(authorities))))
    return [by_country[n % len(authorities)][n // len(authorities)] for n in range(count)]


async def publish(draft: PreparedDraft) -> TimedPublication:
    """Publish one draft."""
    receipt = await draft.authority.registry.publish(REALM, draft.uid, draft.etag)
    return TimedPublication(receipt.identifier, receipt.transmissions or 0, time.time())


async def run(
    works: Sequence[Callable[[], Awaitable[object]]], *, at_once: int, seconds: float
) -> Throughput:
    """Do the works, so many at once, none begun after so many seconds; how fast that went."""
    waiting = iter(works)
    began = time.perf_counter()
    done = 0

    async def worker() -> None:
        nonlocal done
        for work in waiting:
            await work()
            done += 1
            if time.perf_counter() - began > seconds:
                return

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return Throughput(done, time.perf_counter() - began)


async def _draft(authority: BenchAuthority) -> PreparedDraft:
    permit = authority.permit()
    receipt = await authority.registry.create_draft(REALM, permit)
    return PreparedDraft(authority, uid_of(permit), receipt.etag)
