"""One benchmark against a running stack, bounded in count and time."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from uuid import uuid4

import httpx

from clearinghouse_local.stack import Stack
from clearinghouse_runtime.mongo import connect
from clearinghouse_tools.bench.authorities import COUNTRIES, load_authorities, signed_in
from clearinghouse_tools.bench.bare import Bare, Write, recorded
from clearinghouse_tools.bench.latency import arrivals, publish_steadily, to_kafka, to_smtp
from clearinghouse_tools.bench.publishing import PreparedDraft, Throughput, prepare, publish, run
from clearinghouse_tools.bench.report import Latency, Report, ThroughputRow, Writes, engines_of, machine

DATABASE = "registry"
WARM_UP = 5

Reporter = Callable[[str], None]


@dataclass(frozen=True)
class BenchPlan:
    """How much is measured."""

    countries: Sequence[str] = COUNTRIES
    at_once: Mapping[int, int] = field(default_factory=lambda: {1: 30, 16: 120})
    """How many are published for each number of publications at once."""
    seconds: float = 8.0
    """After so many seconds nothing more of a part of the throughput is begun."""
    steady: int = 80
    """Publications whose events and letters are followed, and their rate: well below what two cores can do."""
    per_second: float = 1.25


async def measure(stack: Stack, plan: BenchPlan, report: Reporter) -> Report:
    """Measure, in this order: latencies on the quiet stack, bare transactions, publications in full flow."""
    on = machine()
    report(f"loading the publishing authorities of {len(plan.countries)} countries")
    await asyncio.to_thread(load_authorities, stack, plan.countries)
    async with httpx.AsyncClient(timeout=60) as http:
        authorities = signed_in(stack, http, plan.countries)
        warm_up = await prepare(authorities, WARM_UP)
        writes = await _recorded(stack, warm_up)
        count = plan.steady + 2 * sum(plan.at_once.values())
        report(f"drafting {count} permits")
        drafts = iter(await prepare(authorities, count))
        report(f"publishing {plan.steady} of them, {plan.per_second:g}/s, and following each to its letters")
        async with arrivals(stack) as seen:
            published = await publish_steadily(list(islice(drafts, plan.steady)), plan.per_second)
            on_kafka = await to_kafka(published, seen)
        handed_over = await to_smtp(published, stack, http)
        report("bare transactions of the same writes")
        bare = await _bare(stack, writes, plan)
        report("publishing as fast as it goes, with the relay held")
        relay = stack.processes["registry-relay"]
        relay.pause()
        try:
            held = await _throughput(drafts, plan)
        finally:
            relay.resume()
        report("publishing as fast as it goes, with everything at work")
        in_flow = await _throughput(drafts, plan)
    return Report(
        engines=engines_of(stack),
        machine=on,
        throughput=[
            ThroughputRow(at_once, bare[at_once], held[at_once], in_flow[at_once]) for at_once in plan.at_once
        ],
        writes=_summary(writes),
        per_second=plan.per_second,
        commit_to_kafka=Latency.of(on_kafka),
        commit_to_smtp=Latency.of(handed_over),
    )


async def _recorded(stack: Stack, drafts: Sequence[PreparedDraft]) -> list[Write]:
    """The writes of a publication, recorded at the first one; the others warm the services up."""
    async with recorded(stack.mongo.uri, DATABASE) as recording:
        for draft in drafts:
            await publish(draft)
    return recording.writes


async def _bare(stack: Stack, writes: Sequence[Write], plan: BenchPlan) -> dict[int, Throughput]:
    client = connect(stack.mongo.uri)
    database = f"bench-{uuid4().hex[:8]}"
    bare = Bare(client, database, writes)
    try:
        await bare.prepare(DATABASE)
        await run(await bare.transactions(WARM_UP), at_once=1, seconds=plan.seconds)
        return {
            at_once: await run(await bare.transactions(count), at_once=at_once, seconds=plan.seconds)
            for at_once, count in plan.at_once.items()
        }
    finally:
        await client.drop_database(database)
        client.close()


async def _throughput(drafts: Iterator[PreparedDraft], plan: BenchPlan) -> dict[int, Throughput]:
    throughputs: dict[int, Throughput] = {}
    for at_once, count in plan.at_once.items():
        works = [partial(publish, draft) for draft in islice(drafts, count)]
        throughputs[at_once] = await run(works, at_once=at_once, seconds=plan.seconds)
    return throughputs


def _summary(writes: Sequence[Write]) -> list[Writes]:
    by_kind: dict[tuple[str, str], list[Write]] = defaultdict(list)
    for write in writes:
        by_kind[write.collection, write.operation].append(write)
    return [
        Writes(collection, operation, len(made), sum(write.size for write in made))
        for (collection, operation), made in by_kind.items()
    ]
