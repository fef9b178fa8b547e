"""What the use cases need from the outside. Each port has one contract suite for its fake and its real adapter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.events import Stream
from clearinghouse_runtime.commands import CommandTransaction
from registry.domain.entities import Entity

E = TypeVar("E", bound=Entity)
T = TypeVar("T")


class ConflictError(Exception):
    """An entity is there already: its id or one of its unique values is taken. ``field`` says which."""

    def __init__(self, kind: str, field: str) -> None:
        super().__init__(f"{kind}.{field}")
        self.collection = kind
        self.field = field


class StaleError(Exception):
    """The entity was changed or removed since it was read."""


@dataclass(frozen=True)
class Before:
    """In ``where``: values earlier than this."""

    at: datetime


@dataclass(frozen=True)
class After:
    """In ``where``: values greater than this."""

    value: int


Where = Mapping[str, "str | int | bool | tuple[str, ...] | Before | After | None"]
"""Fields and what they must be: equal; one of a tuple; before or after. A list field matches by an element."""


class Reader(Protocol):
    """Reads entities."""

    async def get(self, kind: type[E], id: str) -> E | None:  # noqa: A002 - it is the field's name
        """The entity with that id."""

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


class Transaction(Reader, CommandTransaction, Protocol):
    """Reads one consistent state and writes all or nothing."""

    async def insert(self, entity: Entity) -> None:
        """Add a new entity. Raises ConflictError."""

    async def replace(self, entity: E) -> E:
        """Replace the entity that was read with this version; the result has the next one. Raises StaleError.

        ConflictError when a unique value is taken. Replacing an entity by itself rests a decision on it.
        """

    async def remove(self, entity: Entity) -> None:
        """Remove the entity that was read with this version. Raises StaleError."""


class Store(Reader, Protocol):
    """The registry's documents."""

    async def transact(self, body: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``body`` in a transaction; it may run several times, so clock and identifiers stay outside it."""


class EventLedger(Protocol):
    """The permanent sequence of events, as far as it has positions."""

    async def read(
        self, *, after: int, limit: int, streams: Sequence[Stream] = ("records",), realm: str | None = None
    ) -> list[Envelope]:
        """Events behind a position, in order of position."""

    async def generation(self) -> str:
        """Names this ledger; a restored or rebuilt one has another name."""

    async def restate(self, entry_id: str) -> None:
        """Ship an event again, under the same identifier."""


class Numbers(Protocol):
    """Record numbers, unique over all realms, reserved beforehand; there may be gaps."""

    async def reserve(self) -> int:
        """A number that nobody else has or gets."""
