"""What others read out of a document by its declaration: references, the public part, names of terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clearinghouse_formats.countries import countries, country_names
from clearinghouse_formats.declare import Format
from clearinghouse_formats.faults import pointer
from clearinghouse_formats.markers import Confidential, In, Private, To
from clearinghouse_formats.values import Country, RecordReference
from clearinghouse_formats.walk import Found, fields, walk
from clearinghouse_messages.documents import Document


@dataclass(frozen=True)
class Reference:
    """A reference to another record, as a document states it."""

    path: str
    """Where it stands (JSON pointer); its identifier is the member ``identifier`` there."""
    identifier: str
    """The other record's own identifier or ours, without the pin."""
    revision: int | None
    """The revision that is pinned with ``@``; None follows the current one."""
    targets: tuple[str, ...]
    """The names of the formats that it may lead to; empty for any."""


def references(declared: Format, document: Document) -> list[Reference]:
    """Every reference of a document, in the order of its declaration."""
    return [
        _reference(found, found.value["identifier"])
        for found in walk(declared.model, document)
        if found.field.model() is RecordReference
        and isinstance(found.value, Mapping)
        and isinstance(found.value.get("identifier"), str)
    ]


def _reference(found: Found, text: str) -> Reference:
    identifier, _, pin = text.partition("@")
    revision = int(pin) if pin.isascii() and pin.isdigit() and len(pin) <= 6 else None
    to = found.field.marker(To)
    return Reference(pointer(found.path), identifier, revision, to.formats if to else ())


def confidential_flags(declared: Format, document: Document) -> frozenset[str]:
    """The fields that the document declares confidential."""
    return frozenset(
        field.wire
        for field in fields(declared.model)
        if (marker := field.marker(Confidential)) is not None and document.get(marker.flag) is True
    )


def split(declared: Format, document: Document) -> tuple[dict[str, Any], dict[str, Any]]:
    """The public and the private part of a document.

    What no field declares, and what is declared confidential, is in neither.
    """
    flagged = confidential_flags(declared, document)
    public: dict[str, Any] = {}
    private: dict[str, Any] = {}
    for field in fields(declared.model):
        if field.wire in document and field.wire not in flagged:
            part = private if field.marker(Private) else public
            part[field.wire] = document[field.wire]
    return public, private


def labels(declared: Format, document: Document) -> dict[str, dict[str, str]]:
    """The names of the document's terms and countries, by identifier, by language."""
    named: dict[str, dict[str, str]] = {}
    for found in walk(declared.model, document):
        identifier = found.value.get("identifier") if isinstance(found.value, Mapping) else found.value
        if not isinstance(identifier, str):
            continue
        source = found.field.marker(In)
        term = source.vocabulary.find(identifier) if source else None
        if term is not None:
            named[identifier] = dict(term.name)
        elif identifier in countries() and (found.field.model() is Country or (source and source.or_country)):
            named[identifier] = country_names(identifier)
    return named
