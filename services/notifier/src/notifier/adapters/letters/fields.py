"""The public content of a record as labelled rows, in full and in the order of the labels.

What a value is follows from its shape in the exchange form, so that a field nobody declared is shown too;
what is confidential, private or a reference follows from the declaration of the format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from clearinghouse_formats import LANGUAGES, Format
from clearinghouse_formats.field_labels import Labels
from clearinghouse_formats.markers import Confidential, Private
from clearinghouse_formats.values import RecordReference
from clearinghouse_formats.walk import fields
from notifier.adapters.letters.localizer import CellValue, LabelledRow, Localizer, plain
from notifier.adapters.letters.rich_text import line

MAX_DEPTH = 8
"""Objects and lists within one another that are laid out; what lies deeper is shown as JSON."""


@dataclass(frozen=True)
class _Marks:
    flags: Mapping[str, str]
    """The fields that may be declared confidential, each with its flag."""
    private: frozenset[str]
    references: frozenset[str]


def content_rows(
    content: Mapping[str, Any], declared: Format | None, labels: Labels, localizer: Localizer
) -> tuple[LabelledRow, ...]:
    """The content of a record, its header aside. A field whose flag says confidential shows that alone.

    A field without a label shows its name, after those that have one.
    """
    marks = _marks(declared)
    confidential = [field for field, flag in marks.flags.items() if content.get(flag) is True]
    hidden = {"header", *marks.private, *marks.flags.values()}
    there = dict.fromkeys([*content, *confidential])
    names = [name for name in labels if name in there] + [name for name in there if name not in labels]
    rows = []
    for name in names:
        label = labels[name][localizer.language] if name in labels else line(name)
        if name in confidential:
            rows.append(LabelledRow(label, (plain(localizer.words.phrases.confidential),)))
        elif name not in hidden:
            values = _field(name, content[name], marks, localizer)
            rows += [LabelledRow(label, values)] if values else []
    return tuple(rows)


def _marks(declared: Format | None) -> _Marks:
    found = fields(declared.model) if declared else ()
    return _Marks(
        {field.wire: marker.flag for field in found if (marker := field.marker(Confidential))},
        frozenset(field.wire for field in found if field.marker(Private)),
        frozenset(field.wire for field in found if field.model() is RecordReference),
    )


def _field(name: str, value: Any, marks: _Marks, localizer: Localizer) -> tuple[CellValue, ...]:
    code = localizer.words.codes.get(name, {}).get(str(value))
    if code is not None:
        return (plain(code),)
    values = _values(value, localizer, 0)
    if name in marks.references:
        return values
    # A term's identifier says nothing to a reader beside its name.
    return tuple(replace(value, code="") if value.text else value for value in values)


def _values(value: Any, localizer: Localizer, depth: int) -> tuple[CellValue, ...]:
    if depth > MAX_DEPTH:
        return (plain(json.dumps(value, ensure_ascii=False, default=str)),)
    match value:
        case None | "":
            return ()
        case bool():
            phrases = localizer.words.phrases
            return (plain(phrases.yes if value else phrases.no),)
        case str():
            return (_string(value, localizer),)
        case list():
            return tuple(one for entry in value for one in _values(entry, localizer, depth + 1))
        case dict():
            return _object(value, localizer, depth)
        case _:
            return (CellValue(code=line(str(value))),)


def _string(value: str, localizer: Localizer) -> CellValue:
    try:
        return plain(localizer.day(date.fromisoformat(value))) if len(value) == 10 else localizer.said(value)
    except ValueError:
        return localizer.said(value)


def _object(value: dict[str, Any], localizer: Localizer, depth: int) -> tuple[CellValue, ...]:
    if value and value.keys() <= set(LANGUAGES) and all(isinstance(text, str) for text in value.values()):
        text = localizer.text(value)
        return (text,) if text else ()
    if isinstance(value.get("identifier"), str):
        return _named(value, localizer, depth)
    if isinstance(value.get("url"), str):
        name = value.get("name")
        rest = {key: part for key, part in value.items() if key not in {"url", "name"}}
        shown = _values(name, localizer, depth + 1) or (CellValue(),)
        address = replace(shown[0], url=line(value["url"]), rows=_parts(rest, localizer, depth))
        return (address, *shown[1:])
    rows = _parts(value, localizer, depth)
    return (CellValue(rows=rows),) if rows else ()


def _named(value: dict[str, Any], localizer: Localizer, depth: int) -> tuple[CellValue, ...]:
    """A term, a country or a reference; "other" terms say in words of their own what they are."""
    identifier = value["identifier"]
    name = localizer.named(identifier) or CellValue()
    rest = {key: part for key, part in value.items() if key not in {"identifier", "customValue"}}
    newest = localizer.current.get(identifier)
    notes = [name.note, localizer.words.phrases.newer.format(identifier=line(newest)) if newest else ""]
    note = "; ".join(filter(None, notes))
    shown = replace(name, note=note, code=line(identifier), rows=_parts(rest, localizer, depth))
    return (shown, *_values(value.get("customValue"), localizer, depth + 1))


def _parts(value: Mapping[str, Any], localizer: Localizer, depth: int) -> tuple[LabelledRow, ...]:
    labels = localizer.words.rows.model_dump()
    rows = []
    for key, part in value.items():
        if key == "language" and isinstance(part, str):
            values: tuple[CellValue, ...] = (plain(localizer.language_name(part)),)
        else:
            values = _values(part, localizer, depth + 1)
        if values:
            rows.append(LabelledRow(labels.get(key) or line(str(key)), values))
    return tuple(rows)
