"""What nobody sends by honest means: refused as a problem with its paths, without its values, and never a 500."""

from __future__ import annotations

import argparse
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from clearinghouse_runtime.mongo import Database
from registry.bootstrap import App
from registry.entrypoints.loading import load
from tests.registry.support import records
from tests.registry.support.http import Client, interface_of, officials, published_records, running_registry
from tests.registry.support.records import ref

LAW = "law-number-1"
CANARY = "canary-value"
TOO_FAR = "9223372036854775808"


@pytest.fixture
async def app(mongo_uri: str, database: Database, tmp_path: Path) -> AsyncIterator[App]:
    lines = [
        *officials(
            "bch",
            ("mx-pa", "publishing-authority", "mx"),
            ("mx-nfp", "national-focal-point", "mx"),
            ("mx-nau", "national-authorized-user", "mx"),
            ("secretariat", "secretariat", None),
        ),
        *published_records("bch", ("mx-pa", records.authority("mx")), ("mx-pa", records.law(LAW))),
    ]
    async with running_registry(mongo_uri, database.name, tmp_path, lines) as running:
        yield running


@pytest.fixture
async def http(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with interface_of(app) as client:
        yield client


def assert_refused(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert CANARY not in answer.text.lower()


@pytest.mark.parametrize(
    "reason",
    [
        {"zz": CANARY},
        {f"{CANARY}\0": "text"},
        {"en": f"{CANARY}\0"},
        {"en": "\ud800"},
        {"en": "long " * 5000},
        {"en": f"<script>{CANARY}</script>"},
        {"en": 1},
        CANARY,
    ],
)
async def test_the_reason_of_a_deletion_is_text_in_the_six_languages(
    http: httpx.AsyncClient, reason: Any
) -> None:
    mx_pa = Client(http, "mx-pa")
    assert_refused(await mx_pa("POST", f"/v1/bch/records/{LAW}/deletion", {"reason": reason}), 422)
    assert (await http.get(f"/v1/records/{LAW}")).json()["status"] == "current"


@pytest.mark.parametrize("country", [f"{CANARY} <b>", "\ud800"])
async def test_a_refusal_does_not_repeat_the_country_that_was_sent(
    http: httpx.AsyncClient, country: str
) -> None:
    law = records.law("law-of-nowhere", government=ref(country))
    answer = await Client(http, "stranger")("POST", "/v1/bch/drafts", law)
    assert answer.status_code in (403, 422)
    assert_refused(answer, answer.status_code)


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/events?after={TOO_FAR}",
        f"/v1/records?cursor={base64.urlsafe_b64encode(f'after:{TOO_FAR}'.encode()).decode()}",
    ],
)
async def test_positions_beyond_any_ledger_are_refused(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code in (400, 422)
    assert_refused(answer, answer.status_code)


@pytest.mark.parametrize(
    "change",
    [
        {"start": "0001-01-01T00:00:00+14:00"},
        {"end": "9999-12-31T23:59:59-14:00"},
        {"reason": f"{CANARY}\0"},
        {"reason": "\ud800"},
        {"person": f"{CANARY}\r\nBcc: x"},
    ],
)
async def test_a_designation_is_of_our_time_and_in_readable_words(
    http: httpx.AsyncClient, change: dict[str, str]
) -> None:
    new = {
        "person": "mx-nau",
        "role": "national-authorized-user",
        "country": "mx",
        "reason": "they asked",
        **change,
    }
    assert_refused(await Client(http, "mx-nfp")("POST", "/v1/bch/designations", new), 422)


async def test_two_idempotency_keys_are_one_too_many(http: httpx.AsyncClient) -> None:
    headers = [
        ("Authorization", "Bearer mx-nau"),
        ("Idempotency-Key", "the-first-key"),
        ("Idempotency-Key", "the-second-key"),
    ]
    answer = await http.post("/v1/bch/drafts", json=records.law("law-number-2"), headers=headers)
    assert_refused(answer, 422)


async def test_no_address_of_a_foreign_host_is_ever_answered(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/records/", headers={"Host": f"{CANARY}.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert (await http.request("PATCH", "/v1/records")).headers["allow"] == "GET"


async def test_who_no_longer_has_a_role_reads_no_draft_of_the_country_not_even_their_own(
    http: httpx.AsyncClient,
) -> None:
    """The publishing authority may have changed it since."""
    nau, nfp = Client(http, "mx-nau"), Client(http, "mx-nfp")
    assert (await nau("POST", "/v1/bch/drafts", records.law("law-number-3"))).status_code == 201
    held = (await nfp("GET", "/v1/bch/designations")).json()["items"]
    (role,) = [one["id"] for one in held if one["person"] == "mx-nau"]
    ended = await nfp("POST", f"/v1/bch/designations/{role}/end", {"reason": "they left"})
    assert ended.status_code == 200, ended.text
    assert_refused(await nau("GET", "/v1/bch/drafts/law-number-3"), 404)
    assert (await nau("GET", "/v1/bch/drafts")).json()["items"] == []


async def test_lines_that_cannot_be_loaded_are_named_without_their_values_and_the_others_go_on(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second_authority = {
        "kind": "designation",
        "person": "secretariat",
        "realm": "bch",
        "role": "publishing-authority",
        "country": "mx",
        "reason": "tests",
    }
    lines: list[Any] = [
        [],
        {"kind": CANARY},
        second_authority,
        {**second_authority, "realm": CANARY},
        {**second_authority, "start": CANARY},
        {"kind": "person", "sub": "new", "name": "New", "email": "new@x.example", "language": "en"},
    ]
    file = tmp_path / "lines.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert await load(app, argparse.Namespace(file=file)) == 1
    printed = capsys.readouterr()
    assert [line.split(":")[0] for line in printed.err.splitlines()] == [f"line {n}" for n in range(1, 6)]
    assert "End that designation first" in printed.err
    assert CANARY not in printed.err
    assert printed.out == "loaded 1, known already 0, refused 5\n"
