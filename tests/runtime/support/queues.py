"""What a queue holds, as tests look at it."""

from __future__ import annotations

from clearinghouse_messages.envelope import Lane
from clearinghouse_runtime.work_queue import WorkQueue


async def open_items(queue: WorkQueue) -> dict[Lane, int]:
    """How many items wait or are in work, by lane."""
    return {work.lane: work.count for work in await queue.open_work()}
