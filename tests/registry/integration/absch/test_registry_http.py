"""The registry over HTTP on the real document store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from clearinghouse_runtime.mongo import Database
from registry.bootstrap import App
from tests.registry.support import records
from tests.registry.support.http import (
    Client,
    interface_of,
    officials,
    published_records,
    running_registry,
)
from tests.registry.support.records import ref, text

PERMIT = "permit-number-1"
CANARY = "canary-value-that-nobody-may-see"


@pytest.fixture
async def app(mongo_uri: str, database: Database, tmp_path: Path) -> AsyncIterator[App]:
    people = officials(
        "absch",
        ("mx-pa", "publishing-authority", "mx"),
        ("mx-nau", "national-authorized-user", "mx"),
        ("de-pa", "publishing-authority", "de"),
        ("ma-pa", "publishing-authority", "ma"),
        ("secretariat", "secretariat", None),
    )
    world = published_records(
        "absch",
        ("secretariat", records.focal_point("mx")),
        ("mx-pa", records.authority("mx")),
        ("mx-pa", records.contact("provider-contact")),
        ("mx-pa", records.contact("grantee-contact", "de")),
    )
    async with running_registry(mongo_uri, database.name, tmp_path, [*people, *world]) as running:
        yield running


@pytest.fixture
async def http(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with interface_of(app) as client:
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
    identifier = made["identifier"]
    assert identifier.startswith("ABSCH-DEV-IRCC-MX-1000")
    assert made["transmissions"] == 4
    number = int(identifier.split("-")[-2])
    for name in (identifier.lower(), identifier[:-2], str(number), f"{number}@1", PERMIT, f"{PERMIT}@1"):
        answer = await anyone("GET", f"/{name}", Accept="application/json")
        assert (answer.status_code, answer.json()["identifier"]) == (200, identifier)
    wrong_country = identifier.replace("-MX-", "-DE-")
    assert (await anyone("GET", f"/{wrong_country}")).status_code == 404
    assert (await anyone("GET", f"/{number}@2")).status_code == 404


async def test_the_page_of_a_record_shows_hostile_text_as_text(mx_pa: Client, anyone: Client) -> None:
    made = await published(mx_pa, records.permit(PERMIT, referenceToNationalPermit={"en": "1 < 2 & 3"}))
    page = await anyone("GET", f"/{made['identifier']}", Accept="text/html", Accept_Language="es")
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
    assert (asked.status_code, asked.json()["status"]) == (201, "open")
    locked = await mx_nau("PUT", path, records.permit(PERMIT), If_Match=replaced.headers["etag"])
    assert (locked.status_code, locked.json()["type"]) == (409, "/problems/draft-locked")
    assert (await mx_nau("GET", path)).json()["lockedBy"] == asked.json()["identifier"]


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
    path = f"/v1/records/{made['identifier']}/transmissions"
    seen = {}
    for person in (None, "mx-pa", "de-pa", "ma-pa", "secretariat"):
        items = (await Client(http, person)("GET", path)).json()["items"]
        assert {role["role"] for item in items for role in item["roles"]} == {
            "national-focal-point",
            "competent-national-authority",
            "provider",
            "grantee",
        }
        assert {item["status"] for item in items} == {"owed"}
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
    path = f"/v1/absch/designations/{made.json()['identifier']}/end"
    assert (await secretariat("POST", path, {})).status_code == 422
    ended = await secretariat("POST", path, {"reason": "Letter of 2 May"})
    assert ended.json()["status"] == "ended"
    (kept,) = (await secretariat("GET", "/v1/absch/designations?country=mx")).json()["items"][-1:]
    assert (kept["person"], kept["endReason"]) == ("mx-nfp", "Letter of 2 May")
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
    assert [one["identifier"] for one in shown["referredBy"]] == [made["identifier"]]
