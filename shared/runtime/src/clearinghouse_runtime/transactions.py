"""A command's transaction on MongoDB: what the pipeline needs of it. A service adds its own reads and writes."""

from __future__ import annotations

from collections.abc import Sequence

from clearinghouse_runtime.commands import IdempotencyRecord
from clearinghouse_runtime.entries import LedgerEntry
from clearinghouse_runtime.idempotency import IdempotencyRecords
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mongo import Session


class MongoTransaction:
    """One try of a transaction; everything goes through ``session``."""

    def __init__(self, session: Session, ledger: Ledger, idempotency: IdempotencyRecords) -> None:
        self.session = session
        self._ledger = ledger
        self._idempotency = idempotency

    async def stored_result(self, record_id: str) -> IdempotencyRecord | None:
        """What was stored under that id."""
        return await self._idempotency.get(record_id, self.session)

    async def store_result(self, record: IdempotencyRecord) -> None:
        """Store the result of a command. Raises AlreadyStored."""
        await self._idempotency.insert(record, self.session)

    async def append(self, entries: Sequence[LedgerEntry]) -> None:
        """State events in the service's ledger."""
        await self._ledger.append(self.session, entries)
