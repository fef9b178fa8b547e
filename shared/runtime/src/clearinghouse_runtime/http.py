"""The HTTP side that all services share: application, problem details, identity, health, metrics, serving."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clearinghouse_runtime.auth import Identity, InvalidTokenError, TokenVerifier
from clearinghouse_runtime.health import Check, readiness
from clearinghouse_runtime.logging import log
from clearinghouse_runtime.problems import MEDIA_TYPE, Fault, Problem

_logger = logging.getLogger(__name__)
_SPEAKABLE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
MAX_BODY_BYTES = 4_000_000
"""More than any valid command; a larger body is refused before it is read whole."""


def create_app(
    title: str,
    *,
    description: str,
    checks: Mapping[str, Check],
    metrics: CollectorRegistry,
    infrastructure: Sequence[type[Exception]] = (),
) -> FastAPI:
    """An application with problem details, ``/healthz``, ``/readyz``, ``/metrics`` and a limit on bodies.

    ``infrastructure`` are the errors that mean "an engine is away": they are answered with 503 and the advice
    to try again. No error answer ever holds what the caller sent.
    """
    app = FastAPI(title=title, description=description, version="1", redoc_url=None)
    app.add_middleware(_BodyLimit, limit=MAX_BODY_BYTES)
    app.add_middleware(_Measured, registry=metrics)
    _answer_errors(app, infrastructure)

    @app.get("/healthz", tags=["operation"], summary="Whether the process lives")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", tags=["operation"], summary="Whether the engines of the process answer")
    async def readyz(response: Response) -> dict[str, str]:
        answers = await readiness(checks)
        response.status_code = 200 if all(answer == "ok" for answer in answers.values()) else 503
        return answers

    @app.get("/metrics", tags=["operation"], summary="Figures in the Prometheus text format")
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
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def identified(verifier: TokenVerifier) -> Callable[[Credentials], Awaitable[Identity]]:
    """A dependency that answers 401 unless the caller proves who he is."""

    async def dependency(credentials: Credentials) -> Identity:
        if credentials is None:
            raise _unauthorized("a bearer token is needed; log in first")
        try:
            return await verifier.verify(credentials.credentials)
        except InvalidTokenError as error:
            raise _unauthorized(str(error)) from None

    return dependency


def perhaps_identified(verifier: TokenVerifier) -> Callable[[Credentials], Awaitable[Identity | None]]:
    """A dependency for what anyone may read: None without a token; a bad token is still refused."""
    strict = identified(verifier)

    async def dependency(credentials: Credentials) -> Identity | None:
        return None if credentials is None else await strict(credentials)

    return dependency


def _unauthorized(detail: str) -> Problem:
    return Problem(
        "unauthorized", "Not identified", 401, detail=detail, headers={"WWW-Authenticate": "Bearer"}
    )


def _answer_errors(app: FastAPI, infrastructure: Sequence[type[Exception]]) -> None:
    async def problem(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)  # noqa: S101 - registered for Problem alone
        return respond(error)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
        faults = [
            Fault(_pointer(found["loc"]), str(found["type"]), _expected(found)) for found in error.errors()
        ]
        return respond(Problem("invalid-request", "The request is not as described", 422, faults=faults))

    async def http_error(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        slug = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "refused")
        return respond(Problem(slug, slug.replace("-", " ").capitalize(), error.status_code))

    async def away(_: Request, error: Exception) -> JSONResponse:
        log(_logger, logging.WARNING, "an engine is away", error=type(error).__name__)
        return respond(
            Problem(
                "unavailable",
                "A part of the system is away",
                503,
                detail="Try again with the same Idempotency-Key: what was done is not done twice.",
                headers={"Retry-After": "2"},
            )
        )

    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        _logger.error("unexpected error", exc_info=error)
        return respond(
            Problem("internal", "An error on our side", 500, detail="It was logged; nothing was changed.")
        )

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    for kind in infrastructure:
        app.add_exception_handler(kind, away)
    app.add_exception_handler(Exception, unexpected)


def respond(problem: Problem) -> JSONResponse:
    """A problem as an answer."""
    return JSONResponse(
        problem.body(), status_code=problem.status, headers=dict(problem.headers), media_type=MEDIA_TYPE
    )


def _pointer(location: Sequence[int | str]) -> str:
    """A JSON pointer; a name that the caller made up is shown only as far as it is harmless."""
    parts = [str(part) for part in location]
    return "/" + "/".join(part if _SPEAKABLE.fullmatch(part) else "?" for part in parts)


def _expected(found: Mapping[str, Any]) -> str:
    """What was expected, from the kind of error alone: pydantic's own message may quote the refused value."""
    context = found.get("ctx") or {}
    limits = {name: value for name, value in context.items() if isinstance(value, int | float)}
    kind = str(found["type"]).replace("_", " ")
    return kind + "".join(f", {name.replace('_', ' ')} {value}" for name, value in limits.items())


class _BodyLimit:
    """Refuses a body over the limit, whether its length is declared or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = respond(
            Problem("too-large", "The body is too large", 413, detail=f"At most {self._limit} bytes.")
        )
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._limit:
            await problem(scope, receive, send)
            return
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message if received <= self._limit else {"type": "http.disconnect"}

        async def unless_too_large(message: Message) -> None:
            if received <= self._limit:
                await send(message)

        await self._app(scope, limited, unless_too_large)
        if received > self._limit:
            await problem(scope, receive, send)


class _Measured:
    """Counts and times requests by the route's template, never by the path that was called."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter(
            "http_requests", "Requests answered", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram("http_request_seconds", "Seconds to answer", ("route",), registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            self._requests.labels(scope["method"], route, str(status)).inc()
            self._seconds.labels(route).observe(time.perf_counter() - started)
