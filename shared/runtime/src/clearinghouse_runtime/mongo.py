"""MongoDB behind one file: the only one that names the driver, motor and the pymongo below it.

Everything that differs between the driver of today (motor) and its successor (pymongo's own asyncio client)
stands here: how a client is made, how a transaction is run, how a change stream is opened.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar, cast

from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import ReturnDocument, UpdateOne, WriteConcern
from pymongo.errors import (
    CollectionInvalid,
    ConfigurationError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern

Client = AsyncIOMotorClient[dict[str, Any]]
Database = AsyncIOMotorDatabase[dict[str, Any]]
Collection = AsyncIOMotorCollection[dict[str, Any]]
Session = AsyncIOMotorClientSession

DuplicateKey = DuplicateKeyError
InvalidAddress = ConfigurationError
"""Raised by ``connect`` for what is no connection string."""

__all__ = [
    "INFRASTRUCTURE",
    "Client",
    "Collection",
    "Database",
    "DuplicateKey",
    "InvalidAddress",
    "ReturnDocument",
    "Session",
    "UpdateOne",
    "changes",
    "connect",
    "database_of",
    "database_time",
    "ensure_collection",
    "transact",
]

INFRASTRUCTURE: tuple[type[Exception], ...] = (ConnectionFailure, ExecutionTimeout, WTimeoutError)
"""What the driver raises when the engine is unreachable or too slow: nothing is wrong with the data, try again."""

SERVER_SELECTION_MILLISECONDS = 5_000

T = TypeVar("T")


def connect(uri: str) -> Client:
    """A client that reads and writes what a majority of the members holds, with time-zone-aware datetimes.

    Nothing is contacted yet; a call waits at most 5 seconds for a server and raises one of INFRASTRUCTURE.
    """
    return AsyncIOMotorClient(
        uri,
        tz_aware=True,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        serverSelectionTimeoutMS=SERVER_SELECTION_MILLISECONDS,
        connectTimeoutMS=SERVER_SELECTION_MILLISECONDS,
    )


async def transact(client: Client, body: Callable[[Session], Awaitable[T]]) -> T:
    """Run ``body`` in one transaction over a snapshot and commit it, or leave nothing behind.

    ``body`` runs again when the engine asks for it (a write conflict, a new primary): it must do nothing but
    read and write through the session it is given; clock and identifiers are taken before.
    """
    async with await client.start_session() as session:
        result: T = await session.with_transaction(
            body,  # type: ignore[arg-type]  # the stub asks for a coroutine function over any arguments
            read_concern=ReadConcern("snapshot"),
            write_concern=WriteConcern("majority"),
        )
        return result


async def database_time(database: Database) -> datetime:
    """The clock of the database (UTC, milliseconds): the one that leases use."""
    answer = await database.command("hello")
    now: datetime = answer["localTime"]
    return now


def database_of(collection: Collection) -> Database:
    """The database that a collection is in."""
    return cast(Database, collection.database)


async def ensure_collection(database: Database, name: str) -> Collection:
    """The collection, made if it is missing; a transaction must not be the one to make it."""
    if name not in await database.list_collection_names():
        try:
            await database.create_collection(name)
        except CollectionInvalid:  # made by another process in this moment
            return database[name]
    return database[name]


@asynccontextmanager
async def changes(
    collection: Collection, pipeline: Sequence[Mapping[str, Any]]
) -> AsyncIterator[AsyncIterator[Mapping[str, Any]]]:
    """The changes of a collection from now on, filtered by an aggregation pipeline."""
    async with collection.watch(list(pipeline)) as stream:
        yield stream
