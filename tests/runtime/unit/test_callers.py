"""Who calls, as every interface tells it: from their token, and for commands with their Idempotency-Key."""

from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Response
from prometheus_client import CollectorRegistry

from clearinghouse_messages.answers import Receipt
from clearinghouse_runtime.auth import TokenVerifier
from clearinghouse_runtime.commands import Caller
from clearinghouse_runtime.http import callers, create_app, created, with_etag
from tests.support.issuer import AUDIENCE, ISSUER, Issuer

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def app(issuer: Issuer) -> FastAPI:
    made = create_app("Test", description="test", metrics=CollectorRegistry(), infrastructure=(OSError,))
    who = callers(TokenVerifier(issuer=ISSUER, audience=AUDIENCE, fetch=issuer.fetch))

    @made.get("/required")
    async def required(person: Annotated[str, Depends(who.required)]) -> str:
        return person

    @made.get("/optional")
    async def optional(person: Annotated[str | None, Depends(who.optional)]) -> str | None:
        return person

    @made.post("/command")
    async def command(caller: Annotated[Caller, Depends(who.command)]) -> dict[str, Any]:
        return vars(caller)

    @made.put("/changed")
    async def change(response: Response) -> Receipt:
        receipt = Receipt(identifier="1", status="draft", links={"draft": "/v1/drafts/1"})
        return with_etag(receipt, response)

    @made.post("/made", status_code=201)
    async def make(response: Response) -> Receipt:
        receipt = Receipt(identifier="1", status="draft", etag='"7"', links={"draft": "/v1/drafts/1"})
        return created(receipt, response)

    return made


@pytest.fixture
def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


def bearing(token: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **headers}


@pytest.mark.parametrize("path", ["/required", "/optional"])
async def test_a_good_token_proves_who_calls(client: httpx.AsyncClient, issuer: Issuer, path: str) -> None:
    answer = await client.get(path, headers=bearing(issuer.token("first")))
    assert (answer.status_code, answer.json()) == (200, "mx-pa")


async def test_without_a_token_a_caller_is_asked_to_log_in_unless_it_is_optional(
    client: httpx.AsyncClient,
) -> None:
    refused = await client.get("/required")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert refused.json()["type"] == "/problems/unauthorized"
    assert (await client.post("/command")).status_code == 401
    assert (await client.get("/optional")).json() is None


@pytest.mark.parametrize("path", ["/required", "/optional"])
async def test_a_bad_token_is_refused_even_where_none_is_needed(
    client: httpx.AsyncClient, issuer: Issuer, path: str
) -> None:
    for token in ("nonsense", issuer.token("first", exp=-60)):
        answer = await client.get(path, headers=bearing(token))
        assert answer.status_code == 401
        assert token not in answer.text


async def test_an_issuer_that_is_unavailable_is_no_refusal(client: httpx.AsyncClient, issuer: Issuer) -> None:
    issuer.unavailable = True
    answer = await client.get("/required", headers=bearing(issuer.token("first")))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


async def test_a_command_comes_with_its_key_and_its_trace(client: httpx.AsyncClient, issuer: Issuer) -> None:
    headers = {"Idempotency-Key": "0123456789", "traceparent": TRACE}
    answer = await client.post("/command", headers=bearing(issuer.token("first"), **headers))
    assert answer.json() == {"person": "mx-pa", "idempotency_key": "0123456789", "traceparent": TRACE}


@pytest.mark.parametrize("trace", ["nonsense", TRACE + "\t<script>", TRACE.upper(), ""])
async def test_what_is_no_trace_context_is_left_out(
    client: httpx.AsyncClient, issuer: Issuer, trace: str
) -> None:
    answer = await client.post("/command", headers=bearing(issuer.token("first"), traceparent=trace))
    assert answer.json() == {"person": "mx-pa", "idempotency_key": None, "traceparent": None}


@pytest.mark.parametrize("key", ["mine-42", "k" * 129])
async def test_a_key_of_a_wrong_length_is_refused(
    client: httpx.AsyncClient, issuer: Issuer, key: str
) -> None:
    answer = await client.post("/command", headers=bearing(issuer.token("first"), **{"Idempotency-Key": key}))
    assert answer.status_code == 422
    assert [fault["path"] for fault in answer.json()["errors"]] == ["/header/Idempotency-Key"]
    assert key not in answer.text


def test_the_description_names_tokens_and_keys_and_not_traces(app: FastAPI) -> None:
    described = app.openapi()["paths"]
    command = described["/command"]["post"]
    assert [parameter["name"] for parameter in command["parameters"]] == ["Idempotency-Key"]
    for operation in (command, described["/required"]["get"], described["/optional"]["get"]):
        assert operation["security"] == [{"HTTPBearer": []}]


async def test_an_answer_says_where_to_read_what_was_made_and_which_version_it_is(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/made")
    assert answer.status_code == 201
    assert (answer.headers["ETag"], answer.headers["Location"]) == ('"7"', "/v1/drafts/1")
    assert not {"ETag", "Location"} & set((await client.put("/changed")).headers)
