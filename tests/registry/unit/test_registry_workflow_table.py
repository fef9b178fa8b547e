"""The workflow table, held against what the registry does: any person, any action, in any order."""

from __future__ import annotations

import asyncio
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
from registry.domain.entities import Draft, Request
from registry.domain.workflow import TRANSITIONS, Transition, actions
from tests.registry.support import records
from tests.registry.support.world import World

UID = "guide-to-the-library"
PERSONS = ("author", "somebody-else", "secretariat")
"""Of a resource of the CHM: anybody drafts it, the Secretariat publishes it."""

ACTIONS = tuple(row.name for row in TRANSITIONS if row.permission is not None)
Step = tuple[str, str]


@dataclass
class Model:
    """What the table says of one draft and its request, kept beside the registry."""

    author: str | None = None
    requester: str | None = None
    request: RequestStatus | None = None

    def permitted(self, person: str, permission: str) -> bool:
        if permission == "publish":
            return person == "secretariat"
        if permission == "recall":
            return person == self.requester
        return person in (self.author, "secretariat")

    def allows(self, person: str, row: Transition) -> bool:
        if self.author is None or row.permission is None or not self.permitted(person, row.permission):
            return False
        status = ("locked" if self.request == "open" else "free") if row.on == "draft" else self.request
        return status == row.source

    def take(self, row: Transition, person: str) -> None:
        if row.draft == "locked":
            self.requester = person
        if row.draft in ("removed", "published"):
            self.author = None
        self.request = "open" if row.draft == "locked" else None


async def begin(world: World, model: Model) -> None:
    await world.do("author", CreateDraft("chm", records.resource(UID)))
    model.author = "author"


async def attempt(world: World, person: str, name: str, request: str) -> bool:
    """Whether the registry lets a person do it."""
    version = 0
    for draft in await world.store.find(Draft, {}):
        version = draft.version
    commands = {
        "replace": ReplaceDraft("chm", UID, records.resource(UID), version),
        "discard": DiscardDraft("chm", UID, version),
        "publish": PublishDraft("chm", UID, version),
        "request": OpenRequest("chm", UID, version),
        "approve": ApproveRequest("chm", request),
        "reject": RejectRequest("chm", request, "Not yet"),
        "recall": RecallRequest("chm", request),
    }
    try:
        await world.do(person, commands[name])
    except Problem:
        return False
    return True


async def offered(world: World, person: str, on: str, request: str) -> list[str]:
    """What the answers say that a person can do; nothing where they may not even look."""
    try:
        if on == "draft":
            return list((await drafts.read(world.context, person, "chm", UID)).actions)
        return list((await requests.read(world.context, person, "chm", request)).actions)
    except Problem:
        return []


async def play(steps: list[Step]) -> None:
    world, model, request = World(realms=("chm",)), Model(), "none-yet"
    await world.appoint("secretariat", "secretariat", "chm", None)
    for person, name in steps:
        if model.author is None:
            await begin(world, model)
        row = next(row for row in TRANSITIONS if row.name == name)
        expected = model.allows(person, row)
        if expected and row.reason:
            with pytest.raises(Problem, match="reason-missing"):
                await world.do(person, RejectRequest("chm", request, " "))
        assert (name in await offered(world, person, row.on, request)) == expected, (person, name)
        assert await attempt(world, person, name, request) == expected, (person, name)
        if not expected:
            continue
        stated = world.stated("requests")
        model.take(row, person)
        if row.event is not None:
            payload = stated[-1].data
            request = payload["request"]
            assert stated[-1].type.split(".")[3] == row.event.__name__.removeprefix("Request").lower()
            notified = [member["role"] for member in payload["audience"]]
            assert ("author" in notified) == ("author" in row.notifies)
            assert ("secretariat" in notified) == ("deciders" in row.notifies)
            kept = await world.store.get(Request, request)
            assert kept is not None
            assert kept.status == ("open" if row.on == "draft" else row.target)
        draft = next(iter(await world.store.find(Draft, {})), None)
        assert (draft is None) == (model.author is None)
        assert draft is None or (draft.request is not None) == (model.request == "open")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PERSONS), st.sampled_from(ACTIONS)), max_size=14))
def test_whatever_anybody_does_in_any_order_the_registry_does_what_the_table_says(steps: list[Step]) -> None:
    asyncio.run(play(steps))


def test_every_action_of_the_table_happens_on_the_straight_way() -> None:
    """So that the property above is not true of nothing."""
    steps = [
        ("author", "replace"),
        ("author", "request"),
        ("author", "recall"),
        ("author", "request"),
        ("secretariat", "reject"),
        ("author", "request"),
        ("secretariat", "approve"),
        ("author", "discard"),
        ("secretariat", "publish"),
    ]
    assert {name for _, name in steps} == set(ACTIONS)
    asyncio.run(play(steps))


def test_what_nobody_asks_for_is_offered_to_nobody() -> None:
    by_itself = {row.name for row in TRANSITIONS if row.permission is None}
    assert by_itself == {"cancel", "time-out"}
    for on in ("draft", "request"):
        for status in ("free", "locked", "open", "approved", "cancelled"):
            assert by_itself.isdisjoint(actions(on, status, lambda _: True))


def test_a_request_that_has_ended_stays_as_it_ended() -> None:
    ended = {row.target for row in TRANSITIONS if row.on == "request"}
    assert ended.isdisjoint(row.source for row in TRANSITIONS)
