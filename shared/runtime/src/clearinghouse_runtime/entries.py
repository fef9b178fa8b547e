"""What a handler states, and what the ledger keeps: one type for both."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clearinghouse_messages.envelope import Cause, Lane
from clearinghouse_messages.events import Payload, Stream, event_type


@dataclass(frozen=True)
class Provenance:
    """When, by whom and why something is done; taken once for a command, outside its transaction."""

    at: datetime
    by: str
    """``sub`` of a person, or the name of the service itself."""
    cause: Cause
    base: str
    """A UUID. Identifiers derive from it, so they are the same on each try of the transaction."""
    traceparent: str | None = None
    """W3C trace context of the command."""

    def derive(self, what: str) -> str:
        """An identifier (UUID) that is the same whenever this is tried again."""
        return str(uuid.uuid5(uuid.UUID(self.base), what))


@dataclass(frozen=True)
class LedgerEntry:
    """An event to be stated. ``record`` has no revision; ``data`` is JSON (``model_dump(mode="json")``)."""

    id: str
    stream: Stream
    realm: str
    record: str
    type: str
    subject: str
    time: datetime
    cause: Cause
    lane: Lane
    data: dict[str, Any]
    traceparent: str | None = None


def entry_of(
    payload: Payload, provenance: Provenance, *, entry_id: str, record: str, subject: str, lane: Lane
) -> LedgerEntry:
    """The entry that states a payload; its type and stream are those of the table of event types."""
    declared = event_type(payload)
    return LedgerEntry(
        id=entry_id,
        stream=declared.stream,
        realm=payload.realm,
        record=record,
        type=declared.name,
        subject=subject,
        time=provenance.at,
        cause=provenance.cause,
        lane=lane,
        data=payload.model_dump(mode="json"),
        traceparent=provenance.traceparent,
    )
