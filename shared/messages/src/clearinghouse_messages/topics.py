"""The names of the topics on Kafka and what each one holds. Provisioning and readers both ask here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clearinghouse_messages.events import STREAMS, Stream

DEAD_LETTERS = "dead-letters.v1"


@dataclass(frozen=True)
class TopicPlan:
    """How a topic is provisioned.

    ``retention_days`` None keeps messages without limit; never compacted, because compaction would drop
    superseded revisions.
    """

    name: str
    partitions: int
    retention_days: int | None
    public: bool
    """Whether partner systems may read it. Topics with addresses or personal data are internal."""


def topic(prefix: str, realm: str, stream: Stream) -> str:
    """The topic of one realm's stream, for instance ``dev.absch.records.v1``; production has no prefix."""
    return f"{_dotted(prefix)}{realm}.{stream}.v1"


def dead_letters(prefix: str) -> str:
    """The topic of events that no replay without an operator will cure."""
    return f"{_dotted(prefix)}{DEAD_LETTERS}"


def plan(prefix: str, realms: Sequence[str]) -> tuple[TopicPlan, ...]:
    """Every topic of a deployment, in the order in which they are provisioned."""
    topics = [
        TopicPlan(
            name=topic(prefix, realm, stream),
            partitions=4,
            retention_days=None if stream == "records" else 30,
            public=stream == "records",
        )
        for realm in realms
        for stream in STREAMS
    ]
    return (*topics, TopicPlan(dead_letters(prefix), partitions=1, retention_days=30, public=False))


def _dotted(prefix: str) -> str:
    return f"{prefix}." if prefix else ""
