"""What the first chapter claims of a decision: who may take it, and that taking it twice does it once."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import httpx
import pytest
from rich.console import Console

from clearinghouse_client.api import Notifier, Registry
from clearinghouse_client.connection import Connection
from clearinghouse_demo.chapters.certificate import approve, may_decide
from clearinghouse_demo.demo_run import AUTHOR, AUTHORITY, DemoRun, SignedIn
from clearinghouse_demo.sink import Sink
from clearinghouse_demo.timeline import CheckError, Timeline
from clearinghouse_messages.answers import Receipt, RequestAnswer
from tests.demo.support import certificate
from tests.support.answers import AT, IDENTIFIER

RECEIPT = Receipt(
    identifier=IDENTIFIER,
    status="current",
    revision=1,
    transmissions=4,
    links={"record": f"/v1/records/{IDENTIFIER}"},
)
REQUEST = RequestAnswer(
    request="r1",
    record="ABSCH-DEV-IRCC-MX-104",
    uid="demo-permit-1",
    realm="absch",
    format="absPermit",
    country="mx",
    title={"es": "Autorización"},
    status="open",
    author=AUTHOR,
    opened_at=AT,
    expires_at=AT + timedelta(weeks=12),
    decided_by=None,
    decided_at=None,
    reason=None,
)

Answers = Callable[[str, httpx.Request], httpx.Response]


def demo(answers: Answers) -> DemoRun:
    """A demo whose registry answers each caller, by name."""

    def connection(name: str) -> Connection:
        transport = httpx.MockTransport(lambda request: answers(name, request))
        return Connection("http://stack.test", httpx.AsyncClient(transport=transport), first_pause=0)

    def signed_in(name: str) -> SignedIn:
        return SignedIn(Registry(connection(name)), Notifier(connection(name)))

    unused = cast(Any, None)
    return DemoRun(
        timeline=Timeline(Console(file=io.StringIO())),
        persons={name: signed_in(name) for name in (AUTHOR, AUTHORITY)},
        reader=Registry(connection("anybody")),
        sink=Sink(connection("anybody")),
        followers=unused,
        recipient_rules=unused,
        permit={},
    )


def lists(**actions: list[str]) -> DemoRun:
    """A registry that lists these actions of the request to the author and to the authority."""

    def answers(name: str, _: httpx.Request) -> httpx.Response:
        which = "author" if name == AUTHOR else "authority"
        request = REQUEST.model_copy(update={"actions": actions[which]})
        return httpx.Response(200, json=request.model_dump(mode="json", by_alias=True))

    return demo(answers)


def receipts(*made: Receipt) -> tuple[DemoRun, list[httpx.Request]]:
    """A registry that answers approvals with these receipts, one after the other; what it was sent."""
    sent: list[httpx.Request] = []

    def answers(_: str, request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=made[len(sent) - 1].model_dump(mode="json", by_alias=True))

    return demo(answers), sent


async def test_the_authority_may_decide_and_the_author_may_not() -> None:
    on = lists(author=["recall"], authority=["approve", "reject"])
    await may_decide(on, "r1")
    assert [step.outcome for step in on.timeline.steps] == ["done"]


@pytest.mark.parametrize(
    ("author", "authority", "expected"),
    [
        (["recall"], ["approve"], "among the actions of mx-pa"),
        (["recall", "approve"], ["approve", "reject"], "among those of mx-nau"),
    ],
)
async def test_a_request_that_lists_other_actions_fails(
    author: list[str], authority: list[str], expected: str
) -> None:
    with pytest.raises(CheckError, match=expected):
        await may_decide(lists(author=author, authority=authority), "r1")


async def test_the_approval_is_sent_twice_under_one_key_and_answered_with_one_receipt() -> None:
    on, sent = receipts(RECEIPT, RECEIPT)
    assert await approve(on, "r1", owed=4) == RECEIPT
    assert [request.url.path for request in sent] == ["/v1/absch/requests/r1/approval"] * 2
    assert len({request.headers["Idempotency-Key"] for request in sent}) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"identifier": "ABSCH-DEV-IRCC-MX-105-1"}, "the receipt"),
        ({"transmissions": 0}, "the receipt"),
    ],
)
async def test_an_approval_that_acts_twice_fails(changes: dict[str, Any], expected: str) -> None:
    on, _ = receipts(RECEIPT, RECEIPT.model_copy(update=changes))
    with pytest.raises(CheckError, match=expected):
        await approve(on, "r1", owed=4)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"identifier": "ABSCH-DEV-IRCC-DE-104-1"}, "a certificate of Mexico"),
        ({"status": "superseded"}, "a current certificate"),
        ({"transmissions": 3}, "4 transmissions owed; found 3"),
    ],
)
async def test_an_approval_that_makes_something_else_fails(changes: dict[str, Any], expected: str) -> None:
    on, _ = receipts(RECEIPT.model_copy(update=changes))
    with pytest.raises(CheckError, match=expected):
        await approve(on, "r1", owed=4)


@pytest.mark.parametrize("status", ["current", "revoked"])
async def test_the_record_that_a_receipt_names_must_be_what_the_receipt_says(status: str) -> None:
    found = certificate(title={"es": "Autorización"})

    def answers(_: str, request: httpx.Request) -> httpx.Response:
        assert request.url.path == f"/v1/records/{IDENTIFIER}"
        return httpx.Response(200, content=json.dumps(found.model_dump(mode="json", by_alias=True)))

    on, receipt = demo(answers), RECEIPT.model_copy(update={"status": status})
    if status == found.status:
        assert await on.published(receipt) == found
    else:
        with pytest.raises(CheckError, match="the status revoked; found current"):
            await on.published(receipt)
