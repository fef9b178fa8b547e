"""The registry over HTTP on the real document store."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from clearinghouse_runtime.auth import Identity, InvalidTokenError, TokenVerifier
from clearinghouse_runtime.mongo import Database
from registry.application.migration import load_line
from registry.bootstrap import App, build
from registry.entrypoints.http.app import api
from registry.settings import Settings
from tests.registry.support import records
from tests.registry.support.records import ref, text

PERMIT = "permit-number-1"
CANARY = "canary-value-that-nobody-may-see"


class NamedByToken(TokenVerifier):
    """The token is the person's name: how tokens are checked has tests of its own."""

    async def verify(self, token: str) -> Identity:
        if token == "expired":
            raise InvalidTokenError("the token has expired; log in again")
        return Identity(token)


@pytest.fixture
async def app(mongo_uri: str, database: Database, tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(
        environment="development",
        port=0,
        mongo_uri=SecretStr(mongo_uri),
        database=database.name,
        bootstrap="127.0.0.1:1",
        topic_prefix="dev",
        issuer="http://issuer.example",
        audience="test",
        public_address="http://registry.example",
        data_dir=tmp_path,
        secret=SecretStr("of the tests"),
    )
    built = build(settings)
    await built.store.prepare()
    await built.ledger.prepare()
    for line in people():
        await load_line(built.context, line)
    for by, document in world():
        assert await load_line(
            built.context, {"kind": "record", "realm": "absch", "by": by, "document": document}
        )
    yield dataclasses.replace(built, verifier=NamedByToken(issuer="", audience=""))
    built.client.close()


def people() -> list[dict[str, Any]]:
    roles = [
        ("mx-pa", "publishing-authority", "mx"),
        ("mx-nau", "national-authorized-user", "mx"),
        ("de-pa", "publishing-authority", "de"),
        ("ma-pa", "publishing-authority", "ma"),
        ("secretariat", "secretariat", None),
    ]
    return [
        line
        for person, role, country in roles
        for line in (
            {
                "kind": "person",
                "sub": person,
                "name": person,
                "email": f"{person}@x.example",
                "language": "en",
            },
            {
                "kind": "designation",
                "person": person,
                "realm": "absch",
                "role": role,
                "country": country,
                "start": "2020-01-01T00:00:00+00:00",
                "reason": "tests",
            },
        )
    ]


def world() -> list[tuple[str, records.Document]]:
    return [
        ("secretariat", records.focal_point("mx")),
        ("mx-pa", records.authority("mx")),
        ("mx-pa", records.contact("provider-contact")),
        ("mx-pa", records.contact("grantee-contact", "de")),
    ]


class Client:
    """Speaks for one person."""

    def __init__(self, http: httpx.AsyncClient, person: str | None) -> None:
        self.http = http
        self.headers = {"Authorization": f"Bearer {person}"} if person else {}

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = None if body is None else json.dumps(body)
        sent = {**self.headers, **named, "content-type": "application/json"}
        return await self.http.request(method, path, content=content, headers=sent)


@pytest.fixture
async def http(app: App) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(api(app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
def mx_pa(http: httpx.AsyncClient) -> Client:
    return Client(http, "mx-pa")


@pytest.fixture
def mx_nau(http: httpx.AsyncClient) -> Client:
    return Client(http, "mx-nau")


@pytest.fixture
def anyone(http: httpx.AsyncClient) -> Client:
    return Client(http, None)


async def published(client: Client, document: records.Document) -> dict[str, Any]:
    drafted = await client("POST", "/v1/absch/drafts", document)
    assert drafted.status_code == 201, drafted.text
    path = drafted.headers["location"] + "/publication"
    made = await client("POST", path, If_Match=drafted.headers["etag"])
    assert made.status_code == 201, made.text
    answer: dict[str, Any] = made.json()
    return answer


async def test_a_permit_becomes_a_certificate_that_resolves_in_any_letter_case(
    mx_pa: Client, anyone: Client
) -> None:
    made = await published(mx_pa, records.permit(PERMIT))
    identifier = made["record"]["identifier"]
    assert identifier.startswith("ABSCH-DEV-IRCC-MX-1000")
    assert made["transmissions"] == 4
    number = made["record"]["number"]
    for name in (identifier.lower(), identifier[:-2], str(number), f"{number}@1", PERMIT, f"{PERMIT}@1"):
        answer = await anyone("GET", f"/{name}", Accept="application/json")
        assert (answer.status_code, answer.json()["identifier"]) == (200, identifier)
    wrong_country = identifier.replace("-MX-", "-DE-")
    assert (await anyone("GET", f"/{wrong_country}")).status_code == 404
    assert (await anyone("GET", f"/{number}@2")).status_code == 404


async def test_the_page_of_a_record_shows_hostile_text_as_text(mx_pa: Client, anyone: Client) -> None:
    made = await published(mx_pa, records.permit(PERMIT, referenceToNationalPermit={"en": "1 < 2 & 3"}))
    page = await anyone("GET", f"/{made['record']['identifier']}", Accept="text/html", Accept_Language="es")
    assert page.headers["content-type"].startswith("text/html")
    assert "1 &lt; 2 &amp; 3" in page.text
    assert "development environment" in page.text
    assert f'<h2 lang="es" dir="ltr">Permit {PERMIT} (es)</h2>' in page.text


async def test_commands_on_a_draft_need_its_current_etag(mx_nau: Client, mx_pa: Client) -> None:
    drafted = await mx_nau("POST", "/v1/absch/drafts", records.permit(PERMIT))
    path, etag = drafted.headers["location"], drafted.headers["etag"]
    for method, where in (("PUT", path), ("DELETE", path), ("POST", f"{path}/requests")):
        answer = await mx_nau(method, where, records.permit(PERMIT) if method == "PUT" else None)
        assert (answer.status_code, answer.json()["type"]) == (428, "/problems/precondition-required")
    replaced = await mx_nau("PUT", path, records.permit(PERMIT), If_Match=etag)
    assert replaced.status_code == 200
    stale = await mx_pa("PUT", path, records.permit(PERMIT), If_Match=etag)
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/stale")
    asked = await mx_nau("POST", f"{path}/requests", If_Match=replaced.headers["etag"])
    assert (asked.status_code, asked.json()["state"]) == (201, "open")
    locked = await mx_nau("PUT", path, records.permit(PERMIT), If_Match=replaced.headers["etag"])
    assert (locked.status_code, locked.json()["type"]) == (409, "/problems/draft-locked")
    assert (await mx_nau("GET", path)).json()["lockedBy"] == asked.json()["request"]


async def test_every_fault_is_named_at_once_and_no_refused_value_is_echoed(mx_nau: Client) -> None:
    document = records.permit(
        PERMIT,
        subjectMatter=text(CANARY),
        subjectMatterConfidential=True,
        dateOfIssuance=CANARY,
        usages=[{"identifier": CANARY}],
        keywords=CANARY,
        picGranted={"deep": CANARY},
        title={"en": CANARY, "xx": CANARY},
    )
    document["unknownField"] = CANARY
    answer = await mx_nau("POST", "/v1/absch/drafts", document)
    assert answer.status_code == 422
    paths = {error["path"] for error in answer.json()["errors"]}
    assert {"/unknownField", "/dateOfIssuance", "/keywords", "/picGranted"} <= paths
    assert CANARY not in answer.text
    assert (await mx_nau("GET", f"/v1/absch/drafts/{PERMIT}")).status_code == 404


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"header": CANARY},
        {"header": {"identifier": CANARY, "schema": CANARY}},
        {"header": {"identifier": ["x"], "schema": {"a": 1}, "languages": 5}},
        records.permit("ABSCH-IRCC-MX-1-1"),
        records.permit(PERMIT, government=None),
        records.permit(PERMIT, government={"identifier": {"a": "b"}}),
        records.permit(PERMIT, gisMapCenter={"zoom": 10**30, "lat": 1, "lng": 1}),
        records.permit(PERMIT, title={"en": "\ud800"}),
        records.permit(PERMIT, title={"en": "\x00"}),
    ],
)
async def test_a_document_that_is_none_is_refused_with_its_faults(
    mx_nau: Client, document: dict[str, Any]
) -> None:
    answer = await mx_nau("POST", "/v1/absch/drafts", document)
    assert answer.status_code in (403, 422), answer.text
    assert answer.json()["type"].startswith("/problems/")
    assert CANARY not in answer.text


