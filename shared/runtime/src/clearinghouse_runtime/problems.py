"""Refusals of a command or a question: what its caller receives as problem details (RFC 9457).

Raised by domain and application as well as by routes; it never holds the refused value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clearinghouse_messages.problems import Fault, ProblemDetails


@dataclass
class Problem(Exception):
    """A refusal. ``slug`` names its stable type, ``/problems/<slug>``; ``detail`` says the next step."""

    slug: str
    title: str
    status: int
    detail: str = ""
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.slug)

    def details(self) -> ProblemDetails:
        """The document that the caller receives."""
        return ProblemDetails(
            type=f"/problems/{self.slug}",
            title=self.title,
            status=self.status,
            detail=self.detail,
            errors=tuple(self.faults),
        )


def forbidden(detail: str) -> Problem:
    """The caller's roles do not allow it."""
    return Problem("forbidden", "Your roles do not allow this", 403, detail)


def not_found(what: str) -> Problem:
    """There is nothing under that name, or nothing that the caller may see."""
    return Problem("not-found", "Not found", 404, f"There is no such {what}, or it is not yours to see.")


def conflict(slug: str, title: str, detail: str) -> Problem:
    """What it is about has a status that does not allow it now."""
    return Problem(slug, title, 409, detail)


def key_reused() -> Problem:
    """The Idempotency-Key was used for another command."""
    return Problem(
        "idempotency-key-reused",
        "The Idempotency-Key was used for another command",
        422,
        "Send each new command with a new key.",
    )
