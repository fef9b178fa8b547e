"""HTTP to one service: who is calling, retries that cannot act twice, and errors by their kind.

A command carries an ``Idempotency-Key`` that its retries reuse, so a lost answer never makes it act twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import uuid4

import httpx
from pydantic import ValidationError

from clearinghouse_client.errors import ClientError, RefusedError, SignInError, UnreachableError
from clearinghouse_messages.problems import ProblemDetails

Bearer = Callable[[], Awaitable[str | None]]
"""The access token of whoever is signed in, renewed when it can be; None for an anonymous reader."""

ATTEMPTS = 3
FIRST_PAUSE = 0.25
"""Seconds before the first retry; each later one waits twice as long."""
UNAVAILABLE = frozenset({502, 503, 504})


async def anonymous() -> str | None:
    """The bearer of a reader who is not signed in."""
    return None


class Connection:
    """One service at one address. ``key`` fixes the Idempotency-Key, to repeat an earlier command safely."""

    def __init__(
        self,
        address: str,
        client: httpx.AsyncClient,
        bearer: Bearer = anonymous,
        key: str | None = None,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self.address = address.rstrip("/")
        self._client = client
        self._bearer = bearer
        self._key = key
        self._first_pause = first_pause

    def under_key(self, key: str) -> Connection:
        """The same connection, whose commands all carry this Idempotency-Key."""
        return Connection(self.address, self._client, self._bearer, key, self._first_pause)

    async def read(self, path: str, *, server_wait: float = 0.0, **parameters: str | int | None) -> Any:
        """The JSON at ``path``. ``server_wait``: seconds that the server may take on purpose (long polling)."""
        given = {name: value for name, value in parameters.items() if value is not None}
        response = await self._send("GET", path, {}, parameters=given, server_wait=server_wait)
        return _document(response, self.address)

    async def command(self, method: str, path: str, body: Any = None, etag: str | None = None) -> Any:
        """Carry out a command and return the JSON it answers with (None for an empty answer)."""
        headers = {"Idempotency-Key": self._key or uuid4().hex}
        if etag is not None:
            headers["If-Match"] = etag
        response = await self._send(method, path, headers, body=body)
        return _document(response, self.address) if response.content else None

    async def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        parameters: Mapping[str, str | int] | None = None,
        body: Any = None,
        server_wait: float = 0.0,
    ) -> httpx.Response:
        sent = {**headers, "Accept": "application/json"}
        token = await self._bearer()
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        request = self._client.build_request(
            method, self.address + path, params=parameters, json=body, headers=sent
        )
        if server_wait:
            request.extensions["timeout"]["read"] = (
                request.extensions["timeout"]["read"] or 30
            ) + server_wait
        response = await self._attempt(request, headers.get("Idempotency-Key"))
        if response.is_success:
            return response
        raise _refusal(response, signed_in=token is not None)

    async def _attempt(self, request: httpx.Request, key: str | None) -> httpx.Response:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = await self._client.send(request)
            except httpx.TransportError as error:
                if attempt == ATTEMPTS:
                    raise _no_answer(error, self.address, key) from None
            else:
                if response.status_code not in UNAVAILABLE or attempt == ATTEMPTS:
                    return response
            await asyncio.sleep(self._first_pause * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns or raises")


def _document(response: httpx.Response, address: str) -> Any:
    try:
        return response.json()
    except ValueError:
        raise UnreachableError(
            f"{address} is not a clearing-house: its answer is not JSON.",
            "Check --registry (CLEARINGHOUSE_REGISTRY).",
        ) from None


def _no_answer(error: httpx.TransportError, address: str, key: str | None) -> UnreachableError:
    if not isinstance(error, httpx.TimeoutException) or isinstance(error, httpx.ConnectTimeout):
        return UnreachableError(
            f"Cannot reach {address} ({type(error).__name__}).",
            "Check the address (of the registry: --registry) and whether the service runs (make up).",
        )
    repeat = (
        f" It is not known whether the command was carried out; repeat it with --idempotency-key {key}."
        if key
        else ""
    )
    return UnreachableError(
        f"{address} did not answer in time.{repeat}", "If the connection is slow, raise --timeout."
    )


def _refusal(response: httpx.Response, *, signed_in: bool) -> ClientError:
    try:
        problem = ProblemDetails.model_validate(response.json())
    except (ValueError, ValidationError):
        problem = ProblemDetails(title=f"The server answered {response.status_code} {response.reason_phrase}")
    if not problem.status:
        problem = problem.model_copy(update={"status": response.status_code})
    if response.status_code in UNAVAILABLE:
        return UnreachableError(
            problem.detail or problem.title or "Service unavailable", "Try again in a moment."
        )
    if response.status_code == httpx.codes.UNAUTHORIZED:
        said = problem.detail or problem.title
        return SignInError(
            said if signed_in else f"You are not signed in. {said}",
            "Sign in: clearinghouse login --user NAME",
        )
    return RefusedError(problem)
