"""Events as the registry states them, for tests of what follows from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from clearinghouse_messages.envelope import Cause, Envelope, Lane
from clearinghouse_messages.events import (
    Audience,
    Payload,
    RecipientRole,
    RecordPublished,
    RecordSnapshot,
    RequestOpened,
    RequestSnapshot,
    TransmissionOwed,
    event_type,
)
from notifier.domain.delivery import Delivery, Letter, RecipientAddress

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RECORD = "BCH-DEV-LAW-MX-104"
IDENTIFIER = f"{RECORD}-1"


class Clock:
    """A clock that goes on by a second each time it is asked."""

    def __init__(self, start: datetime = NOON) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """The next second."""
        self.now += timedelta(seconds=1)
        return self.now


def record_state(kind: type[RecordSnapshot] = RecordPublished, **changes: Any) -> RecordSnapshot:
    """A law of Mexico."""
    fields: dict[str, Any] = {
        "identifier": IDENTIFIER,
        "uid": "MX-LAW-2026-0104",
        "number": 104,
        "revision": 1,
        "realm": "bch",
        "format": "biosafetyLaw",
        "format_version": 1,
        "country": "mx",
        "status": "current",
        "languages": ["es"],
        "title": {"es": "Ley 104"},
        "published_at": NOON,
        "link": f"http://127.0.0.1:8100/{IDENTIFIER}",
        "content": {"header": {"identifier": "MX-LAW-2026-0104", "schema": "biosafetyLaw"}},
    }
    return kind(**(fields | changes))


def owed(**changes: Any) -> TransmissionOwed:
    """The copy of a law, owed to the focal point of Mexico."""
    fields: dict[str, Any] = {
        "transmission": uuid4().hex,
        "kind": "copy",
        "realm": "bch",
        "identifier": IDENTIFIER,
        "roles": [
            RecipientRole(
                role="national-focal-point",
                provision="Cartagena Protocol, Article 20.3",
                country="mx",
                record="BCH-DEV-NFP-MX-1-1",
                name="Punto Focal Nacional",
            )
        ],
        "emails": ["nfp@example.mx"],
        "language": "es",
        "record": record_state(RecordSnapshot),
        "owed_at": NOON,
    }
    return TransmissionOwed(**(fields | changes))


def request_event(kind: type[RequestSnapshot] = RequestOpened, **changes: Any) -> RequestSnapshot:
    """A request for publication of a law of Mexico, addressed to its publishing authority."""
    fields: dict[str, Any] = {
        "request": "request-1",
        "realm": "bch",
        "record": RECORD,
        "uid": "MX-LAW-2026-0104",
        "format": "biosafetyLaw",
        "country": "mx",
        "title": {"es": "Ley 104"},
        "author": "mx-nau",
        "opened_at": NOON,
        "expires_at": NOON + timedelta(weeks=12),
        "audience": [Audience(person="mx-pa", role="publishing-authority")],
    }
    return kind(**(fields | changes))


def envelope(
    payload: Payload,
    *,
    event: str | None = None,
    record: str = RECORD,
    seq: int = 1,
    cause: Cause = "command",
    lane: Lane = "official",
    at: datetime = NOON,
) -> Envelope:
    """The event of a payload, as it lands."""
    return Envelope(
        id=event or uuid4().hex,
        source="/test/registry",
        type=event_type(payload).name,
        subject=record,
        time=at,
        realm=payload.realm,
        record=record,
        seq=seq,
        position=seq,
        generation="g1",
        cause=cause,
        lane=lane,
        data=payload.model_dump(mode="json"),
    )


def delivery(*emails: str, **changes: Any) -> Delivery:
    """A delivery before its first attempt."""
    transmission = changes.pop("transmission", uuid4().hex)
    fields: dict[str, Any] = {
        "transmission": transmission,
        "kind": "copy",
        "realm": "bch",
        "record": RECORD,
        "identifier": IDENTIFIER,
        "roles": ("national-focal-point",),
        "lane": "official",
        "sender": "bch@clearinghouse.example",
        "message_id": f"<{transmission}@clearinghouse.example>",
        "letter": Letter("Ley 104", "Estimada señora:\n", "<p>Estimada señora:</p>", "es"),
        "recipients": tuple(RecipientAddress(email) for email in emails or ("nfp@example.mx",)),
        "owed_at": NOON,
    }
    return Delivery(**(fields | changes))
