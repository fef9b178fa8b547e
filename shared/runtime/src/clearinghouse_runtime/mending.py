"""What is done when the broker's log is shorter than what was shipped: ship again, behind where it ended.

An engine that lost its last moments, or a restored backup, gives out offsets again that readers have already
acknowledged: what went there would never be read. So the log is first filled, with repetitions of one entry that
every reader knows or will ignore the second time, until it is longer than it ever was known to be; only then is
what was lost shipped again, and after that anything new.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from aiokafka import TopicPartition

from clearinghouse_runtime.leadership import Mark, Progress, Term
from clearinghouse_runtime.ledger import Placed
from clearinghouse_runtime.shipping import BATCH, BATCH_BYTES, Produced, Shipper, batches

logger = logging.getLogger(__name__)


def advanced(
    marks: Mapping[TopicPartition, Mark], produced: Mapping[TopicPartition, Produced]
) -> dict[TopicPartition, Mark]:
    """The marks after a batch: offsets as produced, positions never lower than before."""
    after = dict(marks)
    for place, last in produced.items():
        before = marks[place].position if place in marks else 0
        after[place] = Mark(last.offset, max(before, last.position))
    return after


def floors(marks: Mapping[TopicPartition, Mark]) -> dict[TopicPartition, int]:
    """The offsets that must not be given out again."""
    return {place: mark.offset for place, mark in marks.items()}


async def mend(term: Term, shipper: Shipper, progress: Progress) -> Progress:
    """Compare the logs with the marks and ship again what is missing; returns the progress afterwards.

    What was found is stored before anything is shipped, so that an interrupted mending is done again in whole.
    """
    ends = await shipper.ends(list(progress.marks))
    short = {
        place: mark for place, mark in progress.marks.items() if mark.behind or ends[place] <= mark.offset
    }
    if not short:
        return progress
    generation = await term.ledger.generation()
    for place, mark in short.items():
        left = await shipper.last_position(place, source=term.ledger.source, generation=generation)
        short[place] = replace(mark, position=min(mark.position, left), behind=True)
        logger.error("%s/%d lost its tail behind position %d", *place, short[place].position)
    await term.mark(replace(progress, marks={**progress.marks, **short}))
    last = {place: ends[place] - 1 for place in short}
    await _fill(term, shipper, short, last)
    await _ship_again(term, shipper, short, last, progress.shipped)
    mended = {place: Mark(last[place], progress.marks[place].position) for place in short}
    progress = replace(progress, marks={**progress.marks, **mended})
    await term.mark(progress)
    return progress


async def _fill(
    term: Term, shipper: Shipper, short: Mapping[TopicPartition, Mark], last: dict[TopicPartition, int]
) -> None:
    for place, mark in short.items():
        if last[place] > mark.offset:
            continue
        known = await _known(term, shipper, place, mark)
        at_once = min(BATCH, max(1, BATCH_BYTES // known.size))
        while last[place] <= mark.offset:
            await _ship(shipper, [known] * min(at_once, mark.offset - last[place] + 1), last)


async def _known(term: Term, shipper: Shipper, place: TopicPartition, mark: Mark) -> Placed:
    """The last entry that is still in the partition, or the first that was lost from it if it is empty."""
    async for placed in term.ledger.placed({"position": {"$gte": mark.position}}, 0):
        if await shipper.destination(placed) == place:
            return placed
    raise LookupError(f"the ledger holds no entry for {place.topic}/{place.partition}")


async def _ship_again(
    term: Term,
    shipper: Shipper,
    short: Mapping[TopicPartition, Mark],
    last: dict[TopicPartition, int],
    shipped: int,
) -> None:
    async def lost() -> AsyncIterator[Placed]:
        lowest = min(mark.position for mark in short.values())
        async for placed in term.ledger.placed({"position": {"$gt": lowest, "$lte": shipped}}, 0):
            place = await shipper.destination(placed)
            if place in short and placed.envelope.position > short[place].position:
                yield placed

    async for batch in batches(lost()):
        await _ship(shipper, batch, last)


async def _ship(shipper: Shipper, batch: list[Placed], last: dict[TopicPartition, int]) -> None:
    for place, produced in (await shipper.ship(batch, last)).items():
        last[place] = produced.offset
