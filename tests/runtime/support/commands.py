"""Commands of a service in memory: what its transactions would leave in a database, and the engine's whims."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from clearinghouse_messages.answers import Receipt
from clearinghouse_runtime.commands import AlreadyStored, IdempotencyRecord, Pipeline, Question, UnitOfWork
from clearinghouse_runtime.entries import LedgerEntry
from clearinghouse_runtime.problems import forbidden

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "9d2a1c6f-3a56-5d0e-9c0e-2f3b1a0c4d5e"


@dataclass
class MemoryTransaction:
    """One transaction: what it writes is there for others only once it is committed."""

    memory: Memory
    counted: list[str] = field(default_factory=list)
    entries: list[LedgerEntry] = field(default_factory=list)
    stored: list[IdempotencyRecord] = field(default_factory=list)

    async def count(self, what: str) -> None:
        """What the commands of these tests do."""
        self.counted.append(what)

    async def stored_result(self, record_id: str) -> IdempotencyRecord | None:
        """Of what is committed."""
        return self.memory.stored.get(record_id)

    async def store_result(self, record: IdempotencyRecord) -> None:
        """Refused when another transaction has committed one meanwhile."""
        if record.id in self.memory.stored:
            raise AlreadyStored
        self.stored.append(record)

    async def append(self, entries: Sequence[LedgerEntry]) -> None:
        """Committed with the rest."""
        self.entries += entries


@dataclass
class Memory:
    """What is committed. ``conflicts`` is how many tries of the next transaction are in vain."""

    counted: list[str] = field(default_factory=list)
    entries: list[LedgerEntry] = field(default_factory=list)
    stored: dict[str, IdempotencyRecord] = field(default_factory=dict)
    conflicts: int = 0
    permitted: bool = True
    asked_again: list[Question] = field(default_factory=list)

    async def transact(self, body: Callable[[MemoryTransaction], Awaitable[Receipt]]) -> Receipt:
        """Run a transaction, again after each conflict, and commit what the last try wrote."""
        while True:
            tx = MemoryTransaction(self)
            receipt = await body(tx)
            if not self.conflicts:
                break
            self.conflicts -= 1
        self.counted += tx.counted
        self.entries += tx.entries
        self.stored |= {record.id: record for record in tx.stored}
        return receipt

    async def ask_again(self, _: UnitOfWork[MemoryTransaction], question: Question) -> None:
        """Whether a repeat is still permitted."""
        self.asked_again.append(question)
        if not self.permitted:
            raise forbidden("Not any more.")

    def pipeline(self, secret: bytes = b"of the tests") -> Pipeline[MemoryTransaction]:
        """The pipeline of a service on this memory."""
        return Pipeline(
            clock=lambda: NOON,
            new_id=lambda: BASE,
            secret=secret,
            transact=self.transact,
            ask_again=self.ask_again,
        )
