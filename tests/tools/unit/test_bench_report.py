"""The report of a benchmark: percentiles, ratios, and names of what was measured."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from clearinghouse_tools.bench.publishing import Throughput
from clearinghouse_tools.bench.report import Latency, Report, ThroughputRow, Writes, machine, show


@pytest.fixture
def report() -> Report:
    return Report(
        engines={
            "documents": {"name": "MongoDB", "version": "6.0.5"},
            "broker": {"name": "Apache Kafka", "version": "4.1.0"},
        },
        machine=machine(),
        throughput=[
            ThroughputRow(
                16, bare=Throughput(100, 1.0), held=Throughput(50, 2.0), in_flow=Throughput(10, 1.0)
            )
        ],
        writes=[Writes("events", "insert", 5, 20_000), Writes("records", "replace", 1, 500)],
        per_second=1.25,
        commit_to_kafka=Latency.of([12.0]),
        commit_to_smtp=Latency.of([float(number) for number in range(200, 0, -1)]),
    )


def test_percentiles_are_those_of_the_nearest_rank() -> None:
    latency = Latency.of([float(number) for number in range(100, 0, -1)])
    assert (latency.samples, latency.p50, latency.p95, latency.p99, latency.longest) == (
        100,
        50.0,
        95.0,
        99.0,
        100.0,
    )
    assert Latency.of([7.0]) == Latency(1, 7.0, 7.0, 7.0, 7.0)


def test_the_report_as_json_names_engines_and_machine_and_sets_rates_beside_bare_transactions(
    report: Report,
) -> None:
    document = json.loads(json.dumps(report.document()))
    assert document["engines"]["broker"] == {"name": "Apache Kafka", "version": "4.1.0"}
    assert {"cpu", "cores", "memoryBytes", "kernel", "python"} <= set(document["machine"])
    assert document["throughput"] == [
        {
            "atOnce": 16,
            "bareTransactions": {"count": 100, "perSecond": 100.0},
            "publications": {"count": 50, "perSecond": 25.0, "ratio": 0.25},
            "publicationsInFullFlow": {"count": 10, "perSecond": 10.0, "ratio": 0.1},
        }
    ]
    assert document["commitToKafkaMilliseconds"]["p50"] == 12.0
    assert document["commitToSmtpMilliseconds"]["p95"] == 190.0


def test_people_see_the_same_figures(report: Report) -> None:
    console = Console(file=io.StringIO(), width=120)
    show(report, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # it is the StringIO from above
    for words in ("MongoDB 6.0.5 and Apache Kafka 4.1.0", "6 documents of 20,500 bytes", "0.25", "190.0"):
        assert words in shown
