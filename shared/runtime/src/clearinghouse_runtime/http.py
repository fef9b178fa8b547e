"""The HTTP side that all services share: an interface with problem details, its callers, and serving.

Health and metrics have an application and a port of their own, so that an interface can be public.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from clearinghouse_messages.answers import Receipt
from clearinghouse_runtime.auth import Identity, InvalidTokenError, TokenVerifier
from clearinghouse_runtime.commands import Caller
from clearinghouse_runtime.health import Check, readiness
from clearinghouse_runtime.http_middleware import BodyLimit, Measured
from clearinghouse_runtime.http_problems import answer_problems
from clearinghouse_runtime.problems import Problem

MAX_BODY_BYTES = 4_000_000
"""More than any valid command; a larger body is refused before it is read whole."""

_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def create_app(
    title: str,
    *,
    description: str,
    metrics: CollectorRegistry,
    infrastructure: Sequence[type[Exception]] = (),
) -> FastAPI:
    """An interface with problem details and a limit on bodies, counted and timed in ``metrics``.

    ``infrastructure`` are the errors that mean "an engine is unavailable": they are answered with 503 and the
    advice to try again. No error answer ever holds what the caller sent.
    """
    app = FastAPI(title=title, description=description, version="1", redoc_url=None, redirect_slashes=False)
    app.add_middleware(BodyLimit, limit=MAX_BODY_BYTES)
    app.add_middleware(Measured, registry=metrics)
    answer_problems(app, infrastructure)
    return app


def create_management_app(checks: Mapping[str, Check], metrics: CollectorRegistry) -> FastAPI:
    """``/healthz`` (the process lives), ``/readyz`` (its engines answer) and ``/metrics`` (Prometheus)."""
    app = FastAPI(openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz(response: Response) -> dict[str, str]:
        answers = await readiness(checks)
        response.status_code = 200 if all(answer == "ok" for answer in answers.values()) else 503
        return answers

    @app.get("/metrics")
    async def metrics_text() -> Response:
        return Response(generate_latest(metrics), media_type=CONTENT_TYPE_LATEST)

    return app


async def serve(app: FastAPI, *, host: str, port: int, stop: asyncio.Event) -> None:
    """Serve until ``stop`` is set, then let running requests end. No access log: paths hold values."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # serve() would take over the signals
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopped.cancel()
    await serving


_bearer = HTTPBearer(auto_error=False, description="A token of the environment's OpenID issuer")
BearerCredentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
IdempotencyKeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=128,
        description="Sent again under the same key, the command acts once and answers the same receipt",
    ),
]


@dataclass(frozen=True)
class Callers:
    """Dependencies that say who calls. ``command`` is for what changes something, with an Idempotency-Key."""

    required: Callable[..., Awaitable[str]]
    optional: Callable[..., Awaitable[str | None]]
    command: Callable[..., Awaitable[Caller]]


def callers(verifier: TokenVerifier) -> Callers:
    """Who calls, from their token: 401 without a good one. ``optional`` is None without a token."""

    async def identified(credentials: BearerCredentials) -> Identity:
        if credentials is None:
            raise _unauthorized("A bearer token is needed; log in first.")
        try:
            return await verifier.verify(credentials.credentials)
        except InvalidTokenError as error:
            raise _unauthorized(str(error)) from None

    async def required(identity: Annotated[Identity, Depends(identified)]) -> str:
        return identity.subject

    async def optional(credentials: BearerCredentials) -> str | None:
        return None if credentials is None else (await identified(credentials)).subject

    async def command(
        request: Request,
        identity: Annotated[Identity, Depends(identified)],
        key: IdempotencyKeyHeader = None,
        traceparent: Annotated[str | None, Header(include_in_schema=False)] = None,
    ) -> Caller:
        if len(request.headers.getlist("Idempotency-Key")) > 1:
            raise Problem("invalid-request", "More than one Idempotency-Key", 422, "Send one.")
        trace = traceparent if traceparent and _TRACE.fullmatch(traceparent) else None
        return Caller(identity.subject, key, trace)

    return Callers(required, optional, command)


def with_etag(receipt: Receipt, response: Response) -> Receipt:
    """A receipt as an answer, with its ETag if it has one."""
    if receipt.etag is not None:
        response.headers["ETag"] = receipt.etag
    return receipt


def created(receipt: Receipt, response: Response) -> Receipt:
    """The receipt of something that was made, as an answer: 201, its address (the first link) and its ETag."""
    response.status_code = 201
    if receipt.links:
        response.headers["Location"] = next(iter(receipt.links.values()))
    return with_etag(receipt, response)


def _unauthorized(detail: str) -> Problem:
    return Problem(
        "unauthorized", "Not identified", 401, detail=detail, headers={"WWW-Authenticate": "Bearer"}
    )
