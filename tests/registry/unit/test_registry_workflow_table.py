"""The workflow table, held against what the registry does: any person, any action, in any order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearinghouse_messages.events import RequestStatus
from clearinghouse_runtime.problems import Problem
from registry.application import drafts, requests
from registry.application.commands import (
    ApproveRequest,
    CreateDraft,
    DiscardDraft,
    OpenRequest,
    PublishDraft,
    RecallRequest,
    RejectRequest,
    ReplaceDraft,
)
from registry.domain.entities import Draft, Request, Role
from registry.domain.workflow import TRANSITIONS, Transition, actions
from tests.registry.support import records
from tests.registry.support.world import World

ACTIONS = tuple(row.name for row in TRANSITIONS if row.permission is not None)
Step = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """A record of one format: who is appointed, who drafts it beside ``author``, and who publishes it."""

    realm: str
    document: records.Document
    appointed: Mapping[str, tuple[Role, str | None]]
    drafters: frozenset[str]
    publisher: str
    """One of those appointed; their role is that of the deciders."""
    before: Sequence[tuple[str, records.Document]] = ()
    """What it refers to, each with who publishes it first."""

    @property
    def uid(self) -> str:
        """The caller's name of the record."""
        return str(self.document["header"]["identifier"])

    @property
    def persons(self) -> list[str]:
        """All who act on it, those included who may do nothing."""
        return sorted({"author", "somebody-else", *self.appointed})

    def permitted(self, person: str, permission: str, requester: str | None) -> bool:
        """Who may do what, said apart from the registry."""
        if permission == "publish":
            return person == self.publisher
        if permission == "recall":
            return person == requester
        return person in self.drafters


RESOURCE = Case(
    "chm",
    records.resource("guide-to-the-library"),
    {"secretariat": ("secretariat", None)},
    drafters=frozenset({"author", "secretariat"}),
    publisher="secretariat",
)
"""A resource of the CHM: anybody drafts it, the Secretariat publishes it."""

LAW = Case(
    "bch",
    records.law("law-of-mexico-1"),
    {
        "author": ("national-authorized-user", "mx"),
        "colleague": ("national-authorized-user", "mx"),
        "authority": ("publishing-authority", "mx"),
        "focal-point": ("national-focal-point", "mx"),
        "user-abroad": ("national-authorized-user", "de"),
        "authority-abroad": ("publishing-authority", "de"),
        "secretariat": ("secretariat", None),
    },
    drafters=frozenset({"author", "colleague", "authority"}),
    publisher="authority",
    before=[
        (
            "authority",
            records.authority("mx", absJurisdiction=None, functions=[{"identifier": "function-decides"}]),
        )
    ],
)
"""A national record of the BCH: its country's authorized users and authority draft it, the authority publishes it."""


@dataclass
class Model:
    """What the table says of one draft and its request, kept beside the registry."""

    case: Case
    drafted: bool = False
    requester: str | None = None
    request: RequestStatus | None = None

    def allows(self, person: str, row: Transition) -> bool:
        if not self.drafted or row.permission is None:
            return False
        if not self.case.permitted(person, row.permission, self.requester):
            return False
        status = ("locked" if self.request == "open" else "free") if row.on == "draft" else self.request
        return status == row.source

    def take(self, row: Transition, person: str) -> None:
        if row.draft == "locked":
            self.requester = person
        if row.draft in ("removed", "published"):
            self.drafted = False
        self.request = "open" if row.draft == "locked" else None


async def world_of(case: Case) -> World:
    """A registry with those who are appointed, and what the record refers to."""
    world = World(realms=(case.realm,))
    for person, (role, country) in case.appointed.items():
        await world.appoint(person, role, case.realm, country)
    for person, document in case.before:
        await world.publish(person, case.realm, document)
    return world


async def attempt(world: World, case: Case, person: str, name: str, request: str) -> bool:
    """Whether the registry lets a person do it."""
    realm, uid, version = case.realm, case.uid, 0
    for draft in await world.store.find(Draft, {}):
        version = draft.version
    commands = {
        "replace": ReplaceDraft(realm, uid, case.document, version),
        "discard": DiscardDraft(realm, uid, version),
        "publish": PublishDraft(realm, uid, version),
        "request": OpenRequest(realm, uid, version),
        "approve": ApproveRequest(realm, request),
        "reject": RejectRequest(realm, request, "Not yet"),
        "recall": RecallRequest(realm, request),
    }
    try:
        await world.do(person, commands[name])
    except Problem:
        return False
    return True


