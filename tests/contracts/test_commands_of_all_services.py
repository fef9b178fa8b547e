"""What is promised for every mutating route of every service, tested over all of them.

Sent twice with one Idempotency-Key a command acts once and answers the same; another command under that key is
refused; a refused one leaves nothing; its answer is a receipt and never a document. A route that is new fails
here until it has a scenario, or stands among the exceptions with its reason.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from clearinghouse_local.manifests import manifests
from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.events import RequestOpened
from clearinghouse_runtime.mongo import Database
from clearinghouse_tools.docs.openapi import descriptions
from notifier.domain.notifications import notifications_of, request_status_after
from tests.notifier.support import http as notifier_http
from tests.notifier.support import samples
from tests.registry.support import http as registry_http
from tests.registry.support import records
from tests.registry.support.records import text

Json = dict[str, Any]
MUTATING = ("post", "put", "patch", "delete")
KEY = "a-key-of-the-tests"
CANARY = "words-of-a-document"

EXCEPTIONS: dict[str, str] = {}
"""Mutating routes that do not go through the pipeline, each with the reason (uploads, when there are some)."""


@dataclass(frozen=True)
class Command:
    """One command as it is sent: by whom, where, with which body and ETag."""

    person: str
    path: str
    body: Json | None = None
    etag: str | None = None


@dataclass
class World:
    """All services by name, each on a database of its own."""

    clients: Mapping[str, httpx.AsyncClient]
    databases: dict[str, Database]
    notify: Callable[[str], Awaitable[str]]
    """Give a person a notification; its identifier."""

    async def send(
        self, service: str, method: str, command: Command, key: str | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {command.person}"}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"If-Match": command.etag} if command.etag else {}
        return await self.clients[service].request(method, command.path, json=command.body, headers=headers)

    async def done(self, method: str, command: Command) -> Json:
        """Send a command to the registry that has to succeed."""
        answer = await self.send("registry", method, command)
        assert answer.is_success, answer.text
        receipt: Json = answer.json()
        return receipt

    async def draft(self, uid: str) -> str:
        """Mexico drafts a law; the ETag of the draft."""
        made = await self.done("POST", Command("mx-nau", "/v1/bch/drafts", law(uid)))
        return str(made["etag"])

    async def request(self, uid: str) -> str:
        """Mexico asks for the publication of a law; the request."""
        etag = await self.draft(uid)
        made = await self.done("POST", Command("mx-nau", f"/v1/bch/drafts/{uid}/requests", etag=etag))
        return str(made["identifier"])

    async def record(self, uid: str) -> str:
        """Mexico publishes a law; its identifier."""
        etag = await self.draft(uid)
        made = await self.done("POST", Command("mx-pa", f"/v1/bch/drafts/{uid}/publication", etag=etag))
        return str(made["identifier"])

    async def dump(self) -> dict[str, list[Json]]:
        """Everything that is stored, by collection."""
        found = {}
        for service, database in self.databases.items():
            for name in await database.list_collection_names():
                documents = [document async for document in database[name].find(sort=[("_id", 1)])]
                found[f"{service}.{name}"] = documents
        return found


def law(uid: str) -> Json:
    return records.law(uid, title=text(CANARY))


@pytest.fixture
async def world(
    mongo_uri: str, mongo_client: Any, database: Database, tmp_path: Path
) -> AsyncIterator[World]:
    people = registry_http.officials(
        "bch",
        ("secretariat", "secretariat", None),
        ("mx-nfp", "national-focal-point", "mx"),
        ("mx-pa", "publishing-authority", "mx"),
        ("mx-nau", "national-authorized-user", "mx"),
        ("mx-new", "iac-member", None),
    )
    authority = records.authority("mx", absJurisdiction=None, functions=[{"identifier": "function-decides"}])
    lines = [*people, *registry_http.published_records("bch", ("mx-pa", authority))]
    other = mongo_client[f"{database.name}-n"]
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        registry = await enter(registry_http.running_registry(mongo_uri, database.name, tmp_path, lines))
        notifier = await enter(notifier_http.running_notifier(mongo_uri, other.name, tmp_path))

        async def notify(request: str) -> str:
            event = samples.request_event(request=request)
            assert isinstance(event, RequestOpened)
            rows = notifications_of(samples.envelope(event), event)
            await notifier.notifications.add(
                rows, request=request, request_status=request_status_after(event), seq=1
            )
            return rows[0].id

        yield World(
            {
                "registry": await enter(registry_http.interface_of(registry)),
                "notifier": await enter(notifier_http.interface_of(notifier)),
            },
            {"registry": database, "notifier": other},
            notify,
        )
    await mongo_client.drop_database(other.name)


A, B = "law-of-the-tests-1", "law-of-the-tests-2"


async def create_draft(world: World) -> tuple[Command, Command]:
    path = "/v1/bch/drafts"
    return Command("mx-nau", path, law(A)), Command("mx-nau", path, law(B))


async def replace_draft(world: World) -> tuple[Command, Command]:
    path, etag = f"/v1/bch/drafts/{A}", await world.draft(A)
    other = records.law(A, title=text("Another"))
    return Command("mx-nau", path, law(A), etag), Command("mx-nau", path, other, etag)


async def on_drafts(world: World, path: str, person: str) -> tuple[Command, Command]:
    etags = await world.draft(A), await world.draft(B)
    return Command(person, path.format(A), etag=etags[0]), Command(person, path.format(B), etag=etags[1])


async def discard_draft(world: World) -> tuple[Command, Command]:
    return await on_drafts(world, "/v1/bch/drafts/{}", "mx-nau")


async def open_request(world: World) -> tuple[Command, Command]:
    return await on_drafts(world, "/v1/bch/drafts/{}/requests", "mx-nau")


async def publish_draft(world: World) -> tuple[Command, Command]:
    return await on_drafts(world, "/v1/bch/drafts/{}/publication", "mx-pa")


async def on_requests(
    world: World, action: str, person: str, body: Json | None = None
) -> tuple[Command, Command]:
    first, second = await world.request(A), await world.request(B)
    path = "/v1/bch/requests/{}/" + action
    return Command(person, path.format(first), body), Command(person, path.format(second), body)


async def approve_request(world: World) -> tuple[Command, Command]:
    return await on_requests(world, "approval", "mx-pa")


async def reject_request(world: World) -> tuple[Command, Command]:
    return await on_requests(world, "rejection", "mx-pa", {"reason": "The date is missing"})


async def recall_request(world: World) -> tuple[Command, Command]:
    return await on_requests(world, "recall", "mx-nau")


async def delete_record(world: World) -> tuple[Command, Command]:
    path = f"/v1/bch/records/{await world.record(A)}/deletion"
    other = Command("mx-pa", path, {"reason": {"en": "Another"}})
    return Command("mx-pa", path, {"reason": {"en": "Replaced"}}), other


async def enter_person(world: World) -> tuple[Command, Command]:
    details = {"name": "Nadia", "email": "nadia@mx.example", "language": "es"}
    path = "/v1/persons/mx-new"
    return Command("mx-new", path, details), Command("mx-new", path, {**details, "language": "fr"})


async def designate(world: World) -> tuple[Command, Command]:
    path = "/v1/bch/designations"
    new = {"person": "mx-new", "role": "national-authorized-user", "country": "mx", "reason": "By letter"}
    return Command("mx-pa", path, new), Command("mx-pa", path, {**new, "reason": "By another letter"})


async def end_designation(world: World) -> tuple[Command, Command]:
    new, _ = await designate(world)
    path = f"/v1/bch/designations/{(await world.done('POST', new))['identifier']}/end"
    return Command("mx-pa", path, {"reason": "They left"}), Command("mx-pa", path, {"reason": "Another"})


async def mark_read(world: World) -> tuple[Command, Command]:
    first, second = await world.notify("request-1"), await world.notify("request-2")
    return Command("mx-pa", f"/v1/inbox/{first}/read"), Command("mx-pa", f"/v1/inbox/{second}/read")


Scenario = Callable[[World], Awaitable[tuple[Command, Command]]]

SCENARIOS: dict[str, Scenario] = {
    "registry POST /v1/{realm}/drafts": create_draft,
    "registry PUT /v1/{realm}/drafts/{uid}": replace_draft,
    "registry DELETE /v1/{realm}/drafts/{uid}": discard_draft,
    "registry POST /v1/{realm}/drafts/{uid}/requests": open_request,
    "registry POST /v1/{realm}/drafts/{uid}/publication": publish_draft,
    "registry POST /v1/{realm}/requests/{request}/approval": approve_request,
    "registry POST /v1/{realm}/requests/{request}/rejection": reject_request,
    "registry POST /v1/{realm}/requests/{request}/recall": recall_request,
    "registry POST /v1/{realm}/records/{identifier}/deletion": delete_record,
    "registry PUT /v1/persons/{sub}": enter_person,
    "registry POST /v1/{realm}/designations": designate,
    "registry POST /v1/{realm}/designations/{designation}/end": end_designation,
    "notifier POST /v1/inbox/{notification}/read": mark_read,
}
"""For each mutating route a command that succeeds, and another one for the same key."""


def routes() -> dict[str, Json]:
    """Every route of every service, with its description."""
    return {
        f"{service} {method.upper()} {path}": operation
        for service, description in descriptions().items()
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    }


def mutating(name: str) -> bool:
    return name.split()[1].lower() in MUTATING


def test_every_mutating_route_of_every_service_is_tested_here() -> None:
    found = routes()
    assert {name.split()[0] for name in found} == {manifest.name for manifest in manifests()}
    assert {name for name in found if mutating(name)} - set(EXCEPTIONS) == set(SCENARIOS)


def test_the_key_is_described_on_mutating_routes_and_nowhere_else() -> None:
    described = {
        name
        for name, operation in routes().items()
        if any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", []))
    }
    assert described == {name for name in routes() if mutating(name)} - set(EXCEPTIONS)


def test_every_mutating_route_answers_a_receipt() -> None:
    for name, operation in routes().items():
        if mutating(name) and name not in EXCEPTIONS:
            (success,) = [answer for status, answer in operation["responses"].items() if status[0] == "2"]
            schema = success["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Receipt"}, name


@pytest.mark.parametrize("name", SCENARIOS)
async def test_sent_twice_under_one_key_it_acts_once_and_answers_the_same(name: str, world: World) -> None:
    service, method, _ = name.split()
    command, other = await SCENARIOS[name](world)
    before = await world.dump()
    first = await world.send(service, method, command, KEY)
    assert first.is_success, first.text
    after = await world.dump()
    assert after != before
    again = await world.send(service, method, command, KEY)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers.get("etag") == first.headers.get("etag")
    assert again.headers.get("location") == first.headers.get("location")
    assert await world.dump() == after
    refused = await world.send(service, method, other, KEY)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert await world.dump() == after
    Receipt.model_validate(first.json())
    assert CANARY not in first.text
    assert CANARY not in str(after[f"{service}.idempotency_records"])


@pytest.mark.parametrize("name", SCENARIOS)
async def test_without_a_key_it_is_carried_out_and_no_idempotency_record_is_stored(
    name: str, world: World
) -> None:
    service, method, _ = name.split()
    command, _ = await SCENARIOS[name](world)
    records_of = f"{service}.idempotency_records"
    assert (await world.send(service, method, command)).is_success
    assert (await world.dump()).get(records_of, []) == []


@pytest.mark.parametrize("name", SCENARIOS)
async def test_who_may_not_is_refused_and_nothing_is_stored(name: str, world: World) -> None:
    service, method, _ = name.split()
    command, _ = await SCENARIOS[name](world)
    before = await world.dump()
    stranger = Command("stranger", command.path, command.body, command.etag)
    refused = await world.send(service, method, stranger, KEY)
    assert refused.status_code in (403, 404), refused.text
    anonymous = await world.clients[service].request(
        method, command.path, json=command.body, headers={"Idempotency-Key": KEY}
    )
    assert anonymous.status_code == 401
    assert await world.dump() == before
