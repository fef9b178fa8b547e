"""What is on the wire, put together for people and for AsyncAPI: topics, event types and a sample of each."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearinghouse_formats import load
from clearinghouse_messages.events import (
    EVENT_TYPES,
    RecordState,
    RequestState,
    TransmissionOutcome,
    TransmissionOwed,
)
from clearinghouse_messages.topics import Stream, TopicPlan, plan, topic

_STREAMS: dict[type, Stream] = {
    RecordState: "records",
    RequestState: "requests",
    TransmissionOwed: "transmissions",
    TransmissionOutcome: "transmission-outcomes",
}


@dataclass(frozen=True)
class Event:
    """One event type: the stream that it is on, its payload, what it tells, and a golden sample of it."""

    name: str
    stream: Stream
    payload: type
    summary: str
    sample: dict[str, Any]


def events(samples: Path) -> list[Event]:
    """Every event type, in the order of declaration; ``samples`` is the folder of ``TYPE.json`` files."""
    return [
        Event(
            name=name,
            stream=_stream(payload),
            payload=payload,
            summary=(inspect.getdoc(payload) or "").splitlines()[0],
            sample=json.loads((samples / f"{name}.json").read_text(encoding="utf-8")),
        )
        for name, payload in EVENT_TYPES.items()
    ]


def topics() -> list[tuple[TopicPlan, Stream | None]]:
    """Every topic of production, each with its stream; None for that of dead letters."""
    realms = tuple(load().realms)
    streams = {topic("", realm, stream): stream for realm in realms for stream in _STREAMS.values()}
    return [(planned, streams.get(planned.name)) for planned in plan("", realms)]


def _stream(payload: type) -> Stream:
    return next(stream for base, stream in _STREAMS.items() if issubclass(payload, base))
