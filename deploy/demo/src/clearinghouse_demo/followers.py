"""Two followers beside the demo, one of the ledger and one of Kafka: what `clearinghouse follow` sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress

from clearinghouse_client.api import Registry
from clearinghouse_client.errors import ClientError
from clearinghouse_client.following import Seen, follow_ledger
from clearinghouse_client.kafka import follow_kafka
from clearinghouse_demo.timeline import DEADLINE, CheckError
from clearinghouse_messages.envelope import Envelope


class Follower:
    """Collects the events that a stream gives."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.events: list[Envelope] = []
        self._failure: ClientError | None = None
        self._change = asyncio.Condition()

    async def run(self, stream: AsyncGenerator[Seen, None]) -> None:
        """Follow until cancelled; an error of the stream reaches whoever waits."""
        try:
            async with aclosing(stream):
                async for seen in stream:
                    await self._note(seen)
        except ClientError as error:
            async with self._change:
                self._failure = error
                self._change.notify_all()

    async def _note(self, seen: Seen) -> None:
        if isinstance(seen, Envelope):
            async with self._change:
                self.events.append(seen)
                self._change.notify_all()

    async def event(self, matches: Callable[[Envelope], bool], expected: str) -> Envelope:
        """The first event that matches, waited for. Fails when it does not come in time."""

        def ready() -> bool:
            return self._failure is not None or any(matches(event) for event in self.events)

        try:
            async with asyncio.timeout(DEADLINE), self._change:
                await self._change.wait_for(ready)
        except TimeoutError:
            raise CheckError(f"expected {expected} from {self.name} within {DEADLINE:.0f} s") from None
        if self._failure is not None:
            raise self._failure
        return next(event for event in self.events if matches(event))


class Followers:
    """The pair, and the position they started behind."""

    def __init__(self, start: int, generation: str) -> None:
        self.start = start
        self.generation = generation
        self.ledger = Follower("the ledger")
        self.kafka = Follower("Kafka")

    async def both(self, identifier: str, kind: str) -> tuple[Envelope, Envelope]:
        """The event of that type (``published``, …) about an identifier, from the ledger and from Kafka."""

        def matches(event: Envelope) -> bool:
            return event.subject == identifier and event.type == f"int.cbd.record.{kind}.v1"

        expected = f"{kind} of {identifier}"
        return await self.ledger.event(matches, expected), await self.kafka.event(matches, expected)


@asynccontextmanager
async def followers(registry: Registry, bootstrap: str, topic: str, realm: str) -> AsyncIterator[Followers]:
    """Both followers, from the ledger's end of now, until the block ends."""
    page = await registry.events(0, realm=realm)
    start = page.next
    while page.events:
        page = await registry.events(start, realm=realm)
        start = max(start, page.next)
    pair = Followers(start, page.generation)
    ledger = follow_ledger(registry, after=start, generation=page.generation, realm=realm)
    kafka = follow_kafka(bootstrap, [topic], after=start, generation=page.generation)
    tasks = [asyncio.create_task(pair.ledger.run(ledger)), asyncio.create_task(pair.kafka.run(kafka))]
    try:
        yield pair
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
