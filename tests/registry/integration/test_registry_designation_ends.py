"""A designation that is ended while its holder publishes: one of the two comes first, never both at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from clearinghouse_messages.answers import Receipt
from clearinghouse_runtime.idempotency import IdempotencyRecords
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mongo import Client, Database
from clearinghouse_runtime.problems import Problem
from registry.adapters.mongo.store import MongoStore, RegistryTransaction
from registry.application.commands import EndDesignation, PublishDraft
from registry.application.ports import Transaction, Where
from registry.domain.entities import Designation, Draft, Entity, Revision
from tests.registry.support import records
from tests.registry.support.world import World

E = TypeVar("E", bound=Entity)
T = TypeVar("T")
CONTACT = "contact-of-mexico"


class Held(MongoStore):
    """Once it is armed, the next transaction that reads the holder's designations waits behind that read."""

    def __init__(self, client: Client, database: Database, ledger: Ledger) -> None:
        super().__init__(client, database, ledger, IdempotencyRecords(database))
        self.armed = False
        self.has_read = asyncio.Event()
        self.go_on = asyncio.Event()

    async def transact(self, body: Callable[[Transaction], Awaitable[T]]) -> T:
        async def within(tx: Transaction) -> T:
            assert isinstance(tx, RegistryTransaction)
            inner = tx.find

            async def find(
                kind: type[E],
                where: Where,
                *,
                order: str = "id",
                descending: bool = False,
                limit: int | None = None,
            ) -> list[E]:
                found = await inner(kind, where, order=order, descending=descending, limit=limit)
                if self.armed and kind.collection == "designations" and where.get("person") == "mx-pa":
                    self.armed = False
                    self.has_read.set()
                    await self.go_on.wait()
                return found

            tx.find = find  # type: ignore[method-assign]  # this very transaction is held
            return await body(tx)

        return await super().transact(within)


@pytest.fixture
async def store(mongo_client: Client, database: Database) -> Held:
    ledger = Ledger(database, source="/test/registry")
    await ledger.prepare()
    made = Held(mongo_client, database, ledger)
    await made.prepare()
    return made


async def test_a_publication_that_began_before_the_end_does_not_commit_after_it(store: Held) -> None:
    world = World(realms=("bch",), on=store)
    await world.appoint("mx-nfp", "national-focal-point", "bch", "mx")
    held = await world.appoint("mx-pa", "publishing-authority", "bch", "mx")
    await world.draft("mx-pa", "bch", records.contact(CONTACT))

    store.armed = True
    publishing = asyncio.create_task(world.do("mx-pa", PublishDraft("bch", CONTACT, 1)))
    await store.has_read.wait()
    await world.do("mx-nfp", EndDesignation("bch", held.id, "They retired"))
    store.go_on.set()
    with pytest.raises(Problem) as caught:
        await publishing

    assert caught.value.slug == "forbidden"
    kept = await store.get(Designation, held.id)
    assert kept is not None
    assert kept.end_reason == "They retired"
    assert await store.find(Revision, {}) == []
    assert len(await store.find(Draft, {})) == 1


async def test_an_end_that_began_before_a_publication_sees_that_it_was_used(store: Held) -> None:
    world = World(realms=("bch",), on=store)
    await world.appoint("mx-nfp", "national-focal-point", "bch", "mx")
    held = await world.appoint("mx-pa", "publishing-authority", "bch", "mx")
    await world.draft("mx-pa", "bch", records.contact(CONTACT))
    made, ended = await asyncio.gather(
        world.do("mx-pa", PublishDraft("bch", CONTACT, 1)),
        world.do("mx-nfp", EndDesignation("bch", held.id, "They retired")),
        return_exceptions=True,
    )
    assert isinstance(ended, Receipt)
    kept = await store.get(Designation, held.id)
    assert kept is not None
    assert kept.end is not None
    published = not isinstance(made, BaseException)
    assert published or (isinstance(made, Problem) and made.slug == "forbidden")
    assert len(await store.find(Revision, {})) == int(published)
    assert kept.version == (4 if published else 3), "the end came behind what rested on the designation"
