"""Entities on MongoDB: a collection a kind, unique values and versions guarded by the engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from clearinghouse_runtime.idempotency import IdempotencyRecords
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mongo import Client, Database, DuplicateKey, Session, ensure_collection, transact
from clearinghouse_runtime.transactions import MongoTransaction
from registry.application.ports import (
    After,
    Before,
    ConflictError,
    StaleError,
    Transaction,
    Where,
)
from registry.domain.entities import ENTITIES, Entity

E = TypeVar("E", bound=Entity)
T = TypeVar("T")

COUNTERS = "counters"
FIRST_NUMBER = 100_000
"""Numbers have 6 to 7 digits, as the tools of partners expect."""


class MongoReader:
    """Reads entities, inside a transaction when there is a session."""

    def __init__(self, database: Database, session: Session | None = None) -> None:
        self._database = database
        self._session = session

    async def get(self, kind: type[E], id: str) -> E | None:  # noqa: A002 - it is the field's name
        """The entity with that id."""
        document = await self._database[kind.collection].find_one({"_id": id}, session=self._session)
        return _entity(kind, document) if document else None

    async def find(
        self,
        kind: type[E],
        where: Where,
        *,
        order: str = "id",
        descending: bool = False,
        limit: int | None = None,
    ) -> list[E]:
        """The entities that fit, in order of a field."""
        wanted = {_name(field): _condition(value) for field, value in where.items()}
        cursor = self._database[kind.collection].find(wanted, session=self._session)
        cursor = cursor.sort([(_name(order), -1 if descending else 1), ("_id", 1)]).limit(limit or 0)
        return [_entity(kind, document) async for document in cursor]


class RegistryTransaction(MongoReader, MongoTransaction):
    """One transaction of the store."""

    def __init__(
        self, database: Database, session: Session, ledger: Ledger, idempotency: IdempotencyRecords
    ) -> None:
        MongoReader.__init__(self, database, session)
        MongoTransaction.__init__(self, session, ledger, idempotency)

    async def insert(self, entity: Entity) -> None:
        """Add a new entity. Raises ConflictError, after which the transaction is lost."""
        try:
            await self._database[entity.collection].insert_one(_document(entity), session=self.session)
        except DuplicateKey as error:
            raise _conflict(entity, error) from None

    async def replace(self, entity: E) -> E:
        """Replace the entity that was read with this version; the result has the next one."""
        after = entity.model_copy(update={"version": entity.version + 1})
        try:
            result = await self._database[entity.collection].replace_one(
                {"_id": entity.id, "version": entity.version}, _document(after), session=self.session
            )
        except DuplicateKey as error:
            raise _conflict(entity, error) from None
        if result.matched_count == 0:
            raise StaleError(entity.collection)
        return after

    async def remove(self, entity: Entity) -> None:
        """Remove the entity that was read with this version."""
        result = await self._database[entity.collection].delete_one(
            {"_id": entity.id, "version": entity.version}, session=self.session
        )
        if result.deleted_count == 0:
            raise StaleError(entity.collection)


class MongoStore(MongoReader):
    """The registry's documents."""

    def __init__(
        self, client: Client, database: Database, ledger: Ledger, idempotency: IdempotencyRecords
    ) -> None:
        super().__init__(database)
        self._client = client
        self._ledger = ledger
        self._idempotency = idempotency

    async def transact(self, body: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``body`` in a transaction; the engine may run it again after a conflict."""

        async def within(session: Session) -> T:
            return await body(RegistryTransaction(self._database, session, self._ledger, self._idempotency))

        return await transact(self._client, within)

    async def prepare(self) -> None:
        """Make collections and indexes (idempotent); a transaction must not be the one to make them."""
        for kind in ENTITIES:
            collection = await ensure_collection(self._database, kind.collection)
            for field in kind.unique:
                present = {field: {"$type": "string"}}
                await collection.create_index(
                    [(field, 1)], name=f"unique_{field}", unique=True, partialFilterExpression=present
                )
            for fields in kind.indexed:
                keys = [(field, 1) for field in fields]
                await collection.create_index(keys, name="_".join(fields))
        counters = await ensure_collection(self._database, COUNTERS)
        await counters.update_one({"_id": "numbers"}, {"$setOnInsert": {"last": FIRST_NUMBER}}, upsert=True)


class MongoNumbers:
    """Record numbers, reserved outside any transaction so that writers do not wait for one another."""

    def __init__(self, database: Database) -> None:
        self._counters = database[COUNTERS]

    async def reserve(self) -> int:
        """A number that nobody else has or gets. Raises LookupError before the database was prepared."""
        found = await self._counters.find_one_and_update(
            {"_id": "numbers"}, {"$inc": {"last": 1}}, return_document=True
        )
        if found is None:
            raise LookupError("the database is not prepared; run: python -m registry migrate")
        return int(found["last"])


def _name(field: str) -> str:
    return "_id" if field == "id" else field


def _condition(value: object) -> object:
    match value:
        case tuple():
            return {"$in": list(value)}
        case Before(at=at):
            return {"$lt": at}
        case After(value=least):
            return {"$gt": least}
        case _:
            return value


def _document(entity: Entity) -> dict[str, Any]:
    document = entity.model_dump(mode="python")
    document["_id"] = document.pop("id")
    return document


def _entity(kind: type[E], document: dict[str, Any]) -> E:
    return kind.model_validate({**{k: v for k, v in document.items() if k != "_id"}, "id": document["_id"]})


def _conflict(entity: Entity, error: DuplicateKey) -> ConflictError:
    keys = list((error.details or {}).get("keyPattern", {"_id": 1}))
    return ConflictError(entity.collection, "id" if keys == ["_id"] else keys[0])
