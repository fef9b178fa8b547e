"""Errors as callers see them: problem details (RFC 9457) with a stable type and every fault at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what was sent: where (a JSON pointer), which kind, and what was expected.

    Never holds the refused value.
    """

    path: str
    code: str
    expected: str


@dataclass
class Problem(Exception):
    """An answer that refuses a command. ``slug`` names its stable type, ``/problems/<slug>``."""

    slug: str
    title: str
    status: int
    detail: str = ""
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.slug)

    def body(self) -> dict[str, Any]:
        """The document that the caller receives."""
        document: dict[str, Any] = {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            document["detail"] = self.detail
        if self.faults:
            document["errors"] = [
                {"path": fault.path, "code": fault.code, "expected": fault.expected} for fault in self.faults
            ]
        return document
