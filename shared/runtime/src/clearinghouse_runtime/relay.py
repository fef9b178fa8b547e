"""The relay: gives each committed entry of a ledger its position and ships it, in order of position.

One relay of a ledger leads, the others wait. What is shipped is recorded afterwards, so an entry may be shipped
twice (with the same identifier), never not at all.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

from clearinghouse_runtime.leadership import Leadership, LeadershipLost, Progress, take_leadership
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.log_repair import advanced, min_offsets, repair_logs
from clearinghouse_runtime.mongo import INFRASTRUCTURE, changes
from clearinghouse_runtime.process import pause
from clearinghouse_runtime.retry import backoff, describe
from clearinghouse_runtime.shipping import BATCH, Shipper, batches

_logger = logging.getLogger(__name__)

CHECK_SECONDS = 2.0
GRACE_SECONDS = 3.0
MAX_BACKOFF = timedelta(seconds=5)

CHANGE_PIPELINE: list[Mapping[str, Any]] = [
    {
        "$match": {
            "$or": [
                {"operationType": "insert"},
                {"updateDescription.updatedFields.restated": {"$exists": True}},
            ]
        }
    },
    {"$project": {"_id": 1}},
]


class Relay:
    """Ships a ledger to the topics under ``prefix``.

    ``name`` is the same for every relay of one ledger: it is their transactional identity on Kafka, under which
    a new leader fences the one before. ``lease`` is how long a silent leader keeps the lead; ``poll``
    how often entries are looked for when no change was announced.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        bootstrap_servers: str,
        prefix: str,
        name: str,
        lease: timedelta = timedelta(seconds=5),
        poll: timedelta = timedelta(milliseconds=100),
    ) -> None:
        self._ledger = ledger
        self._bootstrap = bootstrap_servers
        self._prefix = prefix
        self._name = name
        self._lease = lease
        self._poll = poll.total_seconds()
        self._leader = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"

    async def run(self, stop: asyncio.Event) -> None:
        """Lead when nobody else does, until ``stop`` is set. Unreachable engines are tried again for ever."""
        failures = 0
        while not stop.is_set():
            try:
                leadership = await take_leadership(self._ledger, self._leader, self._lease)
                if leadership is None:
                    await pause(self._poll, stop)
                    continue
                await self._lead(leadership, stop)
                failures = 0
            except LeadershipLost:
                _logger.warning("another relay leads now")
            except Exception as error:  # noqa: BLE001  # whatever the engines raise: a new leadership begins afresh
                failures += 1
                _logger.warning("the relay pauses: %s", describe(error))
                await pause(backoff(failures, MAX_BACKOFF).total_seconds(), stop)

    async def _lead(self, leadership: Leadership, stop: asyncio.Event) -> None:
        _logger.info("this relay leads, epoch %d", leadership.epoch)
        wakeup = asyncio.Event()
        tasks = {
            asyncio.create_task(self._serve(leadership, stop, wakeup)),
            asyncio.create_task(self._renew(leadership)),
            asyncio.create_task(self._listen(wakeup)),
            asyncio.create_task(_give_up(stop)),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(*INFRASTRUCTURE):
                await leadership.release()

    async def _renew(self, leadership: Leadership) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                await leadership.renew(self._lease)
            except INFRASTRUCTURE as error:
                _logger.warning("the lead could not be renewed: %s", describe(error))

    async def _listen(self, wakeup: asyncio.Event) -> None:
        """Wake up when the ledger changes; what this misses is found by polling."""
        while True:
            try:
                async with changes(self._ledger.entries, CHANGE_PIPELINE) as announced:
                    async for _ in announced:
                        wakeup.set()
            except INFRASTRUCTURE as error:
                _logger.warning("changes are not announced: %s", describe(error))
            await asyncio.sleep(self._poll)

    async def _serve(self, leadership: Leadership, stop: asyncio.Event, wakeup: asyncio.Event) -> None:
        clock = asyncio.get_running_loop()
        async with Shipper(self._bootstrap, prefix=self._prefix, transactional_id=self._name) as shipper:
            progress = await repair_logs(leadership, shipper, await leadership.progress())
            checked = clock.time()
            while not stop.is_set():
                wakeup.clear()
                positioned = await leadership.assign_positions(BATCH)
                before = progress
                progress = await ship_next(leadership, shipper, progress)
                progress = await ship_restated(leadership, shipper, progress)
                if positioned or progress is not before:
                    continue
                if clock.time() - checked > CHECK_SECONDS:
                    progress = await repair_logs(leadership, shipper, progress)
                    checked = clock.time()
                await pause(self._poll, stop, wakeup)


async def _give_up(stop: asyncio.Event) -> None:
    """End some time after ``stop``: what is being shipped to an unreachable broker is not waited for."""
    await stop.wait()
    await asyncio.sleep(GRACE_SECONDS)


async def ship_next(leadership: Leadership, shipper: Shipper, progress: Progress) -> Progress:
    """Ship the next entries in order of position and note that; the same progress when there are none."""
    waiting = leadership.ledger.positioned({"position": {"$gt": progress.shipped}}, BATCH)
    async for batch in batches(waiting):
        produced = await shipper.ship(batch, min_offsets(progress.partitions))
        progress = Progress(batch[-1].envelope.position, advanced(progress.partitions, produced))
        await leadership.save_progress(progress)
    return progress


async def ship_restated(leadership: Leadership, shipper: Shipper, progress: Progress) -> Progress:
    """Ship once more what is stated again; the same progress when there is nothing."""
    restated = await leadership.restated(progress.shipped, BATCH)
    if not restated:
        return progress
    produced = await shipper.ship(
        [positioned for positioned, _ in restated], min_offsets(progress.partitions), restated=True
    )
    shipped = Progress(progress.shipped, advanced(progress.partitions, produced))
    await leadership.save_progress(shipped)
    await leadership.clear_restated(restated)
    return shipped
