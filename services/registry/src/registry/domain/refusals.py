"""Why the registry refuses a command. Each names every fault at once and never holds the refused value."""

from __future__ import annotations

from collections.abc import Sequence

from clearinghouse_messages.problems import Fault
from clearinghouse_runtime.problems import Problem, conflict, forbidden, not_found

__all__ = [
    "conflict",
    "forbidden",
    "invalid",
    "locked",
    "not_found",
    "reason_missing",
    "record_ended",
    "seat_taken",
    "stale",
    "too_large",
]


def invalid(faults: Sequence[Fault]) -> Problem:
    """The document has faults."""
    return Problem(
        "invalid-record",
        "The record has faults",
        422,
        "Correct every fault named here and send it again.",
        faults,
    )


def too_large(limit: int) -> Problem:
    """The public content is larger than an event may be."""
    detail = f"At most {limit} bytes of public content as UTF-8; shorten it, or link to a document."
    return Problem("record-too-large", "The record is too large", 413, detail)


def record_ended(status: str) -> Problem:
    """A revoked or deleted record takes no change."""
    return conflict(
        "record-ended", "The record has ended", f"It is {status} and cannot be changed; make a new record."
    )


def seat_taken() -> Problem:
    """A country has one publishing authority in a realm."""
    return conflict("seat-taken", "The country has a publishing authority", "End that designation first.")


def reason_missing() -> Problem:
    """The workflow asks for a reason (``workflow.TRANSITIONS``) and none was given."""
    faults = [Fault("/reason", "mandatory", "the reason, in words")]
    return Problem("reason-missing", "A reason is missing", 422, "Send it again with the reason.", faults)


def stale() -> Problem:
    """Somebody else changed it meanwhile."""
    return Problem(
        "stale",
        "It was changed meanwhile",
        412,
        "Read it again, look at what changed, and send your change with its ETag.",
    )


def locked() -> Problem:
    """A request runs for the draft."""
    return conflict(
        "draft-locked",
        "The draft is locked",
        "A request for its publication runs; wait for the decision or recall the request.",
    )
