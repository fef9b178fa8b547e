"""What stands around every HTTP interface: a limit on bodies, and counts and times of what is answered."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clearinghouse_runtime.http_problems import respond
from clearinghouse_runtime.problems import Problem


class BodyLimit:
    """Refuses a body over the limit, whether its length is declared or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = respond(
            Problem(
                "too-large",
                "The body is too large",
                413,
                detail=f"At most {self._limit} bytes; shorten it, or link to a document.",
            )
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


class Measured:
    """Counts and times requests by the route's template, never by the path that was called."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter(
            "http_requests", "Requests answered", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram("http_request_seconds", "Seconds to answer", ("route",), registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, observed)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            self._requests.labels(scope["method"], route, str(status)).inc()
            self._seconds.labels(route).observe(time.perf_counter() - started)
