"""Following the ledger and Kafka: order, cursors and generations."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx
from aiokafka import TopicPartition

from clearinghouse_client.api import Registry
from clearinghouse_client.connection import Connection
from clearinghouse_client.following import NewGeneration, Seen, follow_ledger
from clearinghouse_client.kafka import in_order
from clearinghouse_messages.answers import EventsAnswer
from clearinghouse_messages.envelope import Envelope
from tests.client.support import answer

LEFT, RIGHT = TopicPartition("dev.absch.records.v1", 0), TopicPartition("dev.absch.records.v1", 1)


def event(position: int, generation: str = "g1") -> Envelope:
    return Envelope(
        id=f"{generation}-{position}",
        source="/dev/registry",
        type="int.cbd.record.published.v1",
        subject=f"ABSCH-DEV-IRCC-MX-{position}-1",
        time=datetime(2026, 11, 22, 12, int(generation[1:]), position, tzinfo=UTC),
        realm="absch",
        record=f"ABSCH-DEV-IRCC-MX-{position}",
        seq=1,
        position=position,
        generation=generation,
        cause="command",
        lane="official",
        data={},
    )


def told(seen: list[Seen]) -> list[int | str]:
    return [each.position if isinstance(each, Envelope) else type(each).__name__ for each in seen]


class Ledger:
    """A ledger of some events, two a page."""

    def __init__(self, generation: str, *positions: int) -> None:
        self.generation = generation
        self.events = [event(position, generation) for position in positions]

    def registry(self) -> Registry:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Registry(Connection("http://registry.test", client))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        after = int(request.url.params["after"])
        page = [each for each in self.events if each.position > after][:2]
        following = page[-1].position if page else after
        return answer(EventsAnswer(generation=self.generation, events=page, next=following))


async def test_a_follower_of_the_ledger_reads_page_after_page_to_its_end() -> None:
    ledger = Ledger("g1", 1, 3, 4, 7, 9)
    seen = [each async for each in follow_ledger(ledger.registry(), after=1, once=True)]
    assert told(seen) == [3, 4, 7, 9]


async def test_a_cursor_of_another_ledger_is_reported_and_the_new_one_read_from_its_beginning() -> None:
    ledger = Ledger("g2", 1, 2, 3)
    stream = follow_ledger(ledger.registry(), after=900, generation="g1", once=True)
    seen = [each async for each in stream]
    assert seen[0] == NewGeneration(before="g1", now="g2")
    assert told(seen[1:]) == [1, 2, 3]


class Log:
    """Two partitions; each batch is what one fetch brings. Stands for the consumer and for its lengths."""

    def __init__(self, *batches: dict[TopicPartition, list[Envelope]]) -> None:
        self.batches = list(batches)
        self.lengths = dict.fromkeys((LEFT, RIGHT), 0)
        self.read = dict.fromkeys((LEFT, RIGHT), 0)
        for batch in batches:
            for partition, events in batch.items():
                self.lengths[partition] += len(events)

    def assignment(self) -> set[TopicPartition]:
        return {LEFT, RIGHT}

    async def end_offsets(self, partitions: set[TopicPartition]) -> dict[TopicPartition, int]:
        return {partition: self.lengths[partition] for partition in partitions}

    async def position(self, partition: TopicPartition) -> int:
        return self.read[partition]

    async def getmany(self, *, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        assert timeout_ms > 0, "a fetch that waits"
        batch = self.batches.pop(0) if self.batches else {}
        for partition, events in batch.items():
            self.read[partition] += len(events)
        return {
            partition: [SimpleNamespace(value=each.model_dump_json().encode()) for each in events]
            for partition, events in batch.items()
        }


async def taken(log: Log, count: int, **cursor: Any) -> list[Seen]:
    seen: list[Seen] = []
    async for each in in_order(log, log, **cursor):
        seen.append(each)
        if len(seen) == count:
            break
    return seen


async def test_an_event_waits_for_a_lower_position_on_a_partition_that_is_not_read_yet() -> None:
    log = Log({LEFT: [event(2), event(5)]}, {RIGHT: [event(1), event(3)]}, {LEFT: [event(6)]})
    assert told(await taken(log, 5)) == [1, 2, 3, 5, 6]


async def test_once_ends_where_the_partitions_end() -> None:
    log = Log({LEFT: [event(2)]}, {RIGHT: [event(1), event(3)]})
    assert told([each async for each in in_order(log, log, once=True)]) == [1, 2, 3]


async def test_an_event_shipped_again_on_its_partition_is_dropped() -> None:
    log = Log({LEFT: [event(1), event(3), event(1), event(3), event(4)], RIGHT: [event(2), event(2)]})
    assert told([each async for each in in_order(log, log, once=True)]) == [1, 2, 3, 4]


async def test_a_new_generation_on_kafka_is_reported_and_each_is_ordered_by_itself() -> None:
    log = Log({LEFT: [event(8), event(1, "g2")], RIGHT: [event(7), event(2, "g2")]})
    assert told([each async for each in in_order(log, log, once=True)]) == [7, 8, "NewGeneration", 1, 2]


async def test_a_cursor_leaves_out_what_an_older_ledger_said() -> None:
    log = Log({LEFT: [event(8), event(1, "g2")], RIGHT: [event(7), event(2, "g2")]})
    stream = in_order(log, log, after=1, generation="g2", once=True)
    assert told([each async for each in stream]) == [2]
