"""Results of commands on the engine itself: kept for 30 days, and stored by one of two who come at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from clearinghouse_messages.answers import Receipt
from clearinghouse_runtime.commands import (
    AlreadyStored,
    Caller,
    IdempotencyRecord,
    Pipeline,
    Question,
    UnitOfWork,
    execute,
)
from clearinghouse_runtime.entries import LedgerEntry
from clearinghouse_runtime.idempotency import COLLECTION, IdempotencyRecords
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mongo import Client, Database, Session, ensure_collection, transact
from clearinghouse_runtime.problems import forbidden
from tests.runtime.support.commands import BASE, NOON
from tests.runtime.support.ledger_with_topics import entry

pytestmark = pytest.mark.also_in_containers

RECORD = IdempotencyRecord(
    id="hash of caller and key",
    command="hash of the command",
    receipt={"identifier": "apples", "status": "counted"},
    question={"action": "count", "who": ["a", "b"]},
    at=NOON,
)


@pytest.fixture
async def records(database: Database) -> IdempotencyRecords:
    made = IdempotencyRecords(database)
    await made.prepare()
    return made


async def insert(client: Client, records: IdempotencyRecords, record: IdempotencyRecord) -> None:
    await transact(client, lambda session: records.insert(record, session))


async def test_a_result_is_found_again_as_it_was_stored(
    mongo_client: Client, records: IdempotencyRecords
) -> None:
    await insert(mongo_client, records, RECORD)

    async def read(session: Session) -> list[IdempotencyRecord | None]:
        return [await records.get(RECORD.id, session), await records.get("another", session)]

    assert await transact(mongo_client, read) == [RECORD, None]


async def test_a_second_result_under_one_id_is_refused_and_the_first_stays(
    mongo_client: Client, records: IdempotencyRecords, database: Database
) -> None:
    await insert(mongo_client, records, RECORD)

    with pytest.raises(AlreadyStored):
        await insert(mongo_client, records, RECORD)

    assert await database[COLLECTION].count_documents({}) == 1


async def test_the_engine_forgets_results_after_30_days(
    records: IdempotencyRecords, database: Database
) -> None:
    await records.prepare()
    indexes = await database[COLLECTION].index_information()
    kept = timedelta(seconds=indexes["expires"]["expireAfterSeconds"])
    assert (indexes["expires"]["key"], kept) == ([("at", 1)], timedelta(days=30))


@dataclass(frozen=True)
class Count:
    what: str


class Transaction:
    """A transaction of a service that counts in a collection."""

    def __init__(self, counts: Counts, session: Session) -> None:
        self._counts = counts
        self._session = session

    async def count(self, what: str) -> None:
        await self._counts.database["counts"].insert_one({"what": what}, session=self._session)

    async def stored_result(self, record_id: str) -> IdempotencyRecord | None:
        return await self._counts.records.get(record_id, self._session)

    async def store_result(self, record: IdempotencyRecord) -> None:
        await self._counts.records.insert(record, self._session)

    async def append(self, entries: Sequence[LedgerEntry]) -> None:
        await self._counts.ledger.append(self._session, entries)


@dataclass
class Counts:
    """The service."""

    client: Client
    database: Database
    records: IdempotencyRecords
    ledger: Ledger

    async def transact(self, body: Callable[[Transaction], Awaitable[Receipt]]) -> Receipt:
        return await transact(self.client, lambda session: body(Transaction(self, session)))

    async def left(self) -> tuple[int, int, int]:
        """How many counts, entries of the ledger and results there are."""
        counts, entries, results = self.database["counts"], self.ledger.entries, self.database[COLLECTION]
        return (
            await counts.count_documents({}),
            await entries.count_documents({}),
            await results.count_documents({}),
        )


@pytest.fixture
async def counts(mongo_client: Client, database: Database, records: IdempotencyRecords) -> Counts:
    ledger = Ledger(database, source="/test/counts")
    await ledger.prepare()
    await ensure_collection(database, "counts")
    return Counts(mongo_client, database, records, ledger)


async def allow(_: UnitOfWork[Transaction], __: Question) -> None:
    """A repeat is always permitted here."""


async def run(counts: Counts, handle: Callable[[UnitOfWork[Transaction]], Awaitable[Receipt]]) -> Receipt:
    pipeline = Pipeline(lambda: NOON, lambda: BASE, b"of the tests", counts.transact, allow)
    return await execute(pipeline, Caller("amina", "key-of-amina"), Count("apples"), handle)


async def test_a_command_sent_many_times_at_once_is_done_once_on_the_engine_too(counts: Counts) -> None:
    all_began = asyncio.Barrier(4)
    first_tries = iter(range(4))

    async def handle(unit: UnitOfWork[Transaction]) -> Receipt:
        if next(first_tries, None) is not None:
            await all_began.wait()
        unit.permitted({"action": "count"})
        await unit.tx.count("apples")
        unit.entries.append(entry("apples"))
        return Receipt(identifier="apples", status="counted")

    async with asyncio.timeout(30):
        receipts = await asyncio.gather(*(run(counts, handle) for _ in range(4)))

    assert len(set(map(str, receipts))) == 1
    assert await counts.left() == (1, 1, 1)


async def test_a_refused_command_leaves_nothing_on_the_engine(counts: Counts) -> None:
    async def handle(unit: UnitOfWork[Transaction]) -> Receipt:
        unit.permitted({"action": "count"})
        await unit.tx.count("apples")
        raise forbidden("Not today.")

    with pytest.raises(Exception, match="forbidden"):
        await run(counts, handle)

    assert await counts.left() == (0, 0, 0)
