"""The ledger: every event of a service, permanent, written in the transaction of the change that it reports.

Within a record and stream ``seq`` counts 1, 2, 3 and is given in the writer's transaction. The global
``position`` is given after commit, by the one relay that leads (see ``relay``): a counter shared by all
writers would make them wait for one another.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from clearinghouse_messages.envelope import LANES, Envelope
from clearinghouse_messages.events import Stream
from clearinghouse_runtime.entries import LedgerEntry
from clearinghouse_runtime.mongo import Database, Session, ensure_collection

MAX_DATA_BYTES = 1_900_000
"""What fits into a message of the topics (see ``provision``) together with its envelope."""

RELAY = "relay"
"""The id of the one document that says what the relay has done and who leads it."""


@dataclass(frozen=True)
class PositionedEntry:
    """An entry that has its position, as it goes onto the wire."""

    stream: Stream
    envelope: Envelope

    @cached_property
    def value(self) -> bytes:
        """The envelope in CloudEvents' JSON format."""
        return self.envelope.model_dump_json().encode()

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.value)


@dataclass(frozen=True)
class LedgerStatus:
    """How far the ledger and its relay are.

    ``position`` is the last one given, ``shipped`` the last one known to be on the broker, ``unpositioned``
    the number of entries that wait for theirs; ``leader`` names the relay that last led, in its ``epoch``.
    """

    generation: str
    position: int
    shipped: int
    unpositioned: int
    leader: str | None
    epoch: int


class EntryTooLarge(ValueError):
    """An entry is larger than what the topics take; it is refused before it is committed."""


class Ledger:
    """The ledger of one service in its database; ``source`` names the service and deployment on the wire."""

    def __init__(self, database: Database, *, source: str, collection: str = "events") -> None:
        self.source = source
        self.database = database
        self.entries = database[collection]
        self.relay_state = database[f"{collection}.relay"]

    async def prepare(self) -> None:
        """Make the collections, the indexes and the relay's document with a new generation (idempotent)."""
        await ensure_collection(self.database, self.entries.name)
        await ensure_collection(self.database, self.relay_state.name)
        await self.entries.create_index(
            [("stream", 1), ("record", 1), ("seq", 1)], name="seq_within_record", unique=True
        )
        await self.entries.create_index(
            [("position", 1)],
            name="position",
            unique=True,
            partialFilterExpression={"position": {"$exists": True}},
        )
        await self.entries.create_index(
            [("urgency", 1), ("time", 1), ("index", 1)],
            name="unpositioned",
            partialFilterExpression={"urgency": {"$exists": True}},
        )
        await self.entries.create_index([("restated", 1)], name="restated", sparse=True)
        fresh = {
            "generation": uuid4().hex,
            "position": 0,
            "shipped": 0,
            "epoch": 0,
            "leader": None,
            "lease_until": None,
            "partitions": [],
        }
        await self.relay_state.update_one({"_id": RELAY}, {"$setOnInsert": fresh}, upsert=True)

    async def append(self, session: Session, entries: Sequence[LedgerEntry]) -> None:
        """Write the entries in the caller's transaction; each gets the next ``seq`` of its stream and record.

        Raises EntryTooLarge. Two transactions that append to the same stream and record conflict:
        ``transact`` runs the later one again.
        """
        heads: dict[tuple[str, str], int] = {}
        documents = []
        for index, entry in enumerate(entries):
            _refuse_too_large(entry)
            sequence = (entry.stream, entry.record)
            if sequence not in heads:
                heads[sequence] = await self._last_seq(session, *sequence)
            heads[sequence] += 1
            documents.append(_document(entry, heads[sequence], index))
        if documents:
            await self.entries.insert_many(documents, session=session)

    async def _last_seq(self, session: Session, stream: str, record: str) -> int:
        last = await self.entries.find_one(
            {"stream": stream, "record": record}, {"seq": 1}, sort=[("seq", -1)], session=session
        )
        return 0 if last is None else int(last["seq"])

    async def read(
        self,
        *,
        after: int,
        limit: int,
        streams: Sequence[Stream] = ("records",),
        realm: str | None = None,
        record: str | None = None,
    ) -> list[Envelope]:
        """The entries behind a position, in order of position; those that have none yet are not there."""
        which: dict[str, Any] = {"stream": {"$in": list(streams)}}
        if realm is not None:
            which["realm"] = realm
        if record is not None:
            which["record"] = record
        return [
            positioned.envelope
            async for positioned in self.positioned({"position": {"$gt": after}, **which}, limit)
        ]

    async def positioned(self, which: Mapping[str, Any], limit: int) -> AsyncIterator[PositionedEntry]:
        """Entries that have a position and match a filter, in order of position."""
        generation = await self.generation()
        found = self.entries.find(
            {"position": {"$exists": True}, **which}, sort=[("position", 1)], limit=limit
        )
        async for document in found:
            yield _positioned(document, self.source, generation)

    async def restate(self, entry_id: str, session: Session | None = None) -> None:
        """Have the relay ship an entry again: same identifier, cause and position, with RESTATED_HEADER.

        Raises LookupError when there is no such entry.
        """
        result = await self.entries.update_one({"_id": entry_id}, {"$inc": {"restated": 1}}, session=session)
        if not result.matched_count:
            raise LookupError("there is no such entry in the ledger")

    async def generation(self) -> str:
        """Names this ledger; a restored or rebuilt one has another, so that old cursors are recognised."""
        generation: str = (await self._document())["generation"]
        return generation

    async def status(self) -> LedgerStatus:
        """How far the ledger and its relay are, for metrics and tests."""
        document = await self._document()
        return LedgerStatus(
            generation=document["generation"],
            position=document["position"],
            shipped=document["shipped"],
            unpositioned=await self.entries.count_documents({"urgency": {"$exists": True}}),
            leader=document["leader"],
            epoch=document["epoch"],
        )

    async def _document(self) -> dict[str, Any]:
        document = await self.relay_state.find_one({"_id": RELAY})
        if document is None:
            raise LookupError("the ledger was not prepared: run `migrate`")
        return document


def _refuse_too_large(entry: LedgerEntry) -> None:
    size = len(json.dumps(entry.data, ensure_ascii=False).encode())
    if size > MAX_DATA_BYTES:
        raise EntryTooLarge(f"an entry of {size} bytes is larger than {MAX_DATA_BYTES}")


def _document(entry: LedgerEntry, seq: int, index: int) -> dict[str, Any]:
    """``urgency`` and ``index`` are there only until the entry has its position: they say who is next."""
    return {
        "_id": entry.id,
        "stream": entry.stream,
        "realm": entry.realm,
        "record": entry.record,
        "seq": seq,
        "type": entry.type,
        "subject": entry.subject,
        "time": entry.time,
        "cause": entry.cause,
        "lane": entry.lane,
        "traceparent": entry.traceparent,
        "data": entry.data,
        "urgency": LANES.index(entry.lane),
        "index": index,
    }


def _positioned(document: Mapping[str, Any], source: str, generation: str) -> PositionedEntry:
    envelope = Envelope(
        id=document["_id"],
        source=source,
        type=document["type"],
        subject=document["subject"],
        time=document["time"],
        realm=document["realm"],
        record=document["record"],
        seq=document["seq"],
        position=document["position"],
        generation=generation,
        cause=document["cause"],
        lane=document["lane"],
        traceparent=document["traceparent"],
        data=document["data"],
    )
    return PositionedEntry(stream=document["stream"], envelope=envelope)
