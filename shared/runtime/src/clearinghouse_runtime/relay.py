"""The relay: gives each committed entry of a ledger its position and ships it, in order of position.

One relay of a ledger leads, the others wait. What is shipped is marked afterwards, so an entry may be shipped
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

from clearinghouse_runtime.leadership import Deposed, Progress, Term, take_lead
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mending import advanced, floors, mend
from clearinghouse_runtime.mongo import INFRASTRUCTURE, changes
from clearinghouse_runtime.process import pause
from clearinghouse_runtime.retrying import backoff, describe
from clearinghouse_runtime.shipping import BATCH, Shipper, batches

logger = logging.getLogger(__name__)

CHECK_SECONDS = 2.0
GRACE_SECONDS = 3.0
LONGEST_BACKOFF = timedelta(seconds=5)

RINGS: list[Mapping[str, Any]] = [
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
    a new leader fences the one before. ``lease`` is how long a leader that fell silent is waited for; ``poll``
    how often entries are looked for when no change was announced.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        bootstrap: str,
        prefix: str,
        name: str,
        lease: timedelta = timedelta(seconds=5),
        poll: timedelta = timedelta(milliseconds=100),
    ) -> None:
        self._ledger = ledger
        self._bootstrap = bootstrap
        self._prefix = prefix
        self._name = name
        self._lease = lease
        self._poll = poll.total_seconds()
        self._leader = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"

    async def run(self, stop: asyncio.Event) -> None:
        """Lead when nobody else does, until ``stop`` is set. Engines that are away are tried again for ever."""
        failures = 0
        while not stop.is_set():
            try:
                term = await take_lead(self._ledger, self._leader, self._lease)
                if term is None:
                    await pause(self._poll, stop)
                    continue
                await self._lead(term, stop)
                failures = 0
            except Deposed:
                logger.warning("another relay leads now")
            except Exception as error:  # noqa: BLE001  # whatever the engines raise: a new term begins afresh
                failures += 1
                logger.warning("the relay pauses: %s", describe(error))
                await pause(backoff(failures, LONGEST_BACKOFF).total_seconds(), stop)

    async def _lead(self, term: Term, stop: asyncio.Event) -> None:
        logger.info("this relay leads, epoch %d", term.epoch)
        bell = asyncio.Event()
        tasks = {
            asyncio.create_task(self._serve(term, stop, bell)),
            asyncio.create_task(self._renew(term)),
            asyncio.create_task(self._listen(bell)),
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
                await term.release()

    async def _renew(self, term: Term) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                await term.renew(self._lease)
            except INFRASTRUCTURE as error:
                logger.warning("the lead could not be renewed: %s", describe(error))

    async def _listen(self, bell: asyncio.Event) -> None:
        """Ring when the ledger changes. Only a bell: what it misses is found by polling."""
        while True:
            try:
                async with changes(self._ledger.entries, RINGS) as announced:
                    async for _ in announced:
                        bell.set()
            except INFRASTRUCTURE as error:
                logger.warning("changes are not announced: %s", describe(error))
            await asyncio.sleep(self._poll)

    async def _serve(self, term: Term, stop: asyncio.Event, bell: asyncio.Event) -> None:
        clock = asyncio.get_running_loop()
        async with Shipper(self._bootstrap, prefix=self._prefix, transactional_id=self._name) as shipper:
            progress = await mend(term, shipper, await term.progress())
            checked = clock.time()
            while not stop.is_set():
                bell.clear()
                placed = await term.place(BATCH)
                before = progress
                progress = await ship_next(term, shipper, progress)
                progress = await ship_restated(term, shipper, progress)
                if placed or progress is not before:
                    continue
                if clock.time() - checked > CHECK_SECONDS:
                    progress = await mend(term, shipper, progress)
                    checked = clock.time()
                await pause(self._poll, stop, bell)


async def _give_up(stop: asyncio.Event) -> None:
    """End some time after ``stop``: what is being shipped to a broker that is away is not waited for."""
    await stop.wait()
    await asyncio.sleep(GRACE_SECONDS)


async def ship_next(term: Term, shipper: Shipper, progress: Progress) -> Progress:
    """Ship the next entries in order of position and mark them; the same progress when there are none."""
    waiting = term.ledger.placed({"position": {"$gt": progress.shipped}}, BATCH)
    async for batch in batches(waiting):
        produced = await shipper.ship(batch, floors(progress.marks))
        progress = Progress(batch[-1].envelope.position, advanced(progress.marks, produced))
        await term.mark(progress)
    return progress


async def ship_restated(term: Term, shipper: Shipper, progress: Progress) -> Progress:
    """Ship once more what is stated again; the same progress when there is nothing."""
    restated = await term.restated(progress.shipped, BATCH)
    if not restated:
        return progress
    produced = await shipper.ship([placed for placed, _ in restated], floors(progress.marks), restated=True)
    shipped = Progress(progress.shipped, advanced(progress.marks, produced))
    await term.mark(shipped)
    await term.settle(restated)
    return shipped
