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

from clearinghouse_runtime.leadership import Leadership, PartitionProgress, Progress
from clearinghouse_runtime.ledger import PositionedEntry
from clearinghouse_runtime.shipping import BATCH, BATCH_BYTES, Produced, Shipper, batches

_logger = logging.getLogger(__name__)


def advanced(
    partitions: Mapping[TopicPartition, PartitionProgress], produced: Mapping[TopicPartition, Produced]
) -> dict[TopicPartition, PartitionProgress]:
    """The partitions after a batch: offsets as produced, positions never lower than before."""
    after = dict(partitions)
    for partition, last in produced.items():
        before = partitions[partition].position if partition in partitions else 0
        after[partition] = PartitionProgress(last.offset, max(before, last.position))
    return after


def min_offsets(partitions: Mapping[TopicPartition, PartitionProgress]) -> dict[TopicPartition, int]:
    """The offsets that must not be given out again."""
    return {partition: known.offset for partition, known in partitions.items()}


async def repair_logs(leadership: Leadership, shipper: Shipper, progress: Progress) -> Progress:
    """Compare the logs with what was shipped to them and ship again what is missing; returns the progress afterwards.

    What was found is stored before anything is shipped, so that an interrupted repair is done again in whole.
    """
    ends = await shipper.ends(list(progress.partitions))
    short = {
        partition: known
        for partition, known in progress.partitions.items()
        if known.behind or ends[partition] <= known.offset
    }
    if not short:
        return progress
    generation = await leadership.ledger.generation()
    for partition, known in short.items():
        left = await shipper.last_position(partition, source=leadership.ledger.source, generation=generation)
        short[partition] = replace(known, position=min(known.position, left), behind=True)
        _logger.error("%s/%d lost its tail behind position %d", *partition, short[partition].position)
    await leadership.save_progress(replace(progress, partitions={**progress.partitions, **short}))
    last = {partition: ends[partition] - 1 for partition in short}
    await _fill(leadership, shipper, short, last)
    await _ship_again(leadership, shipper, short, last, progress.shipped)
    repaired = {
        partition: PartitionProgress(last[partition], progress.partitions[partition].position)
        for partition in short
    }
    progress = replace(progress, partitions={**progress.partitions, **repaired})
    await leadership.save_progress(progress)
    return progress


async def _fill(
    leadership: Leadership,
    shipper: Shipper,
    short: Mapping[TopicPartition, PartitionProgress],
    last: dict[TopicPartition, int],
) -> None:
    for partition, known in short.items():
        if last[partition] > known.offset:
            continue
        entry = await _known(leadership, shipper, partition, known)
        at_once = min(BATCH, max(1, BATCH_BYTES // entry.size))
        while last[partition] <= known.offset:
            await _ship(shipper, [entry] * min(at_once, known.offset - last[partition] + 1), last)


async def _known(
    leadership: Leadership, shipper: Shipper, partition: TopicPartition, known: PartitionProgress
) -> PositionedEntry:
    """The last entry that is still in the partition, or the first that was lost from it if it is empty."""
    async for positioned in leadership.ledger.positioned({"position": {"$gte": known.position}}, 0):
        if await shipper.destination(positioned) == partition:
            return positioned
    raise LookupError(f"the ledger holds no entry for {partition.topic}/{partition.partition}")


async def _ship_again(
    leadership: Leadership,
    shipper: Shipper,
    short: Mapping[TopicPartition, PartitionProgress],
    last: dict[TopicPartition, int],
    shipped: int,
) -> None:
    async def lost() -> AsyncIterator[PositionedEntry]:
        lowest = min(known.position for known in short.values())
        async for positioned in leadership.ledger.positioned(
            {"position": {"$gt": lowest, "$lte": shipped}}, 0
        ):
            partition = await shipper.destination(positioned)
            if partition in short and positioned.envelope.position > short[partition].position:
                yield positioned

    async for batch in batches(lost()):
        await _ship(shipper, batch, last)


async def _ship(shipper: Shipper, batch: list[PositionedEntry], last: dict[TopicPartition, int]) -> None:
    for partition, produced in (await shipper.ship(batch, last)).items():
        last[partition] = produced.offset
