"""One connection: retries, the idempotency key, and errors by their kind."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from clearinghouse_client.connection import ATTEMPTS, Connection
from clearinghouse_client.errors import RefusedError, SignInError, UnreachableError

ADDRESS = "http://registry.test"


class Server:
    """Answers with what ``answers`` hold, one after the other, the last one for ever; keeps the requests."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.replies = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def connection(server: Callable[[httpx.Request], httpx.Response], key: str | None = None) -> Connection:
    client = httpx.AsyncClient(transport=httpx.MockTransport(server))
    return Connection(ADDRESS, client, key=key, first_pause=0)


async def test_a_command_whose_answer_was_lost_is_repeated_under_the_same_key() -> None:
    server = Server(
        httpx.ReadError("lost"), httpx.ConnectError("away"), httpx.Response(201, json={"done": 1})
    )
    assert await connection(server).command("POST", "/v1/x") == {"done": 1}
    assert len({request.headers["Idempotency-Key"] for request in server.requests}) == 1
    assert len(server.requests) == 3


async def test_two_commands_have_different_keys() -> None:
    server = Server(httpx.Response(204))
    commands = connection(server)
    await commands.command("POST", "/v1/x")
    await commands.command("POST", "/v1/x")
    assert len({request.headers["Idempotency-Key"] for request in server.requests}) == 2


async def test_commands_under_a_key_share_it_with_those_sent_again_and_with_no_others() -> None:
    server = Server(httpx.Response(200, json={}))
    plain = connection(server)
    for sender in (plain.under_key("my-own-key"), plain.under_key("my-own-key"), plain):
        await sender.command("POST", "/v1/x")
    keys = [request.headers["Idempotency-Key"] for request in server.requests]
    assert keys[0] == keys[1] == "my-own-key"
    assert keys[2] != "my-own-key"


async def test_a_service_that_is_not_ready_is_asked_again() -> None:
    server = Server(httpx.Response(503), httpx.Response(200, json={"ready": True}))
    assert await connection(server).read("/v1/about") == {"ready": True}


async def test_a_server_that_stays_away_is_unreachable_after_the_last_attempt() -> None:
    server = Server(httpx.ConnectError("away"))
    with pytest.raises(UnreachableError, match=r"Cannot reach http://registry\.test"):
        await connection(server).read("/v1/about")
    assert len(server.requests) == ATTEMPTS


async def test_a_command_without_an_answer_in_time_names_the_key_to_repeat_it_with() -> None:
    server = Server(httpx.ReadTimeout("slow"))
    with pytest.raises(UnreachableError, match="--idempotency-key my-own-key"):
        await connection(server, key="my-own-key").command("POST", "/v1/x")


async def test_a_refusal_holds_every_fault_and_is_not_repeated() -> None:
    faults = [
        {"path": "/title", "code": "mandatory", "expected": "text in es or en"},
        {"path": "/picGranted", "code": "invalid-value", "expected": "true"},
    ]
    problem = {"type": "/problems/invalid-record", "title": "The record has faults", "errors": faults}
    server = Server(httpx.Response(422, json=problem))
    with pytest.raises(RefusedError, match="The record has faults") as caught:
        await connection(server).command("POST", "/v1/x", {})
    assert [fault.path for fault in caught.value.problem().errors] == ["/title", "/picGranted"]
    assert caught.value.status == 422
    assert len(server.requests) == 1


async def test_an_unknown_caller_is_asked_to_sign_in() -> None:
    server = Server(httpx.Response(401, json={"title": "Who are you?"}))
    with pytest.raises(SignInError) as caught:
        await connection(server).read("/v1/me")
    assert "clearinghouse login" in caught.value.next_step


async def test_something_else_at_the_address_is_not_taken_for_a_clearing_house() -> None:
    with pytest.raises(UnreachableError, match="is not a clearing-house"):
        await connection(Server(httpx.Response(200, html="<h1>hello</h1>"))).read("/v1/about")


async def test_a_long_poll_is_waited_for_beyond_the_usual_time_out() -> None:
    server = Server(httpx.Response(200, json={}))
    polling = connection(server)
    await polling.read("/v1/events", server_wait=20, wait=20)
    await polling.read("/v1/events")
    slow, usual = (request.extensions["timeout"]["read"] for request in server.requests)
    assert slow == usual + 20
