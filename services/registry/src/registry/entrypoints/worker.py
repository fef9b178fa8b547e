"""The worker process: applies outcomes of transmissions, and keeps deadlines."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from clearinghouse_messages.envelope import LANES, Envelope
from clearinghouse_messages.events import TransmissionOutcome, decode
from clearinghouse_runtime.logging import log
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from clearinghouse_runtime.process import BackgroundTask, pause
from clearinghouse_runtime.work import work
from clearinghouse_runtime.work_queue import Item
from registry.application.evidence import apply_outcome, sweep
from registry.application.requests import cancel_impossible, time_out
from registry.bootstrap import App

_logger = logging.getLogger(__name__)


class Worker:
    """The tasks of the worker process, and the wakeup between them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._landed = asyncio.Event()

    def tasks(self) -> Sequence[BackgroundTask]:
        """Everything that runs until the process is stopped."""
        return [*self._app.backbone.landing_tasks(self._landed), *self.local_tasks()]

    def local_tasks(self) -> Sequence[BackgroundTask]:
        """What needs the database alone, no broker."""
        return [self._work_outcomes, self._keep_deadlines]

    async def _work_outcomes(self, stop: asyncio.Event) -> None:
        queue = self._app.backbone.landed["transmission-outcomes"].queue
        await work(queue, self._apply, lanes=LANES, stop=stop, wakeup=self._landed)

    async def _apply(self, item: Item) -> None:
        payload = decode(Envelope.model_validate(item.payload["envelope"]))
        if isinstance(payload, TransmissionOutcome):
            await apply_outcome(self._app.context, payload)

    async def _keep_deadlines(self, stop: asyncio.Event) -> None:
        """Now and then: state transmissions without an outcome again, end requests that cannot be decided any more."""
        no_outcome_for = timedelta(seconds=self._app.settings.sweep_seconds)
        while not stop.is_set():
            try:
                restated = await sweep(self._app.context, no_outcome_for)
                timed_out = await time_out(self._app.context)
                cancelled = await cancel_impossible(self._app.context)
                if restated or timed_out or cancelled:
                    log(
                        _logger,
                        logging.INFO,
                        "deadlines",
                        restated=restated,
                        requests_timed_out=timed_out,
                        requests_cancelled=cancelled,
                    )
            except INFRASTRUCTURE as error:
                log(_logger, logging.WARNING, "an engine is unavailable", error=type(error).__name__)
            await pause(min(self._app.settings.sweep_seconds / 2, 60.0), stop)
