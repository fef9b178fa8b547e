"""Transmissions checked from both ends: too many letters, or a proof that proves nothing, fail the demo."""

from __future__ import annotations

import io
from typing import Any, cast

import httpx
import pytest
from rich.console import Console

from clearinghouse_client.api import Notifier, Registry
from clearinghouse_client.connection import Connection
from clearinghouse_client.models import Record
from clearinghouse_demo.recipients import Recipient
from clearinghouse_demo.sink import Sink
from clearinghouse_demo.stage import Person, Stage
from clearinghouse_demo.timeline import CheckError, Timeline
from clearinghouse_demo.transmissions import Expected, check_transmissions

CERTIFICATE = Record(
    identifier="ABSCH-DEV-IRCC-MX-104-1",
    uid="demo-permit-1",
    number=104,
    revision=1,
    realm="absch",
    format="absPermit",
    status="current",
    link="http://registry.test/ABSCH-DEV-IRCC-MX-104-1",
    content={"title": {"es": "Autorización"}},
)
PROVIDER = Recipient(frozenset({"provider"}), frozenset({"ejido@mx.example"}), "es")


def letter(number: int, to: str = "ejido@mx.example", transmission: str = "t1") -> dict[str, Any]:
    headers = {
        "X-Clearinghouse-Type": "official-transmission",
        "X-Clearinghouse-Roles": "provider",
        "X-Clearinghouse-Record": CERTIFICATE.identifier,
        "X-Clearinghouse-Transmission": transmission,
        "Auto-Submitted": "auto-generated",
    }
    return {
        "id": number,
        "recipients": [to],
        "language": "es",
        "messageId": "<t1@registry.test>",
        "headers": headers,
        "text": f"Autorización {CERTIFICATE.link}",
    }


def evidence(**changes: Any) -> dict[str, Any]:
    whole = {
        "transmission": "t1",
        "kind": "certificate",
        "identifier": CERTIFICATE.identifier,
        "roles": [{"role": "provider", "provision": "certificate.provider"}],
        "state": "delivered",
        "owedAt": "2026-11-22T12:00:00Z",
        "settledAt": "2026-11-22T12:00:01Z",
        "emails": ["ejido@mx.example"],
        "attempts": [
            {"messageId": "<t1@registry.test>", "answers": [{"code": 250, "text": "kept", "accepted": True}]}
        ],
    }
    return {**whole, **changes}


def stage(letters: list[dict[str, Any]], transmissions: list[dict[str, Any]]) -> Stage:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"items": letters if request.url.path == "/mails" else transmissions})

    connection = Connection(
        "http://stack.test", httpx.AsyncClient(transport=httpx.MockTransport(answer)), first_pause=0
    )
    unused = cast(Any, None)
    return Stage(
        timeline=Timeline(Console(file=io.StringIO())),
        persons={"mx-pa": Person(Registry(connection), Notifier(connection))},
        reader=Registry(connection),
        sink=Sink(connection),
        followers=unused,
        law=unused,
        permit={},
    )


async def check(on: Stage) -> None:
    expected = Expected("certificate", CERTIFICATE, [PROVIDER], since=Timeline.now(), behind=0)
    await check_transmissions(on, expected, viewer="mx-pa")


async def test_one_letter_with_its_proof_passes() -> None:
    passing = stage([letter(1)], [evidence()])
    await check(passing)
    assert [each.id for each in passing.letters] == [1]
    assert [step.outcome for step in passing.timeline.steps] == ["done", "done"]


async def test_a_second_letter_to_the_same_recipient_fails() -> None:
    with pytest.raises(CheckError, match=r"nobody twice; found another to ejido@mx\.example"):
        await check(stage([letter(1), letter(2)], [evidence()]))


async def test_a_letter_to_somebody_whom_the_law_does_not_name_fails() -> None:
    with pytest.raises(CheckError, match=r"found another to press@news\.example"):
        await check(stage([letter(1), letter(2, to="press@news.example")], [evidence()]))


async def test_more_transmissions_than_the_law_names_fail() -> None:
    with pytest.raises(CheckError, match="expected 1 transmissions; found 2"):
        await check(stage([letter(1)], [evidence(), evidence(transmission="t2")]))


@pytest.mark.parametrize(
    "changes",
    [
        {"attempts": []},
        {"attempts": [{"messageId": "<t1@registry.test>", "answers": [{"code": 451, "accepted": False}]}]},
        {"attempts": [{"messageId": "<other>", "answers": [{"code": 250, "accepted": True}]}]},
        {"emails": ["other@mx.example"]},
        {"transmission": "t9"},
        {"settledAt": None},
    ],
)
async def test_a_proof_that_proves_nothing_fails(changes: dict[str, Any]) -> None:
    with pytest.raises(CheckError):
        await check(stage([letter(1)], [evidence(**changes)]))
