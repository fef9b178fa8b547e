from __future__ import annotations

import pytest

from registry.application.ports import Store
from tests.registry.support.memory import MemoryLedger, MemoryStore
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
