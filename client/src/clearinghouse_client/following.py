"""Following what is published, in order of position: from the registry's ledger or from Kafka.

A cursor is a position together with the generation of the ledger it belongs to; a restored or rebuilt ledger
has a new generation, and a follower is informed of it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from clearinghouse_client.api import Registry
from clearinghouse_messages.envelope import Envelope

LONG_POLL = 20
"""Seconds that a question for more events may stay open."""


@dataclass(frozen=True)
class NewGeneration:
    """The ledger is another one than before: earlier positions mean nothing in it."""

    before: str
    now: str


@dataclass(frozen=True)
class Unreadable:
    """A message that is not an event; the follower goes on behind it."""

    topic: str
    partition: int
    offset: int


Seen = Envelope | NewGeneration | Unreadable


async def follow_ledger(
    registry: Registry,
    *,
    after: int = 0,
    generation: str | None = None,
    realm: str | None = None,
    once: bool = False,
) -> AsyncGenerator[Seen, None]:
    """Every event behind a position. With ``once`` it ends at the ledger's end, else it waits for more.

    When the ledger turns out to be of another generation than the cursor's, it is read from its beginning.
    """
    while True:
        page = await registry.events(after, realm=realm, wait=0 if once else LONG_POLL)
        if generation is not None and page.generation != generation:
            yield NewGeneration(before=generation, now=page.generation)
            generation, after = page.generation, 0
            continue
        generation = page.generation
        for event in page.events:
            yield event
        if once and not page.events:
            return
        after = max(after, page.next)
