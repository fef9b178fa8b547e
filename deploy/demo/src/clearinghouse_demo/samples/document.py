"""How a sample is put together in the exchange form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clearinghouse_formats import LANGUAGES

Fields = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """One record: its home realm, who published it, and the document."""

    realm: str
    by: str
    document: Fields

    def line(self) -> Fields:
        """The line of the file that the registry loads."""
        return {"kind": "record", "realm": self.realm, "by": self.by, "document": self.document}


def document(format_name: str, uid: str, content: Fields) -> Fields:
    """A document under its header; the languages are those of its texts, else English."""
    used = set(_languages(content))
    languages = [language for language in LANGUAGES if language in used] or ["en"]
    return {"header": {"identifier": uid, "schema": format_name, "languages": languages}, **content}


def term(identifier: str) -> Fields:
    """A term of a vocabulary, or a country."""
    return {"identifier": identifier}


def terms(*identifiers: str) -> list[Fields]:
    """Several terms."""
    return [term(identifier) for identifier in identifiers]


def refer(*uids: str) -> list[Fields]:
    """References that follow the current revisions."""
    return [{"identifier": uid} for uid in uids]


def link(url: str, name: str, language: str) -> Fields:
    """A link."""
    return {"url": url, "name": name, "language": language}


def _languages(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if value and set(value) <= set(LANGUAGES):
            yield from value
        else:
            for part in value.values():
                yield from _languages(part)
    elif isinstance(value, list):
        for entry in value:
            yield from _languages(entry)
