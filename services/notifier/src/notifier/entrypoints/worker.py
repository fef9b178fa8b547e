"""The worker process: lands events, works them off, hands letters over, ships outcomes.

Lanes are apart where it matters: each lane has senders of its own, and transmissions of the official lane have
workers that take nothing else, so that an import never delays a certificate.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence

from clearinghouse_messages.envelope import LANES, Envelope, Lane
from clearinghouse_messages.events import Stream
from clearinghouse_runtime.logging import log
from clearinghouse_runtime.process import BackgroundTask
from clearinghouse_runtime.work import RetryLater, work
from clearinghouse_runtime.work_queue import Item
from notifier.adapters.mongo.deliveries import SENDING
from notifier.application.apply import apply
from notifier.application.send import send
from notifier.bootstrap import App
from notifier.domain.delivery import settled, status_of

_logger = logging.getLogger(__name__)

APPLIERS: Sequence[tuple[Stream, Sequence[Lane]]] = (
    ("transmissions", ("official",)),
    ("transmissions", ("official",)),
    ("transmissions", ("interactive", "bulk")),
    ("requests", LANES),
)
"""Which landed events each worker takes, in order of preference."""


class Worker:
    """The tasks of the worker process, and the wakeups between them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._landed = asyncio.Event()
        self._owed = asyncio.Event()

    def tasks(self) -> Sequence[BackgroundTask]:
        """Everything that runs until the process is stopped."""
        backbone = self._app.backbone
        return [*backbone.landing_tasks(self._landed), *self.local_tasks(), backbone.relay.run]

    def local_tasks(self) -> Sequence[BackgroundTask]:
        """What is done about landed events: it needs the database and the mail server, no broker."""
        appliers = [self._applier(stream, lanes) for stream, lanes in APPLIERS]
        senders = [self._sender(lane) for lane in LANES for _ in range(self._app.settings.senders)]
        return [*appliers, *senders]

    def _applier(self, stream: Stream, lanes: Sequence[Lane]) -> BackgroundTask:
        queue = self._app.backbone.landed[stream].queue
        return lambda stop: work(queue, self._apply, lanes=lanes, stop=stop, wakeup=self._landed)

    async def _apply(self, item: Item) -> None:
        app = self._app
        await apply(
            Envelope.model_validate(item.payload["envelope"]),
            notifications=app.notifications,
            deliveries=app.deliveries,
            letters=app.letters,
            mail_identity=app.mail_identity,
        )
        self._owed.set()

    def _sender(self, lane: Lane) -> BackgroundTask:
        return lambda stop: work(
            self._app.backbone.queues[SENDING], self._send, lanes=(lane,), stop=stop, wakeup=self._owed
        )

    async def _send(self, item: Item) -> None:
        delivery = await send(item.lease, self._app.sender_context)
        if delivery is None:
            return
        log(
            _logger,
            logging.INFO,
            "an attempt ended",
            transmission=delivery.transmission,
            lane=delivery.lane,
            status=status_of(delivery),
            attempts=len(delivery.attempts),
        )
        if not settled(delivery):
            chance = random.random()  # noqa: S311 - spreads load, guards nothing
            delay = self._app.retry_policy.delay(len(delivery.attempts), chance)
            raise RetryLater(delay, "an address awaits its answer")
