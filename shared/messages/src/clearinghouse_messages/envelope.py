"""The envelope of every event: CloudEvents 1.0 in its JSON format, with our extension attributes.

Source: CloudEvents 1.0.2, JSON event format; extension names are lower-case letters and digits,
as section 3.1 of that specification asks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Cause = Literal["command", "migration"]
"""Why an event exists. Only ``command`` makes anyone receive anything; ``migration`` brings records
over from elsewhere and mails nobody."""

Lane = Literal["official", "interactive", "bulk"]
"""How urgent the work is that follows an event; an import (bulk) never delays a certificate (official)."""

LANES: tuple[Lane, ...] = ("official", "interactive", "bulk")

RESTATED_HEADER = "clearinghouse-restated"
"""Kafka header of an event that is stated again because its outcome is still missing. A reader that
already worked it off works it off once more, idempotently, so that the outcome is reported again."""


class Wire(BaseModel):
    """Base of everything on the wire: immutable, tolerant of unknown fields, without refused values in its errors."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        populate_by_name=True,
        use_attribute_docstrings=True,  # the descriptions of the interfaces say what is said here
    )


class Envelope(Wire):
    """One event. ``data`` holds the payload that ``type`` names (see ``events.decode``)."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    """Unique within ``source``; an event that is shipped or stated again keeps it."""
    source: str
    """The service and deployment that states the event, for instance ``/dev/registry``."""
    type: str
    """For instance ``int.cbd.record.published.v1``."""
    subject: str
    """What the event is about, for instance ``ABSCH-DEV-IRCC-MX-104-1``."""
    time: datetime
    """When it was committed (UTC)."""
    datacontenttype: Literal["application/json"] = "application/json"
    realm: str
    """The home realm, by its slug, for instance ``absch``."""
    record: str
    """The record without its revision; the key on Kafka, within which order is kept."""
    seq: int = Field(ge=1)
    """Counts 1, 2, 3 within one record and one stream (the records, requests or transmissions of it)."""
    position: int = Field(ge=1)
    """The place in the whole ledger of ``source``; grows, may have gaps to a reader of one stream."""
    generation: str
    """The ledger that ``position`` belongs to; a restored or rebuilt ledger has a new one."""
    cause: Cause
    lane: Lane
    traceparent: str | None = None
    """W3C trace context of the command that caused the event."""
    data: dict[str, Any]
