"""The outbox: the ledger that events are written to with their change, and the relay that ships it."""

from clearinghouse_runtime.ledger import Entry, EntryTooLarge, Ledger, LedgerState
from clearinghouse_runtime.relay import Relay

__all__ = ["Entry", "EntryTooLarge", "Ledger", "LedgerState", "Relay"]
