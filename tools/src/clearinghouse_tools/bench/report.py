"""What a benchmark found: the measurements, on what they were measured, and how they are shown."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from clearinghouse_local.stack import Stack
from clearinghouse_tools.bench.publishing import Throughput


@dataclass(frozen=True)
class ThroughputRow:
    """Publications over HTTP beside bare transactions of the same writes, so many at once.

    ``held``: with the relay held, so that nothing follows and both have the machine to themselves. ``in_flow``:
    with everything behind them at work, and behind with it.
    """

    at_once: int
    bare: Throughput
    held: Throughput
    in_flow: Throughput

    def document(self) -> dict[str, Any]:
        """As JSON; rates a second, ratios over the bare transactions."""
        return {
            "atOnce": self.at_once,
            "bareTransactions": {"count": self.bare.count, "perSecond": round(self.bare.per_second, 1)},
            "publications": self._beside_bare(self.held),
            "publicationsInFullFlow": self._beside_bare(self.in_flow),
        }

    def ratio(self, throughput: Throughput) -> float:
        """A rate over that of the bare transactions."""
        return throughput.per_second / self.bare.per_second

    def _beside_bare(self, throughput: Throughput) -> dict[str, float]:
        ratio = round(self.ratio(throughput), 3)
        return {
            "count": throughput.count,
            "perSecond": round(throughput.per_second, 1),
            "ratio": ratio,
        }


@dataclass(frozen=True)
class Latency:
    """How long something took, in milliseconds, over ``samples`` observations."""

    samples: int
    p50: float
    p95: float
    p99: float
    longest: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Latency:
        """The percentiles (nearest rank) of the observations, of which there is at least one."""
        ordered = sorted(milliseconds)

        def percentile(share: float) -> float:
            return ordered[max(math.ceil(share * len(ordered)), 1) - 1]

        return cls(len(ordered), percentile(0.5), percentile(0.95), percentile(0.99), ordered[-1])


@dataclass(frozen=True)
class Writes:
    """What a publication writes into one collection, in its one transaction."""

    collection: str
    operation: str
    documents: int
    bytes: int


@dataclass(frozen=True)
class Report:
    """Everything that was measured in one run."""

    engines: Mapping[str, Mapping[str, str]]
    machine: Mapping[str, Any]
    throughput: Sequence[ThroughputRow]
    writes: Sequence[Writes]
    per_second: float
    """The steady rate of publications under which the latencies were measured."""
    commit_to_kafka: Latency
    commit_to_smtp: Latency

    def document(self) -> dict[str, Any]:
        """The report as JSON; rates a second, latencies in milliseconds, sizes in bytes."""
        return {
            "measuredAt": datetime.now(UTC).isoformat(timespec="seconds"),
            "engines": self.engines,
            "machine": self.machine,
            "throughput": [one.document() for one in self.throughput],
            "writesOfAPublication": [asdict(one) for one in self.writes],
            "steadyPublicationsPerSecond": self.per_second,
            "commitToKafkaMilliseconds": _rounded(self.commit_to_kafka),
            "commitToSmtpMilliseconds": _rounded(self.commit_to_smtp),
        }


def _rounded(latency: Latency) -> dict[str, float]:
    return {name: round(value, 1) for name, value in asdict(latency).items()}


def engines_of(stack: Stack) -> dict[str, dict[str, str]]:
    """Name and version of each engine that data goes through."""
    titles = {"documents": stack.mongo.title, "broker": stack.broker.title}
    parted = {part: title.rpartition(" ") for part, title in titles.items()}
    return {part: {"name": name, "version": version} for part, (name, _, version) in parted.items()}


def machine() -> dict[str, Any]:
    """What the measurements hold for; ``loadBefore`` is the average number of runnable processes over a minute."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memoryBytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "loadBefore": round(os.getloadavg()[0], 2),
    }


def show(report: Report, console: Console) -> None:
    """Print the report for people."""
    on = report.machine
    console.print(
        f"\n{on['cpu']}, {on['cores']} cores, {on['memoryBytes'] / 2**30:.0f} GiB, Linux {on['kernel']}, "
        f"Python {on['python']}, load {on['loadBefore']} before",
        highlight=False,
    )
    console.print(" and ".join(f"{one['name']} {one['version']}" for one in report.engines.values()))
    written = sum(one.documents for one in report.writes)
    size = sum(one.bytes for one in report.writes)
    console.print(f"A publication writes {written} documents of {size:,} bytes in one transaction.\n")
    rates = Table(title="A second, and over the bare transactions", title_justify="left")
    for column in ("at once", "bare transactions", "publications", "ratio", "in full flow", "ratio"):
        rates.add_column(column, justify="right")
    for one in report.throughput:
        flows = [
            (f"{throughput.per_second:.1f}", f"{one.ratio(throughput):.2f}")
            for throughput in (one.held, one.in_flow)
        ]
        rates.add_row(str(one.at_once), f"{one.bare.per_second:.1f}", *flows[0], *flows[1])
    console.print(rates)
    times = Table(title=f"Milliseconds, at {report.per_second:g} publications/s", title_justify="left")
    for column in ("from commit to", "samples", "p50", "p95", "p99", "longest"):
        times.add_column(column, justify="left" if column == "from commit to" else "right")
    for name, latency in (
        ("on Kafka", report.commit_to_kafka),
        ("handed to SMTP", report.commit_to_smtp),
    ):
        percentiles = (latency.p50, latency.p95, latency.p99, latency.longest)
        times.add_row(name, str(latency.samples), *(f"{value:.1f}" for value in percentiles))
    console.print(times)
