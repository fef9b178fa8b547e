"""Why a command or a document was refused, as callers see it. Source: RFC 9457 (problem details), RFC 6901."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with what was sent: where (a JSON pointer; empty: all of it), which kind, what was expected.

    Never holds the refused value.
    """

    path: str = ""
    code: str = ""
    expected: str = ""


class ProblemDetails(BaseModel):
    """The document that a refused caller receives; ``type`` is stable, ``errors`` names every fault at once."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    type: str = "about:blank"
    title: str = ""
    status: int = 0
    detail: str = ""
    errors: tuple[Fault, ...] = ()

    def document(self) -> Mapping[str, object]:
        """As it is sent: without what says nothing."""
        return self.model_dump(mode="json", exclude_defaults=True)
