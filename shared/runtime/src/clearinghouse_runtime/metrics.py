"""Metrics of what every service has: open work, dead letters, its ledger. Read from the data, so right at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from prometheus_client import CollectorRegistry, Gauge

from clearinghouse_messages.envelope import LANES
from clearinghouse_runtime.clock import Clock
from clearinghouse_runtime.dead_letters import DeadLetters
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from clearinghouse_runtime.process import pause
from clearinghouse_runtime.work_queue import WorkQueue


class BacklogMetrics:
    """Gauges that follow the queues, the dead letters and the ledger of one service."""

    def __init__(
        self,
        registry: CollectorRegistry,
        *,
        queues: Mapping[str, WorkQueue],
        dead_letters: DeadLetters,
        ledger: Ledger,
        clock: Clock,
        every: float = 5.0,
    ) -> None:
        self._queues = queues
        self._dead_letters = dead_letters
        self._ledger = ledger
        self._clock = clock
        self._every = every
        self._open = Gauge(
            "work_open", "Items that wait or are in work", ("queue", "lane"), registry=registry
        )
        self._oldest = Gauge(
            "work_oldest_seconds", "Age of the oldest open item", ("queue", "lane"), registry=registry
        )
        self._dead = Gauge("dead_letters", "Dead letters", ("queue",), registry=registry)
        self._unpositioned = Gauge(
            "ledger_unpositioned", "Entries that wait for their position", registry=registry
        )
        self._unshipped = Gauge("ledger_unshipped", "Positions not known to be shipped", registry=registry)

    async def read(self) -> None:
        """Set the gauges to what the data say now."""
        for name, queue in self._queues.items():
            open_work = {work.lane: work for work in await queue.open_work()}
            for lane in LANES:
                work = open_work.get(lane)
                self._open.labels(name, lane).set(work.count if work else 0)
                age = (self._clock() - work.oldest).total_seconds() if work else 0.0
                self._oldest.labels(name, lane).set(max(age, 0.0))
        for name, count in (await self._dead_letters.counts()).items():
            self._dead.labels(name).set(count)
        ledger = await self._ledger.status()
        self._unpositioned.set(ledger.unpositioned)
        self._unshipped.set(ledger.position - ledger.shipped)

    async def run(self, stop: asyncio.Event) -> None:
        """Read again and again until ``stop``; while the database is unavailable the last values stand."""
        while not stop.is_set():
            with suppress(*INFRASTRUCTURE, LookupError):  # LookupError: not migrated yet
                await self.read()
            await pause(self._every, stop)
