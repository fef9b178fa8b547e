"""What the registry lands from the stream, and the work that follows: outcomes of its transmissions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from clearinghouse_messages.envelope import LANES, Envelope
from clearinghouse_messages.events import TransmissionOutcome, decode
from clearinghouse_runtime.logging import log
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from clearinghouse_runtime.process import pause
from clearinghouse_runtime.stream import Message, run_landing
from clearinghouse_runtime.work import Item, work
from registry.application.evidence import apply_outcome, sweep
from registry.application.requests import time_out
from registry.bootstrap import App

_logger = logging.getLogger(__name__)


async def land_outcomes(app: App, bell: asyncio.Event, stop: asyncio.Event) -> None:
    """Land the outcome events of every realm, acknowledge, ring the bell."""

    async def land(messages: Sequence[Message]) -> None:
        await app.inbox.land(messages)
        bell.set()

    await run_landing(
        app_id=app.settings.scoped("registry"),
        bootstrap=app.settings.bootstrap,
        topics=app.outcome_topics,
        data_dir=app.settings.data_dir,
        land=land,
        stop=stop,
    )


async def work_outcomes(app: App, bell: asyncio.Event, stop: asyncio.Event) -> None:
    """Apply landed outcomes."""

    async def handle(item: Item) -> None:
        payload = decode(Envelope.model_validate(item.payload["envelope"]))
        if isinstance(payload, TransmissionOutcome):
            await apply_outcome(app.context, payload)

    await work(app.inbox.queue, handle, lanes=LANES, stop=stop, bell=bell)


async def keep_deadlines(app: App, stop: asyncio.Event) -> None:
    """Now and then: state silent transmissions again, end requests that nobody decided."""
    silent_for = timedelta(seconds=app.settings.sweep_seconds)
    while not stop.is_set():
        try:
            restated = await sweep(app.context, silent_for)
            ended = await time_out(app.context)
            if restated or ended:
                log(_logger, logging.INFO, "deadlines", restated=restated, requests_timed_out=ended)
        except INFRASTRUCTURE as error:
            log(_logger, logging.WARNING, "an engine is away", error=type(error).__name__)
        await pause(min(app.settings.sweep_seconds / 2, 60.0), stop)
