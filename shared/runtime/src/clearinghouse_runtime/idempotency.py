"""Results of commands on MongoDB, forgotten by the engine when their time has passed."""

from __future__ import annotations

from dataclasses import asdict

from clearinghouse_runtime.commands import KEPT_FOR, AlreadyStored, IdempotencyRecord
from clearinghouse_runtime.mongo import Database, DuplicateKey, Session, ensure_collection

COLLECTION = "idempotency_records"


class IdempotencyRecords:
    """The records of one service in its database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._collection = database[COLLECTION]

    async def prepare(self) -> None:
        """Make the collection and the index by which the engine removes what is too old (idempotent)."""
        collection = await ensure_collection(self._database, COLLECTION)
        await collection.create_index(
            [("at", 1)], name="expires", expireAfterSeconds=int(KEPT_FOR.total_seconds())
        )

    async def get(self, record_id: str, session: Session) -> IdempotencyRecord | None:
        """The record of that id."""
        found = await self._collection.find_one({"_id": record_id}, session=session)
        if found is None:
            return None
        return IdempotencyRecord(
            found["_id"], found["command"], found["receipt"], found["question"], found["at"]
        )

    async def insert(self, record: IdempotencyRecord, session: Session) -> None:
        """Keep a record. Raises AlreadyStored, after which the transaction is lost."""
        document = asdict(record)
        document["_id"] = document.pop("id")
        try:
            await self._collection.insert_one(document, session=session)
        except DuplicateKey:
            raise AlreadyStored from None
