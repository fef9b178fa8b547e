"""Keeps a consumer from spinning on a broker that answers empty fetches at once.

A broker of the Kafka protocol holds a fetch back until there is something or ``fetch.max.wait`` has passed;
noida-db 0.2.3 does not, and each aiokafka consumer then asks it 500 to 2,500 times a second (measured: an idle
service took a whole core, and everything else waited for it).
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

MIN_FETCH_SECONDS = 0.02
"""What an empty fetch takes at least: the most that a message can be late by this."""


def throttle_fetches(consumer: Any) -> None:
    """Have an aiokafka consumer that has started wait out the rest of an empty fetch. May be called again."""
    fetcher = consumer._fetcher  # aiokafka has no setting for it
    if fetcher is None or "_proc_fetch_request" in vars(fetcher):
        return
    fetch = fetcher._proc_fetch_request

    async def throttled(*arguments: Any) -> Any:
        began = time.monotonic()
        try:
            found = await fetch(*arguments)
            left = began + MIN_FETCH_SECONDS - time.monotonic()
            if not found and left > 0:
                await asyncio.sleep(left)
        except asyncio.CancelledError:
            # The fetcher's end cancels this and awaits it bare: what escaped would end the consumer's thread
            # before its time, and the process would wait for it without effect.
            return False
        return found

    fetcher._proc_fetch_request = throttled
