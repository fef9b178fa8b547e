from __future__ import annotations

from collections.abc import Sequence

import pytest

from clearinghouse_runtime.entries import LedgerEntry
from registry.application.ports import Store
from tests.registry.support.ledger_cases import LedgerCases, NumbersCases
from tests.registry.support.memory import MemoryLedger, MemoryNumbers, MemoryStore
from tests.registry.support.store_cases import StoreCases


class TestMemoryStore(StoreCases):
    @pytest.fixture
    def ledger(self) -> MemoryLedger:
        return MemoryLedger()

    @pytest.fixture
    def store(self, ledger: MemoryLedger) -> MemoryStore:
        self.written = ledger
        return MemoryStore(ledger)

    async def stated(self, store: Store) -> list[tuple[str, int]]:
        return [(event.id, event.seq) for _, event in self.written.events]


class InMemory:
    def __init__(self) -> None:
        self.port = MemoryLedger()

    async def commit(self, entries: Sequence[LedgerEntry]) -> None:
        self.port.write(entries)

    async def to_ship_again(self) -> list[str]:
        return self.port.restated


class TestMemoryLedger(LedgerCases):
    @pytest.fixture
    def ledger(self) -> InMemory:
        return InMemory()


class TestMemoryNumbers(NumbersCases):
    @pytest.fixture
    def numbers(self) -> MemoryNumbers:
        return MemoryNumbers()
