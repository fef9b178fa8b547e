"""The six languages of the United Nations and the order in which a reader is offered another one."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
"""The languages that a record may be written in."""

FALLBACK = ("en", "fr", "es", "ru", "ar", "zh")
"""What a reader gets whose language a text lacks: the first of these that it has."""


def in_language(text: Mapping[str, str], language: str) -> tuple[str, str]:
    """The text for a reader of ``language`` and the language it is really in.

    Raises KeyError where the text is in no language at all.
    """
    for candidate in (language, *FALLBACK):
        found = text.get(candidate)
        if found:
            return found, candidate
    raise KeyError("the text is in none of the six languages")
