"""Whether a process can do its work: named checks of its engines, for ``/readyz``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

Check = Callable[[], Awaitable[object]]
"""Returns when the engine answers; raises otherwise."""


def reachable(addresses: str) -> Check:
    """Whether one of ``host:port[,host:port…]`` takes connections: enough to know that a broker cannot be reached."""

    async def check() -> None:
        failure: OSError | None = None
        for address in addresses.split(","):
            host, _, port = address.strip().rpartition(":")
            try:
                _, writer = await asyncio.open_connection(host, int(port))
            except OSError as error:
                failure = error
                continue
            writer.close()
            return
        raise failure or OSError("no address")

    return check


async def readiness(checks: Mapping[str, Check], *, within: float = 2.0) -> dict[str, str]:
    """How each engine answers, ``ok`` or the kind of error; all asked at once, ``within`` seconds each."""

    async def ask(check: Check) -> str:
        try:
            async with asyncio.timeout(within):
                await check()
        except Exception as error:  # noqa: BLE001 - whatever an engine's client raises means "not ready"
            return type(error).__name__
        return "ok"

    answers = await asyncio.gather(*(ask(check) for check in checks.values()))
    return dict(zip(checks, answers, strict=True))
