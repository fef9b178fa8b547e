"""What every service answers, whatever it is for: problems, health, limits."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from pydantic import BaseModel, ConfigDict

from clearinghouse_messages.problems import Fault
from clearinghouse_runtime.health import readiness
from clearinghouse_runtime.http import MAX_BODY_BYTES, create_app, create_management_app
from clearinghouse_runtime.logging import JsonLines
from clearinghouse_runtime.problems import Problem

CANARY = "a-value-nobody-may-see"


class EngineAwayError(Exception):
    pass


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int


async def fine() -> None:
    return None


async def away() -> None:
    raise OSError("away")


def application(metrics: CollectorRegistry) -> FastAPI:
    app = create_app("Test", description="test", metrics=metrics, infrastructure=(EngineAwayError,))

    @app.post("/commands/{name}")
    async def command(name: str, body: Body) -> dict[str, int]:
        if body.number == 1:
            raise Problem("invalid-record", "It has faults", 422, faults=[Fault("/a", "mandatory", "a text")])
        if body.number == 2:
            raise EngineAwayError(CANARY)
        if body.number == 3:
            raise RuntimeError(CANARY)
        return {"number": body.number}

    return app


def calling(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


@pytest.fixture
def metrics() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
async def client(metrics: CollectorRegistry) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(application(metrics)) as made:
        yield made


@pytest.fixture
async def management(metrics: CollectorRegistry) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(create_management_app({"store": fine, "broker": away}, metrics)) as made:
        yield made


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines("test"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


async def test_a_problem_has_its_type_and_every_fault(client: httpx.AsyncClient) -> None:
    answer = await client.post("/commands/x", json={"number": 1})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/invalid-record",
        "title": "It has faults",
        "status": 422,
        "errors": [{"path": "/a", "code": "mandatory", "expected": "a text"}],
    }


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"number": CANARY}),
        json.dumps({CANARY + " with blanks": 1, "number": 5}),
        json.dumps([CANARY]),
        '{"number": ' + CANARY,
        json.dumps({"number": {"deep": CANARY}}),
    ],
)
async def test_bad_input_is_never_echoed_nor_logged(
    client: httpx.AsyncClient, logged: io.StringIO, content: str
) -> None:
    answer = await client.post("/commands/x", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert CANARY not in answer.text
    assert CANARY not in logged.getvalue()


@pytest.mark.parametrize(("number", "status", "slug"), [(2, 503, "unavailable"), (3, 500, "internal")])
async def test_errors_on_our_side_say_nothing_of_what_was_sent(
    client: httpx.AsyncClient, logged: io.StringIO, number: int, status: int, slug: str
) -> None:
    answer = await client.post("/commands/x", json={"number": number})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert CANARY not in answer.text + logged.getvalue()


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_over_the_limit_is_refused(client: httpx.AsyncClient, declared: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * (MAX_BODY_BYTES // 4)

    body: Any = b" " * (MAX_BODY_BYTES + 1) if declared else pieces()
    answer = await client.post("/commands/x", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


async def test_readiness_names_the_engine_that_is_away(management: httpx.AsyncClient) -> None:
    assert (await management.get("/healthz")).status_code == 200
    answer = await management.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"store": "ok", "broker": "OSError"})


async def test_an_engine_that_does_not_answer_is_not_ready_and_is_not_waited_for() -> None:
    async def silent() -> None:
        await asyncio.Event().wait()

    answers = await asyncio.wait_for(readiness({"store": silent, "broker": fine}, within=0.01), 5)

    assert answers == {"store": "TimeoutError", "broker": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_health_and_metrics_are_not_on_the_public_interface(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(path)).status_code == 404


async def test_metrics_name_the_route_and_never_the_path(
    client: httpx.AsyncClient, management: httpx.AsyncClient
) -> None:
    await client.post(f"/commands/{CANARY}", json={"number": 5})
    await client.get(f"/{CANARY}")
    text = (await management.get("/metrics")).text
    assert 'route="/commands/{name}"' in text
    assert CANARY not in text