async def test_a_deeply_nested_document_is_refused(mx_nau: Client) -> None:
    deep = '{"a":' * 5000 + "1" + "}" * 5000
    answer = await mx_nau.http.post(
        "/v1/absch/drafts", content=deep, headers={**mx_nau.headers, "content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/refused")


async def test_a_record_that_no_event_can_carry_is_refused(mx_nau: Client) -> None:
    big = records.permit(PERMIT, permitDescription={"en": "é" * 460_000})
    answer = await mx_nau("POST", "/v1/absch/drafts", big)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/record-too-large")
    just = records.permit(PERMIT, permitDescription={"en": "é" * 440_000})
    assert (await mx_nau("POST", "/v1/absch/drafts", just)).status_code == 201


async def test_who_received_what_is_public_but_addresses_are_for_the_countries_concerned(
    mx_pa: Client, anyone: Client, http: httpx.AsyncClient
) -> None:
    made = await published(mx_pa, records.permit(PERMIT))
    path = f"/v1/records/{made['record']['identifier']}/transmissions"
    seen = {}
    for person in (None, "mx-pa", "de-pa", "ma-pa", "secretariat"):
        items = (await Client(http, person)("GET", path)).json()["items"]
        assert {role["role"] for item in items for role in item["roles"]} == {
            "national-focal-point",
            "competent-national-authority",
            "provider",
            "grantee",
        }
        assert {item["state"] for item in items} == {"owed"}
        seen[person] = sorted(email for item in items for email in item["emails"] or [])
    every = [
        "cna@mx.example",
        "grantee-contact@de.example",
        "nfp@mx.example",
        "provider-contact@mx.example",
    ]
    assert seen["mx-pa"] == seen["secretariat"] == every
    assert seen["de-pa"] == ["grantee-contact@de.example"]
    assert seen[None] == seen["ma-pa"] == []
    assert (await anyone("GET", "/v1/absch/undelivered")).status_code == 401
    assert (await mx_pa("GET", "/v1/absch/undelivered")).status_code == 404


async def test_without_a_good_token_no_command_is_taken(http: httpx.AsyncClient, anyone: Client) -> None:
    for client in (anyone, Client(http, "expired")):
        answer = await client("POST", "/v1/absch/drafts", records.permit(PERMIT))
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert (await Client(http, "expired")("GET", "/v1/records/1/transmissions")).status_code == 401


async def test_drafts_are_seen_only_by_those_of_the_country_and_the_secretariat(
    mx_nau: Client, http: httpx.AsyncClient
) -> None:
    await mx_nau("POST", "/v1/absch/drafts", records.permit(PERMIT))
    for person, status, count in (
        ("mx-pa", 200, 1),
        ("secretariat", 200, 1),
        ("de-pa", 404, 0),
        ("x", 404, 0),
    ):
        client = Client(http, person)
        assert (await client("GET", f"/v1/absch/drafts/{PERMIT}")).status_code == status
        assert len((await client("GET", "/v1/absch/drafts")).json()["items"]) == count


async def test_records_are_listed_page_by_page(anyone: Client) -> None:
    found: list[str] = []
    cursor = ""
    while True:
        answer = (await anyone("GET", f"/v1/records?realm=absch&limit=3{cursor}")).json()
        found += [item["uid"] for item in answer["items"]]
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert found == ["focal-point-mx-1", "authority-mx-1", "provider-contact", "grantee-contact"]
    assert (await anyone("GET", "/v1/records?cursor=nonsense")).status_code == 400


async def test_the_interface_describes_itself(anyone: Client) -> None:
    about = (await anyone("GET", "/v1/about")).json()
    assert (about["environment"], about["realms"]) == ("development", ["absch", "bch", "chm"])
    formats = {one["name"]: one for one in (await anyone("GET", "/v1/formats")).json()["items"]}
    assert formats["absPermit"]["realms"] == {"absch": "IRCC"}
    schema = (await anyone("GET", formats["absPermit"]["schema"])).json()
    assert "matEstablished" in schema["properties"]
    paths = (await anyone("GET", "/openapi.json")).json()["paths"]
    assert "/v1/{realm}/drafts/{uid}/publication" in paths
    assert (await anyone("GET", "/v1/formats/nothing/schema")).status_code == 404
    assert (await anyone("GET", "/v1/nowhere/designations")).status_code == 404


async def test_designations_are_made_and_ended_with_a_reason(http: httpx.AsyncClient) -> None:
    secretariat = Client(http, "secretariat")
    entered = await secretariat(
        "PUT", "/v1/persons/mx-nfp", {"name": "N", "email": "n@mx.example", "language": "es"}
    )
    assert entered.status_code == 200
    new = {"person": "mx-nfp", "role": "national-focal-point", "country": "mx", "reason": "Letter of 1 March"}
    made = await secretariat("POST", "/v1/absch/designations", new)
    assert made.status_code == 201
    me = (await Client(http, "mx-nfp")("GET", "/v1/me")).json()
    assert [held["role"] for held in me["designations"]] == ["national-focal-point"]
    by_stranger = await Client(http, "stranger")("POST", "/v1/absch/designations", new)
    assert by_stranger.status_code == 403
    path = f"/v1/absch/designations/{made.json()['id']}/end"
    assert (await secretariat("POST", path, {})).status_code == 422
    ended = await secretariat("POST", path, {"reason": "Letter of 2 May"})
    assert ended.json()["endReason"] == "Letter of 2 May"
    assert (await secretariat("POST", path, {"reason": "again"})).status_code == 409
    assert (await Client(http, "mx-nfp")("GET", "/v1/me")).json()["designations"] == []


async def test_a_communique_pinned_to_a_revision_shows_with_the_permit(
    mx_pa: Client, http: httpx.AsyncClient
) -> None:
    await published(mx_pa, records.permit(PERMIT))
    german = Client(http, "de-pa")
    await published(german, records.authority("de"))
    await published(german, records.checkpoint("de"))
    made = await published(german, records.communique("communique-1", absIRCCs=[ref(f"{PERMIT}@1")]))
    shown = (await mx_pa("GET", f"/v1/records/{PERMIT}")).json()
    assert [one["identifier"] for one in shown["referredBy"]] == [made["record"]["identifier"]]
