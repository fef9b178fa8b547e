"""Metrics of the deliveries for ``/metrics``, read from the data so that they are right after a restart."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import product

from prometheus_client import CollectorRegistry, Gauge

from clearinghouse_messages.envelope import LANES
from clearinghouse_runtime.clock import Clock
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from clearinghouse_runtime.process import pause
from notifier.application.ports import Deliveries
from notifier.domain.delivery import DeliveryStatus

STATUSES: tuple[DeliveryStatus, ...] = ("owed", "retrying", "uncertain", "delivered", "failed")


class DeliveryMetrics:
    """Gauges that follow the deliveries."""

    def __init__(
        self,
        deliveries: Deliveries,
        metrics: CollectorRegistry,
        *,
        clock: Clock,
        every: float = 5.0,
    ) -> None:
        self._deliveries = deliveries
        self._clock = clock
        self._every = every
        self._counts = Gauge(
            "notifier_deliveries", "Deliveries by status and lane", ("status", "lane"), registry=metrics
        )
        self._oldest = Gauge(
            "notifier_oldest_unsettled_seconds",
            "Since when the oldest unsettled transmission is owed",
            registry=metrics,
        )

    async def read(self) -> None:
        """Set the gauges to what the data say now."""
        backlog = await self._deliveries.backlog()
        for status, lane in product(STATUSES, LANES):
            self._counts.labels(status, lane).set(backlog.counts.get((status, lane), 0))
        age = 0.0 if backlog.oldest is None else (self._clock() - backlog.oldest).total_seconds()
        self._oldest.set(max(age, 0.0))

    async def run(self, stop: asyncio.Event) -> None:
        """Read again and again until ``stop``; while the database is unavailable the last values stand."""
        while not stop.is_set():
            with suppress(*INFRASTRUCTURE):
                await self.read()
            await pause(self._every, stop)
