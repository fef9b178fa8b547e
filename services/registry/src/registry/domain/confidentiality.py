"""Warnings about confidential values that stand elsewhere. A warning says where, never what.

The system hosts no confidential information: a value beside its flag is refused by the format's own check. What
is looked for here are the words that an earlier draft or revision held in a field now declared confidential.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_MIN_WORD_CHARACTERS = 4


@dataclass(frozen=True)
class PublicationWarning:
    """Something the person should know before they publish: where it stands and what it is."""

    path: str
    code: str
    message: str


def shown_before(flags: Iterable[str], current: Mapping[str, Any] | None) -> list[PublicationWarning]:
    """Fields declared confidential that the current revision shows: earlier revisions go on showing them."""
    return [
        PublicationWarning(
            f"/{flag}Confidential",
            "shown-before",
            "Earlier revisions stay as published and show this field until the Secretariat redacts them.",
        )
        for flag in sorted(flags)
        if current is not None and current.get(flag)
    ]


def same_words(words: Sequence[str], document: Mapping[str, Any]) -> list[PublicationWarning]:
    """Places of ``document`` in which one of the confidential words stands."""
    needles = [
        re.compile(re.escape(word), re.IGNORECASE) for word in words if len(word) >= _MIN_WORD_CHARACTERS
    ]
    if not needles:
        return []
    return [
        PublicationWarning(
            path,
            "confidential-words",
            "Words of a field that is declared confidential stand here; remove them if they should not be public.",
        )
        for path, text in texts(document)
        if not path.startswith("/header/") and any(needle.search(text) for needle in needles)
    ]


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a document with its JSON pointer."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{path}/{index}")
