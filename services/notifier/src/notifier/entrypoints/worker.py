"""The worker process: lands events, works them off, hands letters over, ships outcomes.

Lanes are apart where it matters: each lane has senders of its own, and transmissions of the official lane have
workers that take nothing else, so that an import never delays a certificate.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Sequence

from clearinghouse_messages.envelope import LANES, Envelope, Lane
from clearinghouse_messages.topics import Stream
from clearinghouse_runtime.logging import log
from clearinghouse_runtime.process import Main
from clearinghouse_runtime.stream import Message, run_landing
from clearinghouse_runtime.work import Item, RetryLater, work
from notifier.application.apply import apply
from notifier.application.ports import Hold
from notifier.application.send import send
from notifier.bootstrap import App
from notifier.domain.delivery import settled, state

logger = logging.getLogger(__name__)

GROUP = "notifier"

APPLIERS: Sequence[tuple[Stream, Sequence[Lane]]] = (
    ("transmissions", ("official",)),
    ("transmissions", ("official",)),
    ("transmissions", ("interactive", "bulk")),
    ("requests", LANES),
    ("records", LANES),
)
"""Which landed events each worker takes, in order of preference."""


class Worker:
    """The parts of the worker process and the bells between them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._landed = asyncio.Event()
        self._owed = asyncio.Event()
        self._topics = app.topics()

    def mains(self) -> list[Main]:
        """Everything that runs until the process is stopped."""
        return [self._land, *self.duties(), self._app.relay.run, self._app.dead_letters.run]

    def duties(self) -> list[Main]:
        """What is done about landed events: it needs the database and the mail server, no broker."""
        appliers = [self._applier(stream, lanes) for stream, lanes in APPLIERS]
        senders = [self._sender(lane) for lane in LANES for _ in range(self._app.settings.senders)]
        return [*appliers, *senders]

    async def land(self, messages: Sequence[Message]) -> None:
        """Each message into the inbox of its stream."""
        by_topic: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            by_topic[message.topic].append(message)
        for topic, landed in by_topic.items():
            await self._topics[topic].land(landed)
        self._landed.set()

    async def _land(self, stop: asyncio.Event) -> None:
        settings = self._app.settings
        await run_landing(
            app_id=settings.scoped(GROUP),
            bootstrap=settings.bootstrap,
            topics=list(self._topics),
            data_dir=settings.data_dir,
            land=self.land,
            stop=stop,
        )

    def _applier(self, stream: Stream, lanes: Sequence[Lane]) -> Main:
        queue = self._app.inboxes[stream].queue
        return lambda stop: work(queue, self._apply, lanes=lanes, stop=stop, bell=self._landed)

    async def _apply(self, item: Item) -> None:
        app = self._app
        await apply(
            Envelope.model_validate(item.payload["envelope"]),
            inbox=app.notices,
            deliveries=app.deliveries,
            letters=app.letters,
            identity=app.identity,
        )
        self._owed.set()

    def _sender(self, lane: Lane) -> Main:
        return lambda stop: work(self._app.sending, self._send, lanes=(lane,), stop=stop, bell=self._owed)

    async def _send(self, item: Item) -> None:
        delivery = await send(Hold(item.id, item.token), self._app.desk)
        if delivery is None:
            return
        log(
            logger,
            logging.INFO,
            "an attempt ended",
            transmission=delivery.transmission,
            lane=delivery.lane,
            state=state(delivery),
            attempts=len(delivery.attempts),
        )
        if not settled(delivery):
            chance = random.random()  # noqa: S311 - spreads load, guards nothing
            pause = self._app.patience.pause(len(delivery.attempts), chance)
            raise RetryLater(pause, "an address awaits its answer")
