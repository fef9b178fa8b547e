"""What is wrong with a document: where, and what was expected. Never the value that was refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import ValidationError

from clearinghouse_messages.problems import Fault

Code = Literal[
    "mandatory",
    "invalid-type",
    "invalid-value",
    "unknown-field",
    "unspecified-locale",
    "unexpected-term",
    "confidential-value",
    "too-long",
    "unreadable",
]

MAX_FAULTS = 1000
"""Of more faults than this, the first are named."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def pointer(path: Sequence[str | int]) -> str:
    """A JSON pointer. A name that the caller made up is shown only if it looks like a field's name."""
    return "".join(f"/{part}" if _NAME.fullmatch(str(part)) else "/?" for part in path)


_EXPECTED: dict[str, tuple[Code, str]] = {
    "missing": ("mandatory", "a value"),
    "extra_forbidden": ("unknown-field", "no field of this name"),
    "string_type": ("invalid-type", "text"),
    "string_unicode": ("unreadable", "text in Unicode"),
    "bool_type": ("invalid-type", "true or false"),
    "int_type": ("invalid-type", "a whole number"),
    "float_type": ("invalid-type", "a number"),
    "finite_number": ("invalid-value", "a finite number"),
    "list_type": ("invalid-type", "a list"),
    "model_type": ("invalid-type", "an object"),
    "model_attributes_type": ("invalid-type", "an object"),
    "union_tag_not_found": ("invalid-type", "text, or text by language"),
    "too_short": ("mandatory", "at least one entry"),
}


def from_pydantic(error: ValidationError) -> list[Fault]:
    """What pydantic found, described by place and kind alone: its messages and inputs may hold values."""
    details = error.errors(include_url=False, include_input=False)
    return [_fault(detail["type"], detail["loc"], detail.get("ctx", {})) for detail in details[:MAX_FAULTS]]


def _fault(kind: str, location: tuple[int | str, ...], limits: dict[str, Any]) -> Fault:
    # Pydantic names the branch of a union in the location; ours begin with '#'.
    path = pointer([part for part in location if not str(part).startswith("#")])
    if kind in _EXPECTED:
        return Fault(path, *_EXPECTED[kind])
    match kind:
        case "invalid-value" | "unexpected-term" | "unreadable":
            return Fault(path, kind, str(limits["expected"]))
        case "literal_error":
            return Fault(path, "invalid-value", str(limits["expected"]))
        case "too_long":
            return Fault(path, "too-long", f"at most {limits['max_length']} entries")
        case "string_too_long":
            return Fault(path, "too-long", f"at most {limits['max_length']} characters")
        case "greater_than_equal":
            return Fault(path, "invalid-value", f"a number of at least {limits['ge']}")
        case "less_than_equal":
            return Fault(path, "invalid-value", f"a number of at most {limits['le']}")
        case _:
            return Fault(path, "invalid-value", "a valid value")
