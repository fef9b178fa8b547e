"""Why a command is refused. Each names every fault at once and never holds the refused value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class FaultLike(Protocol):
    """One thing wrong with what was sent, found by a format's declaration or by the registry."""

    @property
    def path(self) -> str:
        """Where: a JSON pointer."""

    @property
    def code(self) -> str:
        """Which kind."""

    @property
    def expected(self) -> str:
        """What was expected; never the refused value."""


@dataclass(frozen=True)
class Fault:
    """A fault that only the registry can find, because it knows the other records."""

    path: str
    code: str
    expected: str


@dataclass
class Refusal(Exception):
    """A command that is refused; ``slug`` is the stable name of the reason, ``detail`` tells the next step."""

    slug: str
    title: str
    detail: str = ""
    faults: Sequence[FaultLike] = ()

    def __post_init__(self) -> None:
        super().__init__(self.slug)


def invalid(faults: Sequence[FaultLike]) -> Refusal:
    """The document has faults."""
    return Refusal(
        "invalid-record", "The record has faults", "Mend every fault named here and send it again.", faults
    )


def too_large(limit: int) -> Refusal:
    """The public content is larger than an event may be."""
    return Refusal(
        "record-too-large", "The record is too large", f"At most {limit} bytes of public content as UTF-8."
    )


def forbidden(detail: str) -> Refusal:
    """The caller's roles do not allow it."""
    return Refusal("forbidden", "Your roles do not allow this", detail)


def not_found(what: str) -> Refusal:
    """There is nothing under that name, or nothing that the caller may see."""
    return Refusal("not-found", "Not found", f"There is no such {what}, or it is not yours to see.")


def conflict(slug: str, title: str, detail: str) -> Refusal:
    """The state of things does not allow it now."""
    return Refusal(slug, title, detail)


def stale() -> Refusal:
    """Somebody else changed it meanwhile."""
    return Refusal(
        "stale",
        "It was changed meanwhile",
        "Read it again, look at what changed, and send your change with its ETag.",
    )


def locked() -> Refusal:
    """A request runs for the draft."""
    return conflict(
        "draft-locked",
        "The draft is locked",
        "A request for its publication runs; wait for the decision or recall the request.",
    )