async def offered(world: World, case: Case, person: str, on: str, request: str) -> list[str]:
    """What the answers say that a person can do; nothing where they may not even look."""
    try:
        if on == "draft":
            return list((await drafts.read(world.context, person, case.realm, case.uid)).actions)
        return list((await requests.read(world.context, person, case.realm, request)).actions)
    except Problem:
        return []


async def play(case: Case, steps: Sequence[Step]) -> None:
    world, model, request = await world_of(case), Model(case), "none-yet"
    deciding, _ = case.appointed[case.publisher]
    for person, name in steps:
        if not model.drafted:
            await world.do("author", CreateDraft(case.realm, case.document))
            model.drafted = True
        row = next(row for row in TRANSITIONS if row.name == name)
        expected = model.allows(person, row)
        if expected and row.reason:
            with pytest.raises(Problem, match="reason-missing"):
                await world.do(person, RejectRequest(case.realm, request, " "))
        assert (name in await offered(world, case, person, row.on, request)) == expected, (person, name)
        assert await attempt(world, case, person, name, request) == expected, (person, name)
        if not expected:
            continue
        stated = world.stated("requests")
        model.take(row, person)
        if row.event is not None:
            payload = stated[-1].data
            request = payload["request"]
            assert stated[-1].type.split(".")[3] == row.event.__name__.removeprefix("Request").lower()
            notified = [(member["person"], member["role"]) for member in payload["audience"]]
            assert ((model.requester, "author") in notified) == ("author" in row.notifies)
            assert ((case.publisher, deciding) in notified) == ("deciders" in row.notifies)
            assert len(notified) == len(row.notifies)
            kept = await world.store.get(Request, request)
            assert kept is not None
            assert kept.status == ("open" if row.on == "draft" else row.target)
        draft = next(iter(await world.store.find(Draft, {})), None)
        assert (draft is None) == (not model.drafted)
        assert draft is None or (draft.request is not None) == (model.request == "open")


def steps_of(case: Case) -> st.SearchStrategy[list[Step]]:
    """Any of the persons, any action, in any order."""
    return st.lists(st.tuples(st.sampled_from(case.persons), st.sampled_from(ACTIONS)), max_size=14)


@pytest.mark.parametrize("case", [RESOURCE, LAW], ids=["resource", "law"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_anybody_does_in_any_order_the_registry_does_what_the_table_says(
    case: Case, data: st.DataObject
) -> None:
    asyncio.run(play(case, data.draw(steps_of(case))))


@pytest.mark.parametrize("case", [RESOURCE, LAW], ids=["resource", "law"])
def test_every_action_of_the_table_happens_on_the_straight_way(case: Case) -> None:
    """So that the property above is not true of nothing."""
    steps = [
        ("author", "replace"),
        ("author", "request"),
        ("author", "recall"),
        ("author", "request"),
        (case.publisher, "reject"),
        ("author", "request"),
        (case.publisher, "approve"),
        ("author", "discard"),
        (case.publisher, "publish"),
    ]
    assert {name for _, name in steps} == set(ACTIONS)
    asyncio.run(play(case, steps))


@pytest.mark.parametrize("case", [RESOURCE, LAW], ids=["resource", "law"])
def test_each_action_is_tried_by_everybody_where_it_is_possible(case: Case) -> None:
    """So that no permission depends on what the property above happens to draw."""
    to_request: list[Step] = [("author", "request")]
    for row in TRANSITIONS:
        for person in case.persons if row.permission is not None else ():
            asyncio.run(play(case, [*(to_request if row.on == "request" else []), (person, row.name)]))


def test_what_nobody_asks_for_is_offered_to_nobody() -> None:
    by_itself = {row.name for row in TRANSITIONS if row.permission is None}
    assert by_itself == {"cancel", "time-out"}
    for on in ("draft", "request"):
        for status in ("free", "locked", "open", "approved", "cancelled"):
            assert by_itself.isdisjoint(actions(on, status, lambda _: True))


def test_a_request_that_has_ended_stays_as_it_ended() -> None:
    ended = {row.target for row in TRANSITIONS if row.on == "request"}
    assert ended.isdisjoint(row.source for row in TRANSITIONS)
