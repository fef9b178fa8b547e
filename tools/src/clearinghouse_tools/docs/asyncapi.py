"""The event streams as an AsyncAPI 3.0 document. Source: AsyncAPI 3.0.0; Kafka bindings 0.5.0; CloudEvents 1.0.2."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from clearinghouse_messages.envelope import RESTATED_HEADER, Envelope
from clearinghouse_messages.topics import Stream, TopicPlan
from clearinghouse_tools.docs.catalogue import Event

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


def asyncapi(topics: Sequence[tuple[TopicPlan, Stream | None]], events: Sequence[Event]) -> Json:
    """The whole document."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Events of the clearing-houses", "version": "1", "description": DESCRIPTION},
        "defaultContentType": "application/cloudevents+json",
        "channels": {planned.name: _channel(planned, stream, events) for planned, stream in topics},
        "operations": {f"state-{planned.name}": _operation(planned, stream) for planned, stream in topics},
        "components": {
            "messages": {**{event.name: _message(event) for event in events}, "dead-letter": _DEAD_LETTER},
            "messageTraits": {"event": _TRAIT},
            "schemas": _schemas([event.payload for event in events]),
        },
    }


def _channel(planned: TopicPlan, stream: Stream | None, events: Sequence[Event]) -> Json:
    names = [event.name for event in events if event.stream == stream] or ["dead-letter"]
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
        "summary": f"The clearing-house states {what}",
    }


def _message(event: Event) -> Json:
    payload = _SCHEMA.format(model=event.payload.__name__)
    return {
        "name": event.name,
        "title": event.payload.__name__,
        "summary": event.summary,
        "contentType": "application/cloudevents+json",
        "traits": [{"$ref": "#/components/messageTraits/event"}],
        "payload": {
            "allOf": [
                {"$ref": _SCHEMA.format(model="Envelope")},
                {
                    "type": "object",
                    "properties": {"type": {"const": event.name}, "data": {"$ref": payload}},
                },
            ]
        },
        "examples": [{"name": event.name, "payload": event.sample}],
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

_DEAD_LETTER: Json = {
    "name": "dead-letter",
    "title": "DeadLetter",
    "summary": "An event or a letter that could not be worked off; its content stays with the service.",
    "contentType": "application/json",
    "payload": {
        "type": "object",
        "required": ["source", "queue", "id", "error", "at", "attempts", "replayable"],
        "properties": {
            "source": {"type": "string", "description": "The service."},
            "queue": {"type": "string", "description": "Where in the service it lies."},
            "id": {"type": "string", "description": "Unique in its queue."},
            "error": {"type": "string", "description": "What went wrong, without any value of the content."},
            "at": {"type": "string", "format": "date-time"},
            "attempts": {"type": "integer"},
            "replayable": {"type": "boolean"},
            "type": {"type": ["string", "null"]},
            "subject": {"type": ["string", "null"]},
            "record": {"type": ["string", "null"]},
        },
    },
}


def _schemas(payloads: Sequence[type[BaseModel]]) -> Json:
    models = [(model, "validation") for model in (Envelope, *payloads)]
    _, definitions = models_json_schema(models, ref_template=_SCHEMA)  # type: ignore[arg-type]  # a list of pairs
    schemas: Json = definitions["$defs"]
    return schemas
