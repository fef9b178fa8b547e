"""The clock of business deadlines and evidence. Leases use the database's own clock instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""The time now, UTC, to the millisecond that the store keeps. It is passed in, so that tests can set it."""


def utc_now() -> datetime:
    """The clock of a running process."""
    return to_millisecond(datetime.now(UTC))


def to_millisecond(at: datetime) -> datetime:
    """A time as precise as the store keeps it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
