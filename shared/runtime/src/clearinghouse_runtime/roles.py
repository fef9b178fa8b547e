"""Roles of callers, for services that do not keep designations: asked for with the caller's own token.

Nobody else computes permission. An answer is kept for a few seconds; without one nothing is permitted.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

import httpx
from pydantic import ValidationError

from clearinghouse_messages.answers import DesignationAnswer, MeAnswer

KEPT_SECONDS = 5.0
MAX_KEPT = 1_000

FetchRoles = Callable[[str], Awaitable[MeAnswer]]
"""Who the bearer of a token is, with the designations held now. Raises OSError when nobody answers."""


class CallerRoles:
    """The designations that callers hold now, as ``GET /v1/me`` of the service that keeps designations answers."""

    def __init__(self, fetch: FetchRoles, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[float, list[DesignationAnswer]]] = OrderedDict()

    async def of(self, token: str) -> list[DesignationAnswer]:
        """The designations of a token's bearer. Raises OSError when nobody answers."""
        key = hashlib.sha256(token.encode()).hexdigest()
        at, known = self._kept.get(key, (float("-inf"), []))
        if self._monotonic() - at < KEPT_SECONDS:
            return known
        held = (await self._fetch(token)).designations
        self._kept[key] = (self._monotonic(), held)
        self._kept.move_to_end(key)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return held


def ask_for_roles(address: str) -> FetchRoles:
    """Ask the service at an address, which keeps the designations."""

    async def ask(token: str) -> MeAnswer:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with httpx.AsyncClient(timeout=5, follow_redirects=False) as client:
                response = await client.get(f"{address.rstrip('/')}/v1/me", headers=headers)
                response.raise_for_status()
                return MeAnswer.model_validate(response.json())
        except (httpx.HTTPError, ValueError, ValidationError) as error:
            raise OSError(f"{address} does not say who calls ({type(error).__name__})") from error

    return ask
