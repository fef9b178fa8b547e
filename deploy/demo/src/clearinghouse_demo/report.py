"""The report of a demo, for machines."""

from __future__ import annotations

from typing import Any

from clearinghouse_demo.addresses import Addresses
from clearinghouse_demo.demo_run import DemoRun
from clearinghouse_demo.timeline import Timeline


def report(addresses: Addresses, timeline: Timeline, stage: DemoRun | None) -> dict[str, Any]:
    """Steps, identifiers, letters and events of a run, as far as it came."""
    return {
        "engines": dict(addresses.engines),
        "steps": [
            {
                "name": step.name,
                "outcome": step.outcome,
                "milliseconds": round(step.milliseconds, 1),
                "detail": step.detail,
            }
            for step in timeline.steps
        ],
        "identifiers": stage.identifiers if stage else {},
        "mails": [
            {
                "recipient": ", ".join(letter.recipients),
                "role": letter.roles,
                "language": letter.language,
                "subject": letter.subject,
                "messageId": letter.message_id,
                "record": letter.record,
                "transmission": letter.transmission,
            }
            for letter in (stage.letters if stage else [])
        ],
        "events": [
            {
                "position": event.position,
                "time": event.time.isoformat(),
                "type": event.type,
                "identifier": event.subject,
            }
            for event in (stage.followers.kafka.events if stage else [])
        ],
    }
