"""Whether a process can do its work: named checks of its engines, for ``/readyz``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

Check = Callable[[], Awaitable[object]]
"""Returns when the engine answers; raises otherwise."""


async def readiness(checks: Mapping[str, Check], *, within: float = 2.0) -> dict[str, str]:
    """The state of each engine, ``ok`` or the kind of error; all asked at once, ``within`` seconds each."""

    async def ask(check: Check) -> str:
        try:
            async with asyncio.timeout(within):
                await check()
        except Exception as error:  # noqa: BLE001 - whatever an engine's client raises means "not ready"
            return type(error).__name__
        return "ok"

    answers = await asyncio.gather(*(ask(check) for check in checks.values()))
    return dict(zip(checks, answers, strict=True))
