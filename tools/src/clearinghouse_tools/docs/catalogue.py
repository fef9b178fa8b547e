"""What is on the wire, put together for people and for AsyncAPI: topics, event types and a sample of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearinghouse_formats import load
from clearinghouse_local.manifests import manifests
from clearinghouse_messages.events import EVENT_TYPES, STREAMS, EventType, Stream
from clearinghouse_messages.topics import TopicPlan, plan, topic

DEAD_LETTER = "dead-letter.v1"
"""The golden sample of a dead letter, which is no event of the table."""


@dataclass(frozen=True)
class SampledEvent:
    """An event type with a golden sample of it."""

    declared: EventType
    sample: dict[str, Any]


def events(samples: Path) -> list[SampledEvent]:
    """Every event type, in the order of declaration; ``samples`` is the folder of ``TYPE.json`` files."""
    return [SampledEvent(declared, sample(samples, name)) for name, declared in EVENT_TYPES.items()]


def sample(samples: Path, name: str) -> dict[str, Any]:
    """A golden sample."""
    document: dict[str, Any] = json.loads((samples / f"{name}.json").read_text(encoding="utf-8"))
    return document


def topics() -> list[tuple[TopicPlan, Stream | None]]:
    """Every topic of production, each with its stream; None for that of dead letters."""
    realms = tuple(load().realms)
    streams = {topic("", realm, stream): stream for realm in realms for stream in STREAMS}
    return [(planned, streams.get(planned.name)) for planned in plan("", realms)]


def users_of(stream: Stream) -> tuple[list[str], list[str]]:
    """The services that state a stream, and those that consume it, as their manifests say."""
    stated = [one.name for one in manifests() if stream in one.produces]
    consumed = [one.name for one in manifests() if stream in one.consumes]
    return stated, consumed
