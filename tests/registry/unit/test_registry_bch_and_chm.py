"""The life of a record without anything of the ABS part: a law of the BCH and a resource of the CHM."""

from __future__ import annotations

import pytest

from clearinghouse_runtime.problems import Problem
from registry.application.commands import (
    ApproveRequest,
    DeleteRecord,
    OpenRequest,
    PublishDraft,
    ReplaceDraft,
)
from registry.application.records import show
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
    await world.draft("mx-nau", "bch", records.law(LAW))
    asked = await world.do("mx-nau", OpenRequest("bch", LAW, 1))
    made = await world.do("mx-pa", ApproveRequest("bch", asked.identifier))
    record = made.identifier.removesuffix("-1")
    assert record.startswith("BCH-DEV-LAW-MX-")
    amended = await world.publish("mx-pa", "bch", records.law(LAW, title=text("The law as amended")))
    assert (amended.identifier, amended.status) == (f"{record}-2", "current")
    deleted = await world.do("mx-pa", DeleteRecord("bch", LAW, text("Replaced by another law")))
    assert (deleted.identifier, deleted.status) == (f"{record}-2", "deleted")
    stated = [(one.type, one.seq) for one in world.stated("records") if one.record == record]
    assert stated == [
        ("int.cbd.record.published.v1", 1),
        ("int.cbd.record.amended.v1", 2),
        ("int.cbd.record.deleted.v1", 3),
    ]
    assert (await show(world.context, f"{record}-1")).revision.status == "superseded"
    assert (await show(world.context, record)).revision.status == "deleted"


async def test_anyone_drafts_a_resource_and_the_secretariat_publishes_it(world: World) -> None:
    await world.draft("anybody", "chm", records.resource(RESOURCE))
    with pytest.raises(Problem) as caught:
        await world.do("anybody", PublishDraft("chm", RESOURCE, 1))
    assert caught.value.slug == "forbidden"
    asked = await world.do("anybody", OpenRequest("chm", RESOURCE, 1))
    opened = world.stated("requests")[0]
    assert [person["person"] for person in opened.data["audience"]] == ["secretariat"]
    made = await world.do("secretariat", ApproveRequest("chm", asked.identifier))
    assert made.identifier.startswith("CHM-DEV-VLR-SCBD-")
    assert world.stated("records")[-1].realm == "chm"


async def test_nothing_of_theirs_owes_an_official_transmission(world: World) -> None:
    made = await world.publish("mx-pa", "bch", records.law(LAW))
    assert made.transmissions == 0
    assert world.stated("transmissions") == []
    assert world.stated("records")[-1].lane == "interactive"


async def test_a_draft_belongs_to_whoever_began_it(world: World) -> None:
    await world.draft("anybody", "chm", records.resource(RESOURCE))
    with pytest.raises(Problem) as caught:
        await world.do("somebody-else", ReplaceDraft("chm", RESOURCE, records.resource(RESOURCE), 1))
    assert caught.value.slug == "forbidden"


async def test_a_format_that_a_realm_does_not_declare_is_refused_by_name(world: World) -> None:
    with pytest.raises(Problem) as caught:
        await world.draft("mx-pa", "chm", records.law(LAW))
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("/header/schema", "unexpected-term")
    ]
