"""The life of a record without anything of the ABS part: a law of the BCH and a resource of the CHM."""

from __future__ import annotations

import pytest

from registry.application import drafts, publication, requests
from registry.application.idempotency import Caller
from registry.application.records import show
from registry.domain.refusals import Refusal
from tests.registry.support import records
from tests.registry.support.records import text
from tests.registry.support.world import World

LAW, RESOURCE = "law-of-mexico-1", "guide-to-the-library"


@pytest.fixture
async def world() -> World:
    made = World(realms=("bch", "chm"))
    await made.appoint("mx-pa", "publishing-authority", "bch", "mx")
    await made.appoint("mx-nau", "national-authorized-user", "bch", "mx")
    await made.appoint("secretariat", "secretariat", "chm", None)
    authority = records.authority("mx", absJurisdiction=None, functions=[{"identifier": FUNCTION}])
    await made.publish("mx-pa", "bch", authority)
    return made


FUNCTION = "function-decides"


async def test_a_law_is_drafted_asked_for_approved_amended_and_deleted(world: World) -> None:
    shown = await world.draft("mx-nau", "bch", records.law(LAW))
    asked = await requests.open_request(world.context, Caller("mx-nau"), "bch", LAW, shown.draft.version)
    made = await requests.approve(world.context, Caller("mx-pa"), "bch", asked.id)
    identifier = made.publication.changed.record.identifier
    assert identifier.startswith("BCH-DEV-LAW-MX-")
    amended = await world.publish("mx-pa", "bch", records.law(LAW, title=text("The law as amended")))
    assert amended.changed.change == "amended"
    await publication.delete(world.context, Caller("mx-pa"), "bch", LAW, text("Replaced by another law"))
    states = [(one.type, one.seq) for one in world.stated("records") if one.record == identifier]
    assert states == [
        ("int.cbd.record.published.v1", 1),
        ("int.cbd.record.amended.v1", 2),
        ("int.cbd.record.deleted.v1", 3),
    ]
    assert (await show(world.context, f"{identifier}-1")).revision.status == "superseded"
    assert (await show(world.context, identifier)).revision.status == "deleted"


async def test_anyone_drafts_a_resource_and_the_secretariat_publishes_it(world: World) -> None:
    shown = await world.draft("anybody", "chm", records.resource(RESOURCE))
    anybody = Caller("anybody")
    with pytest.raises(Refusal) as caught:
        await publication.publish(world.context, anybody, "chm", RESOURCE, shown.draft.version, None)
    assert caught.value.slug == "forbidden"
    asked = await requests.open_request(world.context, anybody, "chm", RESOURCE, shown.draft.version)
    opened = world.stated("requests")[0]
    assert [person["person"] for person in opened.data["audience"]] == ["secretariat"]
    made = await requests.approve(world.context, Caller("secretariat"), "chm", asked.id)
    assert made.publication.changed.record.identifier.startswith("CHM-DEV-VLR-SCBD-")
    assert world.stated("records")[-1].realm == "chm"


async def test_nothing_of_theirs_owes_an_official_transmission(world: World) -> None:
    await world.publish("mx-pa", "bch", records.law(LAW))
    assert world.stated("transmissions") == []
    assert world.stated("records")[-1].lane == "interactive"


async def test_a_draft_belongs_to_whoever_began_it(world: World) -> None:
    await world.draft("anybody", "chm", records.resource(RESOURCE))
    with pytest.raises(Refusal) as caught:
        await drafts.replace(
            world.context, Caller("somebody-else"), "chm", RESOURCE, records.resource(RESOURCE), 1
        )
    assert caught.value.slug == "forbidden"


async def test_a_format_that_a_realm_does_not_declare_is_refused_by_name(world: World) -> None:
    with pytest.raises(Refusal) as caught:
        await world.draft("mx-pa", "chm", records.law(LAW))
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("/header/schema", "unexpected-term")
    ]
