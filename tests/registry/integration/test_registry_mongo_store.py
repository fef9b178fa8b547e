from __future__ import annotations

import pytest

from clearinghouse_runtime.mongo import Client, Database
from clearinghouse_runtime.outbox import Ledger
from registry.adapters.mongo.store import FIRST_NUMBER, MongoNumbers, MongoStore
from registry.application.ports import Store
from tests.registry.support.store_cases import StoreCases


@pytest.mark.also_in_containers
class TestMongoStore(StoreCases):
    @pytest.fixture
    async def store(self, mongo_client: Client, database: Database) -> MongoStore:
        self.database = database
        ledger = Ledger(database, source="/test/registry")
        await ledger.prepare()
        store = MongoStore(mongo_client, database, ledger)
        await store.prepare()
        return store

    async def stated(self, store: Store) -> list[tuple[str, int]]:
        events = self.database["events"].find({}, sort=[("seq", 1)])
        return [(event["_id"], event["seq"]) async for event in events]

    async def test_preparing_again_changes_nothing(self, store: MongoStore) -> None:
        numbers = MongoNumbers(self.database)
        first = await numbers.reserve()
        await store.prepare()
        assert first == FIRST_NUMBER + 1
        assert await numbers.reserve() == first + 1
