"""Permission in services other than the registry: asked of the registry with the caller's own token.

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

Ask = Callable[[str], Awaitable[MeAnswer]]
"""Who the bearer of a token is, as the registry knows them. Raises OSError when it does not answer."""


class RegistryRoles:
    """The designations that callers hold now, as ``GET /v1/me`` of the registry states them."""

    def __init__(self, ask: Ask, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[float, list[DesignationAnswer]]] = OrderedDict()

    async def of(self, token: str) -> list[DesignationAnswer]:
        """The designations of a token's bearer. Raises OSError when the registry does not answer."""
        key = hashlib.sha256(token.encode()).hexdigest()
        at, known = self._kept.get(key, (float("-inf"), []))
        if self._monotonic() - at < KEPT_SECONDS:
            return known
        held = (await self._ask(token)).designations
        self._kept[key] = (self._monotonic(), held)
        self._kept.move_to_end(key)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return held


def ask_registry(address: str) -> Ask:
    """The registry at an address."""

    async def ask(token: str) -> MeAnswer:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with httpx.AsyncClient(timeout=5, follow_redirects=False) as client:
                response = await client.get(f"{address.rstrip('/')}/v1/me", headers=headers)
                response.raise_for_status()
                return MeAnswer.model_validate(response.json())
        except (httpx.HTTPError, ValueError, ValidationError) as error:
            raise OSError(f"the registry does not say who calls ({type(error).__name__})") from error

    return ask
