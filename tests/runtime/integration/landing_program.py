"""A consumer for tests to kill: lands one topic in the collection ``landed``, or hangs before it does.

Arguments: bootstrap, Mongo URI, database, topic, data folder, ``land`` or ``hang``. Says ``hanging`` when it hangs.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from clearinghouse_runtime.landed import LandedEvents
from clearinghouse_runtime.mongo import connect
from clearinghouse_runtime.process import run_until_stopped
from clearinghouse_runtime.stream import Message, run_landing


async def main(bootstrap: str, uri: str, database: str, topic: str, data_dir: str, how: str) -> None:
    client = connect(uri)
    events = LandedEvents(client[database])

    async def land(messages: Sequence[Message]) -> None:
        if how == "hang":
            print("hanging", flush=True)  # noqa: T201  # tells the test
            await asyncio.Event().wait()
        await events.land(messages)

    async def consume(stop: asyncio.Event) -> None:
        await run_landing(
            app_id=f"{topic}-consumer",
            bootstrap_servers=bootstrap,
            topics=[topic],
            data_dir=Path(data_dir),
            land=land,
            stop=stop,
        )

    await run_until_stopped(consume)
    client.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
