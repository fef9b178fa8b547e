from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from clearinghouse_runtime.entries import LedgerEntry
from clearinghouse_runtime.idempotency import IdempotencyRecords
from clearinghouse_runtime.leadership import take_leadership
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mongo import Client, Database, transact
from registry.adapters.mongo.store import FIRST_NUMBER, MongoNumbers, MongoStore
from registry.application.ports import Store
from tests.registry.support.ledger_cases import LedgerCases, NumbersCases
from tests.registry.support.store_cases import StoreCases


@pytest.mark.also_in_containers
class TestMongoStore(StoreCases):
    @pytest.fixture
    async def store(self, mongo_client: Client, database: Database) -> MongoStore:
        self.database = database
        ledger = Ledger(database, source="/test/registry")
        await ledger.prepare()
        idempotency = IdempotencyRecords(database)
        await idempotency.prepare()
        store = MongoStore(mongo_client, database, ledger, idempotency)
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


class OnMongo:
    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._client = client
        self.port = ledger

    async def commit(self, entries: Sequence[LedgerEntry]) -> None:
        await transact(self._client, lambda session: self.port.append(session, entries))
        leadership = await take_leadership(self.port, "tests", timedelta(seconds=30))
        assert leadership is not None
        while await leadership.assign_positions(100):
            pass

    async def to_ship_again(self) -> list[str]:
        return [one["_id"] async for one in self.port.entries.find({"restated": {"$exists": True}})]


class TestMongoLedger(LedgerCases):
    @pytest.fixture
    async def ledger(self, mongo_client: Client, database: Database) -> OnMongo:
        ledger = Ledger(database, source="/test/registry")
        await ledger.prepare()
        return OnMongo(mongo_client, ledger)


class TestMongoNumbers(NumbersCases):
    @pytest.fixture
    async def numbers(self, mongo_client: Client, database: Database) -> MongoNumbers:
        ledger = Ledger(database, source="/test/registry")
        await MongoStore(mongo_client, database, ledger, IdempotencyRecords(database)).prepare()
        return MongoNumbers(database)

    async def test_a_database_that_was_not_prepared_says_so(self, database: Database) -> None:
        with pytest.raises(LookupError, match="migrate"):
            await MongoNumbers(database).reserve()
