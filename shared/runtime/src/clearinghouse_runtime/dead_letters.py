"""Dead letters: kept where they arose, reported once each on their topic, listed and replayed by an operator."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from clearinghouse_messages.dead_letters import DeadLetter
from clearinghouse_runtime.landed import LandedEvents, UndecodableMessage
from clearinghouse_runtime.mongo import INFRASTRUCTURE, Database
from clearinghouse_runtime.process import pause
from clearinghouse_runtime.retry import describe
from clearinghouse_runtime.work_queue import DeadItem, WorkQueue

_logger = logging.getLogger(__name__)

REPORTED = "dead_letters.reported"


class DeadLetters:
    """All dead letters of the service: of its queues, and messages that were no envelopes."""

    def __init__(
        self,
        database: Database,
        *,
        source: str,
        queues: Mapping[str, WorkQueue],
        landed: Mapping[str, LandedEvents],
        bootstrap_servers: str,
        topic: str,
        every: float = 2.0,
    ) -> None:
        self._source = source
        self._reported = database[REPORTED]
        self._queues = {**queues, **{name: events.queue for name, events in landed.items()}}
        self._landed = landed
        self._bootstrap_servers = bootstrap_servers
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
            for name, events in self._landed.items()
            for message in await events.undecodable()
        ]
        return sorted(found, key=lambda letter: letter.at)

    async def counts(self) -> dict[str, int]:
        """How many there are in each queue; messages that were no envelopes count apart."""
        counted = {name: await queue.dead_count() for name, queue in self._queues.items()}
        for name, events in self._landed.items():
            counted[f"{name}.undecodable"] = await events.undecodable_count()
        return counted

    async def payload(self, letter: DeadLetter) -> dict[str, Any]:
        """What the service keeps of it: the work itself, or the size of a message that was no envelope."""
        if letter.replayable:
            kept = {dead.id: dead.payload for dead in await self._queues[letter.queue].dead()}
            return kept[letter.id]
        events = self._landed[letter.queue.removesuffix(".undecodable")]
        sizes = {_place(one): len(one.value) for one in await events.undecodable()}
        return {"bytes": sizes[letter.id]}

    async def replay(self, letter: DeadLetter) -> bool:
        """Let it be worked once more; False when it cannot be, or is no dead letter any more."""
        return letter.replayable and await self._queues[letter.queue].replay(letter.id)

    async def run(self, stop: asyncio.Event) -> None:
        """Report each dead letter on the topic until ``stop``; engines that cannot be reached are tried again."""
        while not stop.is_set():
            try:
                await self._report()
            except (*INFRASTRUCTURE, KafkaError, OSError) as error:
                _logger.warning("dead letters could not be reported: %s", describe(error))
            await pause(self._every, stop)

    async def _report(self) -> None:
        letters = {_key(letter): letter for letter in await self.all()}
        found = self._reported.find({"_id": {"$in": list(letters)}}, {"_id": 1})
        reported = {document["_id"] async for document in found} if letters else set[str]()
        unreported = [letter for key, letter in letters.items() if key not in reported]
        if not unreported:
            return
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap_servers, acks="all", enable_idempotence=True
        )
        await producer.start()
        try:
            for letter in unreported:
                await producer.send_and_wait(
                    self._topic, letter.model_dump_json().encode(), key=letter.id.encode()
                )
                await self._reported.update_one(
                    {"_id": _key(letter)}, {"$set": {"queue": letter.queue}}, upsert=True
                )
        finally:
            await producer.stop()


def _key(letter: DeadLetter) -> str:
    """One that failed again after a replay is reported again."""
    return f"{letter.queue}|{letter.id}|{letter.at.isoformat()}"


def _dead(source: str, queue: str, dead: DeadItem) -> DeadLetter:
    envelope = dead.payload.get("envelope", {})
    return DeadLetter(
        source=source,
        queue=queue,
        id=dead.id,
        error=dead.error,
        at=dead.dead_since,
        attempts=dead.attempts,
        replayable=True,
        type=envelope.get("type"),
        subject=envelope.get("subject"),
        record=envelope.get("record"),
    )


def _no_envelope(source: str, name: str, message: UndecodableMessage) -> DeadLetter:
    return DeadLetter(
        source=source,
        queue=f"{name}.undecodable",
        id=_place(message),
        error="the message is no event of ours",
        at=message.landed_at,
        attempts=0,
        replayable=False,
    )


def _place(message: UndecodableMessage) -> str:
    return f"{message.topic}|{message.partition}|{message.offset}|{message.sha256}"


async def listed(letters: DeadLetters) -> list[dict[str, Any]]:
    """Every dead letter as an operator sees it, oldest first, without what is kept of it."""
    return [letter.model_dump(mode="json") for letter in await letters.all()]


async def shown(letters: DeadLetters, wanted: str) -> dict[str, Any] | None:
    """One dead letter with what is kept of it; None when there is no such one."""
    letter = await _find(letters, wanted)
    return (
        None
        if letter is None
        else {**letter.model_dump(mode="json"), "payload": await letters.payload(letter)}
    )


async def replayed(letters: DeadLetters, wanted: str) -> dict[str, Any] | None:
    """The dead letter that is now worked once more; None when it cannot be."""
    letter = await _find(letters, wanted)
    if letter is None or not await letters.replay(letter):
        return None
    return {**letter.model_dump(mode="json"), "replayed": True}


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
