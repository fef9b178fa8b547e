from __future__ import annotations

import pytest

from clearinghouse_testkit.registry.memory import MemoryLedger, MemoryStore
from clearinghouse_testkit.registry.store_cases import StoreCases
from registry.application.ports import Store


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
