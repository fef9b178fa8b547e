"""The yardstick: bare MongoDB transactions that write what a publication writes, and nothing else.

What one publication wrote is read from the change stream, which shows each write of its transaction. The same
writes (number, collections, indexes, sizes) are then made under fresh identifiers in a database beside.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal
from uuid import uuid4

from bson import BSON

from clearinghouse_runtime.mongo import Client, Database, Session, connect, transact

Operation = Literal["insert", "replace", "delete"]

_WAIT_SECONDS = 20.0
_WRITES: list[Mapping[str, Any]] = [{"$match": {"operationType": {"$in": ["insert", "replace", "delete"]}}}]


@dataclass(frozen=True)
class Write:
    """One write of the publication; ``document`` is what stood there afterwards (or before a deletion)."""

    collection: str
    operation: Operation
    document: dict[str, Any]

    @property
    def size(self) -> int:
        """Bytes of the document."""
        return len(BSON.encode(self.document))


@dataclass
class Recording:
    """The writes of one publication, once the block has ended."""

    writes: list[Write] = field(default_factory=list)


@asynccontextmanager
async def recorded(mongo_uri: str, database: str) -> AsyncIterator[Recording]:
    """Record the writes of the transaction that inserts a revision while the block runs. Raises TimeoutError."""
    client = connect(mongo_uri)
    recording = Recording()
    drafts = {draft["_id"]: draft async for draft in client[database]["drafts"].find({})}
    try:
        async with client[database].watch(_WRITES, full_document="updateLookup") as stream:
            yield recording
            async with asyncio.timeout(_WAIT_SECONDS):
                recording.writes = await _transaction(stream, drafts)
    finally:
        client.close()


async def _transaction(stream: Any, drafts: Mapping[str, dict[str, Any]]) -> list[Write]:
    """The writes of the first transaction that inserts a revision; its events come one behind another."""
    current: object = None
    writes: list[Write] = []
    async for change in stream:
        transaction = (str(change.get("lsid")), change.get("txnNumber"))
        if transaction != current:
            if any(write.collection == "revisions" for write in writes):
                return writes
            current, writes = transaction, []
        collection, key = change["ns"]["coll"], change["documentKey"]["_id"]
        document = change.get("fullDocument") or drafts.get(key, {"_id": key})
        writes.append(Write(collection, change["operationType"], document))
    raise AssertionError("a change stream does not end")


class Bare:
    """The same writes again, in ``database`` of ``client``."""

    def __init__(self, client: Client, database: str, writes: Sequence[Write]) -> None:
        self._client = client
        self._database = client[database]
        self._writes = writes

    async def prepare(self, like: str) -> None:
        """Make the collections with the indexes that they have in the database ``like``."""
        for name in {write.collection for write in self._writes}:
            collection = await self._database.create_collection(name)
            for index, made in (await self._client[like][name].index_information()).items():
                options = {key: value for key, value in made.items() if key not in ("key", "v", "ns")}
                if index != "_id_":
                    await collection.create_index(made["key"], name=index, **options)

    async def transactions(self, count: int) -> list[Callable[[], Awaitable[None]]]:
        """So many transactions, ready to run; what they replace and delete is there already."""
        copies = [[_renamed(write) for write in self._writes] for _ in range(count)]
        for place, write in enumerate(self._writes):
            if write.operation != "insert":
                there = [copy[place].document for copy in copies]
                await self._database[write.collection].insert_many(there, ordered=False)
        return [_transaction_of(self._client, self._database, copy) for copy in copies]


def _renamed(write: Write) -> Write:
    """The write under identifiers that no other copy has, in every field that is unique."""
    fresh = uuid4().hex
    document = {**write.document, "_id": fresh}
    for unique in ("uid_key", "record", "seat"):
        if document.get(unique):
            document[unique] = fresh
    return Write(write.collection, write.operation, document)


def _transaction_of(
    client: Client, database: Database, writes: Sequence[Write]
) -> Callable[[], Awaitable[None]]:
    steps = [
        (place, list(group)) for place, group in groupby(writes, key=lambda w: (w.collection, w.operation))
    ]

    async def body(session: Session) -> None:
        for (name, operation), group in steps:
            collection = database[name]
            if operation == "insert":
                await collection.insert_many([write.document for write in group], session=session)
                continue
            for write in group:
                which = {"_id": write.document["_id"]}
                if operation == "delete":
                    await collection.delete_one(which, session=session)
                else:
                    await collection.replace_one(which, write.document, session=session)

    return lambda: transact(client, body)
