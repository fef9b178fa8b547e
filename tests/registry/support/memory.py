"""The registry's ports in memory: all or nothing like the real ones, but one transaction at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.events import Stream
from clearinghouse_runtime.commands import IdempotencyRecord
from clearinghouse_runtime.entries import LedgerEntry
from registry.application.ports import (
    After,
    Before,
    ConflictError,
    StaleError,
    Transaction,
    Where,
)
from registry.domain.entities import Entity
from tests.support.idempotency import StoredResults

E = TypeVar("E", bound=Entity)
T = TypeVar("T")
Kept = dict[str, dict[str, Entity]]
GENERATION = "memory"


class MemoryLedger:
    """Events with ``seq`` and, at once, a position: the relay of the fake is always there."""

    def __init__(self) -> None:
        self.events: list[tuple[Stream, Envelope]] = []
        self.restated: list[str] = []

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        """Keep committed entries."""
        for entry in entries:
            same = [
                one for stream, one in self.events if (stream, one.record) == (entry.stream, entry.record)
            ]
            fields = {name: value for name, value in vars(entry).items() if name != "stream"}
            envelope = Envelope(
                source="/test/registry",
                seq=len(same) + 1,
                position=len(self.events) + 1,
                generation=GENERATION,
                **fields,
            )
            self.events.append((entry.stream, envelope))

    async def read(
        self, *, after: int, limit: int, streams: Sequence[Stream] = ("records",), realm: str | None = None
    ) -> list[Envelope]:
        """Events behind a position, in order of position."""
        found = [
            one
            for stream, one in self.events
            if stream in streams and one.position > after and realm in (None, one.realm)
        ]
        return found[:limit]

    async def generation(self) -> str:
        """Names this ledger."""
        return GENERATION

    async def restate(self, entry_id: str) -> None:
        """Note that the entry is to be shipped again."""
        if not any(one.id == entry_id for _, one in self.events):
            raise LookupError("there is no such entry in the ledger")
        self.restated.append(entry_id)


class MemoryReader:
    """Reads entities from dictionaries."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, kind: type[E], id: str) -> E | None:  # noqa: A002 - it is the field's name
        """The entity with that id."""
        found = self._kept.get(kind.collection, {}).get(id)
        assert found is None or isinstance(found, kind)
        return found

    async def find(
        self,
        kind: type[E],
        where: Where,
        *,
        order: str = "id",
        descending: bool = False,
        limit: int | None = None,
    ) -> list[E]:
        """The entities that fit, in order of a field."""
        entities = [one for one in self._kept.get(kind.collection, {}).values() if isinstance(one, kind)]
        found = [one for one in entities if _fits(vars(one), where)]
        found.sort(key=lambda one: one.id)
        found.sort(key=lambda one: getattr(one, order), reverse=descending)
        return found[:limit]


class MemoryTransaction(MemoryReader, StoredResults):
    """A transaction on a copy."""

    def __init__(self, kept: Kept, results: Mapping[str, IdempotencyRecord]) -> None:
        super().__init__({kind: dict(entities) for kind, entities in kept.items()})
        self.entries: list[LedgerEntry] = []
        self.results = dict(results)

    @property
    def kept(self) -> Kept:
        """What is to be kept when it commits."""
        return self._kept

    async def insert(self, entity: Entity) -> None:
        """Add a new entity."""
        if entity.id in self._kept.get(entity.collection, {}):
            raise ConflictError(entity.collection, "id")
        self._refuse_taken(entity)
        self._kept.setdefault(entity.collection, {})[entity.id] = entity

    async def replace(self, entity: E) -> E:
        """Replace the entity that was read with this version."""
        self._refuse_stale(entity)
        self._refuse_taken(entity)
        after = entity.model_copy(update={"version": entity.version + 1})
        self._kept[entity.collection][entity.id] = after
        return after

    async def remove(self, entity: Entity) -> None:
        """Remove the entity that was read with this version."""
        self._refuse_stale(entity)
        del self._kept[entity.collection][entity.id]

    async def append(self, entries: Sequence[LedgerEntry]) -> None:
        """State events when it commits."""
        self.entries += entries

    def _refuse_stale(self, entity: Entity) -> None:
        known = self._kept.get(entity.collection, {}).get(entity.id)
        if known is None or known.version != entity.version:
            raise StaleError(entity.collection)

    def _refuse_taken(self, entity: Entity) -> None:
        for field in entity.unique:
            value = getattr(entity, field)
            for other in self._kept.get(entity.collection, {}).values():
                if value is not None and other.id != entity.id and getattr(other, field) == value:
                    raise ConflictError(entity.collection, field)


class MemoryStore(MemoryReader):
    """The registry's documents in memory."""

    def __init__(self, ledger: MemoryLedger) -> None:
        super().__init__({})
        self._ledger = ledger
        self.results: dict[str, IdempotencyRecord] = {}
        self._one_at_a_time = asyncio.Lock()

    async def transact(self, body: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``body``; what it wrote is there when it ends well, and nothing of it otherwise."""
        async with self._one_at_a_time:
            tx = MemoryTransaction(self._kept, self.results)
            result = await body(tx)
            self._kept = tx.kept
            self.results = tx.results
            self._ledger.write(tx.entries)
            return result


class MemoryNumbers:
    """Numbers from 100001."""

    def __init__(self) -> None:
        self._last = 100_000

    async def reserve(self) -> int:
        """The next number."""
        self._last += 1
        return self._last


def _fits(entity: Mapping[str, Any], where: Where) -> bool:
    return all(_is(entity[field], wanted) for field, wanted in where.items())


def _is(value: Any, wanted: object) -> bool:
    match wanted:
        case tuple():
            return value in wanted
        case Before(at=at):
            return value is not None and bool(value < at)
        case After(value=least):
            return value is not None and bool(value > least)
        case _:
            return wanted in value if isinstance(value, list) else bool(value == wanted)
