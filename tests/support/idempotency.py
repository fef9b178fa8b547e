"""What commands stored under their Idempotency-Key, in memory."""

from __future__ import annotations

from clearinghouse_runtime.commands import AlreadyStored, IdempotencyRecord


class StoredResults:
    """The part of a transaction in memory that keeps the results of commands.

    ``results`` are those of what is committed and of this transaction.
    """

    results: dict[str, IdempotencyRecord]

    async def stored_result(self, record_id: str) -> IdempotencyRecord | None:
        """What a command stored under that id."""
        return self.results.get(record_id)

    async def store_result(self, record: IdempotencyRecord) -> None:
        """Store the result of a command when the transaction commits. Raises AlreadyStored."""
        if record.id in self.results:
            raise AlreadyStored
        self.results[record.id] = record
