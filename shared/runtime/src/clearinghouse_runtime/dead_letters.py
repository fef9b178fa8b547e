"""Dead letters: kept where they arose, told once each on their topic, listed and replayed by an operator.

The topic gets what happened to which event and why, never its content: that stays with the service.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from clearinghouse_runtime.inbox import Inbox, Undecodable
from clearinghouse_runtime.mongo import INFRASTRUCTURE, Database
from clearinghouse_runtime.process import pause
from clearinghouse_runtime.retrying import describe
from clearinghouse_runtime.work import Dead, WorkQueue

logger = logging.getLogger(__name__)

TOLD = "dead_letters.told"


@dataclass(frozen=True)
class DeadLetter:
    """One dead letter of a service as operators see it. ``queue`` is where it lies; its ``id`` is unique there.

    One that is no envelope at all cannot be replayed: whoever wrote it must write it again.
    """

    source: str
    queue: str
    id: str
    error: str
    at: datetime
    attempts: int
    replayable: bool
    type: str | None = None
    subject: str | None = None
    record: str | None = None

    def message(self) -> dict[str, Any]:
        """As the topic has it."""
        return {**asdict(self), "at": self.at.isoformat()}


class DeadLetters:
    """All dead letters of the service: of its queues, and messages that were no envelopes."""

    def __init__(
        self,
        database: Database,
        *,
        source: str,
        queues: Mapping[str, WorkQueue],
        inboxes: Mapping[str, Inbox],
        bootstrap: str,
        topic: str,
        every: float = 2.0,
    ) -> None:
        self._source = source
        self._told = database[TOLD]
        self._queues = {**queues, **{name: inbox.queue for name, inbox in inboxes.items()}}
        self._inboxes = inboxes
        self._bootstrap = bootstrap
        self._topic = topic
        self._every = every

    async def all(self) -> list[DeadLetter]:
        """Every dead letter, oldest first."""
        found = [
            _dead(self._source, name, dead)
            for name, queue in self._queues.items()
            for dead in await queue.dead()
        ]
        found += [
            _no_envelope(self._source, name, message)
            for name, inbox in self._inboxes.items()
            for message in await inbox.undecodable()
        ]
        return sorted(found, key=lambda letter: letter.at)

    async def payload(self, letter: DeadLetter) -> dict[str, Any]:
        """What the service keeps of it: the work itself, or the size of a message that was no envelope."""
        if letter.replayable:
            kept = {dead.id: dead.payload for dead in await self._queues[letter.queue].dead()}
            return kept[letter.id]
        inbox = self._inboxes[letter.queue.removesuffix(".undecodable")]
        sizes = {_place(one): len(one.value) for one in await inbox.undecodable()}
        return {"bytes": sizes[letter.id]}

    async def replay(self, letter: DeadLetter) -> bool:
        """Let it be worked once more; False when it cannot be, or is no dead letter any more."""
        return letter.replayable and await self._queues[letter.queue].replay(letter.id)

    async def run(self, stop: asyncio.Event) -> None:
        """Tell each dead letter on the topic until ``stop``; engines that are away are tried again."""
        while not stop.is_set():
            try:
                await self._tell()
            except (*INFRASTRUCTURE, KafkaError, OSError) as error:
                logger.warning("dead letters could not be told: %s", describe(error))
            await pause(self._every, stop)

    async def _tell(self) -> None:
        news = [letter for letter in await self.all() if not await self._told.find_one({"_id": _key(letter)})]
        if not news:
            return
        producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap, acks="all", enable_idempotence=True)
        await producer.start()
        try:
            for letter in news:
                await producer.send_and_wait(
                    self._topic, json.dumps(letter.message()).encode(), key=letter.id.encode()
                )
                await self._told.update_one(
                    {"_id": _key(letter)}, {"$set": {"queue": letter.queue}}, upsert=True
                )
        finally:
            await producer.stop()


def _key(letter: DeadLetter) -> str:
    """One that died again after a replay is told again."""
    return f"{letter.queue}|{letter.id}|{letter.at.isoformat()}"


def _dead(source: str, queue: str, dead: Dead) -> DeadLetter:
    envelope = dead.payload.get("envelope", {})
    return DeadLetter(
        source=source,
        queue=queue,
        id=dead.id,
        error=dead.error,
        at=dead.buried_at,
        attempts=dead.attempts,
        replayable=True,
        type=envelope.get("type"),
        subject=envelope.get("subject"),
        record=envelope.get("record"),
    )


def _no_envelope(source: str, inbox: str, message: Undecodable) -> DeadLetter:
    return DeadLetter(
        source=source,
        queue=f"{inbox}.undecodable",
        id=_place(message),
        error="the message is no event of ours",
        at=message.landed_at,
        attempts=0,
        replayable=False,
    )


def _place(message: Undecodable) -> str:
    return f"{message.topic}|{message.partition}|{message.offset}|{message.sha256}"


async def listed(letters: DeadLetters) -> list[dict[str, Any]]:
    """Every dead letter as an operator sees it, oldest first, without what is kept of it."""
    return [letter.message() for letter in await letters.all()]


async def shown(letters: DeadLetters, wanted: str) -> dict[str, Any] | None:
    """One dead letter with what is kept of it; None when there is no such one."""
    letter = await _find(letters, wanted)
    return None if letter is None else {**letter.message(), "payload": await letters.payload(letter)}


async def replayed(letters: DeadLetters, wanted: str) -> dict[str, Any] | None:
    """The dead letter that is now worked once more; None when it cannot be."""
    letter = await _find(letters, wanted)
    if letter is None or not await letters.replay(letter):
        return None
    return {**letter.message(), "replayed": True}


async def answer(letters: DeadLetters, action: str, wanted: str | None) -> object:
    """What an operator's ``dead-letters list|show ID|replay ID`` answers; None when there is no such one."""
    match action:
        case "show":
            return await shown(letters, wanted or "")
        case "replay":
            return await replayed(letters, wanted or "")
        case _:
            return await listed(letters)


async def _find(letters: DeadLetters, wanted: str) -> DeadLetter | None:
    return next((letter for letter in await letters.all() if letter.id == wanted), None)
