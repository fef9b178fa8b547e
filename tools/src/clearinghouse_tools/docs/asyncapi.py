"""The event streams as an AsyncAPI 3.0 document. Source: AsyncAPI 3.0.0; Kafka bindings 0.5.0; CloudEvents 1.0.2."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from clearinghouse_messages.dead_letters import DeadLetter
from clearinghouse_messages.envelope import RESTATED_HEADER, Envelope
from clearinghouse_messages.events import Stream
from clearinghouse_messages.topics import TopicPlan
from clearinghouse_tools.docs.catalogue import SampledEvent, users_of

Json = dict[str, Any]

_SCHEMA = "#/components/schemas/{model}"
_MESSAGE = "#/components/messages/"
_BINDINGS = "0.5.0"

DESCRIPTION = """\
Every event is a CloudEvents 1.0 envelope in its JSON form. Its key on Kafka is the record, so that the events of
one record keep their order; `position` gives the order over all records of a ledger. An event may come more than
once, always under the same `source` and `id`. Readers ignore fields that they do not know; a change that would
break a reader is a new event type beside the old one.

Topics are named here as in production. Other environments have a prefix: `dev.`, `trg.`, `stg.`.
Topics that are not public hold addresses or personal data; only services of the clearing-house read them.
"""


def asyncapi(
    topics: Sequence[tuple[TopicPlan, Stream | None]], events: Sequence[SampledEvent], dead_letter: Json
) -> Json:
    """The whole document; ``dead_letter`` is a golden sample of one."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Events of the clearing-houses", "version": "1", "description": DESCRIPTION},
        "defaultContentType": "application/cloudevents+json",
        "channels": {planned.name: _channel(planned, stream, events) for planned, stream in topics},
        "operations": {f"state-{planned.name}": _operation(planned, stream) for planned, stream in topics},
        "components": {
            "messages": {
                **{event.declared.name: _message(event) for event in events},
                "dead-letter": _dead_letter(dead_letter),
            },
            "messageTraits": {"event": _TRAIT},
            "schemas": _schemas([event.declared.payload for event in events]),
        },
    }


def _channel(planned: TopicPlan, stream: Stream | None, events: Sequence[SampledEvent]) -> Json:
    names = [event.declared.name for event in events if event.declared.stream == stream] or ["dead-letter"]
    days = planned.retention_days
    retention = -1 if days is None else timedelta(days=days) // timedelta(milliseconds=1)
    kept = "Kept without limit" if days is None else f"Kept for {days} days"
    return {
        "address": planned.name,
        "description": f"{kept}; {'public' if planned.public else 'internal'}.",
        "messages": {name: {"$ref": f"{_MESSAGE}{name}"} for name in names},
        "tags": [{"name": "public" if planned.public else "internal"}],
        "bindings": {
            "kafka": {
                "topic": planned.name,
                "partitions": planned.partitions,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": retention},
                "bindingVersion": _BINDINGS,
            }
        },
    }


def _operation(planned: TopicPlan, stream: Stream | None) -> Json:
    what = "dead letters" if stream is None else f"events of the stream {stream}"
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{planned.name}"},
        "summary": f"The clearing-house states {what}{_stated_by(stream)}",
    }


def _stated_by(stream: Stream | None) -> str:
    stated, consumed = users_of(stream) if stream else ([], [])
    by = f"; stated by {', '.join(stated)}" if stated else ""
    return by + (f", consumed by {', '.join(consumed)}" if consumed else "")


def _message(event: SampledEvent) -> Json:
    payload = _SCHEMA.format(model=event.declared.payload.__name__)
    return {
        "name": event.declared.name,
        "title": event.declared.payload.__name__,
        "summary": event.declared.summary,
        "contentType": "application/cloudevents+json",
        "traits": [{"$ref": "#/components/messageTraits/event"}],
        "payload": {
            "allOf": [
                {"$ref": _SCHEMA.format(model="Envelope")},
                {
                    "type": "object",
                    "properties": {"type": {"const": event.declared.name}, "data": {"$ref": payload}},
                },
            ]
        },
        "examples": [{"name": event.declared.name, "payload": event.sample}],
    }


_TRAIT: Json = {
    "headers": {
        "type": "object",
        "properties": {
            "content-type": {"const": "application/cloudevents+json"},
            RESTATED_HEADER: {
                "type": "string",
                "description": "There when an event is stated again because its outcome is still missing.",
            },
        },
    },
    "bindings": {
        "kafka": {
            "key": {"type": "string", "description": "The record, without its revision."},
            "bindingVersion": _BINDINGS,
        }
    },
}


def _dead_letter(sample: Json) -> Json:
    return {
        "name": "dead-letter",
        "title": DeadLetter.__name__,
        "summary": (DeadLetter.__doc__ or "").splitlines()[0],
        "contentType": "application/json",
        "payload": {"$ref": _SCHEMA.format(model=DeadLetter.__name__)},
        "examples": [{"name": "dead-letter", "payload": sample}],
    }


def _schemas(payloads: Sequence[type[BaseModel]]) -> Json:
    models = [(model, "validation") for model in (Envelope, DeadLetter, *payloads)]
    _, definitions = models_json_schema(models, ref_template=_SCHEMA)  # type: ignore[arg-type]  # a list of pairs
    schemas: Json = definitions["$defs"]
    return schemas
