"""Transmissions checked from both ends: too many letters, or a proof that proves nothing, fail the demo."""

from __future__ import annotations

import io
from typing import Any, cast

import httpx
import pytest
from rich.console import Console

from clearinghouse_client.api import Notifier, Registry
from clearinghouse_client.connection import Connection
from clearinghouse_demo.demo_run import DemoRun, SignedIn
from clearinghouse_demo.recipients import ExpectedRecipient
from clearinghouse_demo.sink import Sink
from clearinghouse_demo.timeline import CheckError, Timeline
from clearinghouse_demo.transmissions import Expected, check_transmissions
from clearinghouse_messages.answers import (
    AttemptAnswer,
    ReplyAnswer,
    RoleAnswer,
    TransmissionAnswer,
    TransmissionsAnswer,
)
from tests.demo.support import certificate
from tests.support.answers import AT

CERTIFICATE = certificate(title={"es": "Autorización"})
PROVIDER = ExpectedRecipient(frozenset({"provider"}), frozenset({"ejido@mx.example"}), "es")


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


def attempt(message_id: str = "<t1@registry.test>", code: int = 250) -> AttemptAnswer:
    reply = ReplyAnswer(address="ejido@mx.example", code=code, text="said", accepted=code == 250)
    return AttemptAnswer(
        number=1,
        status="accepted",
        server="sink",
        started_at=AT,
        ended_at=AT,
        message_id=message_id,
        replies=[reply],
    )


EVIDENCE = TransmissionAnswer(
    transmission="t1",
    kind="certificate",
    identifier=CERTIFICATE.identifier,
    roles=[RoleAnswer(role="provider", provision="certificate.provider", country="mx", name="Ejido")],
    language="es",
    status="delivered",
    owed_at=AT,
    settled_at=AT,
    emails=["ejido@mx.example"],
    attempts=[attempt()],
)


def evidence(**changes: Any) -> TransmissionAnswer:
    return EVIDENCE.model_copy(update=changes)


def demo(letters: list[dict[str, Any]], transmissions: list[TransmissionAnswer]) -> DemoRun:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/mails":
            return httpx.Response(200, json={"items": letters})
        items = TransmissionsAnswer(items=transmissions)
        return httpx.Response(200, json=items.model_dump(mode="json", by_alias=True))

    connection = Connection(
        "http://stack.test", httpx.AsyncClient(transport=httpx.MockTransport(answer)), first_pause=0
    )
    unused = cast(Any, None)
    return DemoRun(
        timeline=Timeline(Console(file=io.StringIO())),
        persons={"mx-pa": SignedIn(Registry(connection), Notifier(connection))},
        reader=Registry(connection),
        sink=Sink(connection),
        followers=unused,
        recipient_rules=unused,
        permit={},
    )


async def check(on: DemoRun) -> None:
    expected = Expected("certificate", CERTIFICATE, [PROVIDER], since=Timeline.now(), behind=0)
    await check_transmissions(on, expected, viewer="mx-pa")


async def test_one_letter_with_its_proof_passes() -> None:
    passing = demo([letter(1)], [evidence()])
    await check(passing)
    assert [each.id for each in passing.letters] == [1]
    assert [step.outcome for step in passing.timeline.steps] == ["done", "done"]


async def test_a_second_letter_to_the_same_recipient_fails() -> None:
    with pytest.raises(CheckError, match=r"nobody twice; found another to ejido@mx\.example"):
        await check(demo([letter(1), letter(2)], [evidence()]))


async def test_a_letter_to_somebody_whom_the_law_does_not_name_fails() -> None:
    with pytest.raises(CheckError, match=r"found another to press@news\.example"):
        await check(demo([letter(1), letter(2, to="press@news.example")], [evidence()]))


async def test_more_transmissions_than_the_law_names_fail() -> None:
    with pytest.raises(CheckError, match="expected 1 transmissions; found 2"):
        await check(demo([letter(1)], [evidence(), evidence(transmission="t2")]))


@pytest.mark.parametrize(
    "changes",
    [
        {"attempts": []},
        {"attempts": [attempt(code=451)]},
        {"attempts": [attempt("<other>")]},
        {"emails": ["other@mx.example"]},
        {"transmission": "t9"},
        {"settled_at": None},
    ],
)
async def test_a_proof_that_proves_nothing_fails(changes: dict[str, Any]) -> None:
    with pytest.raises(CheckError):
        await check(demo([letter(1)], [evidence(**changes)]))
