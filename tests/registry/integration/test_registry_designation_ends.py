"""A designation that is ended while its holder publishes: one of the two comes first, never both at once."""

from __future__ import annotations

import asyncio

import pytest

from clearinghouse_runtime.mongo import Client, Database
from clearinghouse_runtime.outbox import Ledger
from clearinghouse_testkit.registry import records
from clearinghouse_testkit.registry.world import World
from registry.adapters.mongo.store import MongoStore
from registry.application import people, publication
from registry.application.idempotency import Caller
from registry.domain.entities import Designation, Draft, Revision
from registry.domain.refusals import Refusal

PUBLISHERS = 4


@pytest.fixture
async def world(mongo_client: Client, database: Database) -> World:
    ledger = Ledger(database, source="/test/registry")
    await ledger.prepare()
    store = MongoStore(mongo_client, database, ledger)
    await store.prepare()
    made = World(realms=("bch",), on=store)
    await made.appoint("mx-nfp", "national-focal-point", "bch", "mx")
    return made


@pytest.mark.parametrize("round_", range(4))
async def test_nothing_is_published_after_the_designation_ended(world: World, round_: int) -> None:
    held = await world.appoint("mx-pa", "publishing-authority", "bch", "mx")
    uids = [f"contact-of-mexico-{number}" for number in range(PUBLISHERS)]
    for uid in uids:
        await world.draft("mx-pa", "bch", records.contact(uid))

    async def publish(uid: str) -> bool:
        try:
            await publication.publish(world.context, Caller("mx-pa"), "bch", uid, 1, None)
        except Refusal as refusal:
            if refusal.slug != "forbidden":
                raise
            return False
        return True

    async def end() -> Designation:
        return await people.end_designation(world.context, Caller("mx-nfp"), "bch", held.id, "He retired")

    running = [asyncio.create_task(publish(uid)) for uid in uids[: round_ % PUBLISHERS]]
    ending = asyncio.create_task(end())
    running += [asyncio.create_task(publish(uid)) for uid in uids[round_ % PUBLISHERS :]]
    ended = await ending
    published = await asyncio.gather(*running)

    kept = await world.store.get(Designation, held.id)
    assert kept == ended, "no publication rested on the designation after it had ended"
    assert len(await world.store.find(Revision, {})) == sum(published)
    assert len(await world.store.find(Draft, {})) == PUBLISHERS - sum(published)
