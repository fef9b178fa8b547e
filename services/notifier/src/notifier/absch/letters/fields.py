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

from clearinghouse_formats import LANGUAGES
from clearinghouse_formats.absch import FORMATS
from clearinghouse_formats.absch.labels import field_labels
from clearinghouse_formats.markers import Confidential, Private
from clearinghouse_formats.values import RecordReference
from clearinghouse_formats.walk import fields
from notifier.absch.letters.passages import line
from notifier.absch.letters.wording import Reader, Row, Value, plain

DEEPEST = 8
"""Objects and lists within one another that are laid out; what lies deeper is shown as JSON."""


@dataclass(frozen=True)
class _Declared:
    flags: Mapping[str, str]
    """The fields that may be declared confidential, each with its flag."""
    private: frozenset[str]
    references: frozenset[str]


def content_rows(content: Mapping[str, Any], format_name: str, reader: Reader) -> tuple[Row, ...]:
    """The content of a record, its header aside. A field whose flag says confidential shows that alone."""
    declared = _declared(format_name)
    labels = field_labels(format_name)
    confidential = {field for field, flag in declared.flags.items() if content.get(flag) is True}
    hidden = {"header", *declared.private, *declared.flags.values()}
    names = [name for name in labels if name in content or name in confidential]
    names += [name for name in content if name not in labels]
    rows = []
    for name in names:
        label = labels[name][reader.language] if name in labels else line(name)
        if name in confidential:
            rows.append(Row(label, (plain(reader.words.phrases.confidential),)))
        elif name not in hidden:
            values = _field(name, content[name], declared, reader)
            rows += [Row(label, values)] if values else []
    return tuple(rows)


def _declared(format_name: str) -> _Declared:
    model = next((one.model for one in FORMATS if one.name == format_name), None)
    found = fields(model) if model else ()
    return _Declared(
        {field.wire: marker.flag for field in found if (marker := field.marker(Confidential))},
        frozenset(field.wire for field in found if field.marker(Private)),
        frozenset(field.wire for field in found if field.model() is RecordReference),
    )


def _field(name: str, value: Any, declared: _Declared, reader: Reader) -> tuple[Value, ...]:
    code = reader.words.codes.get(name, {}).get(str(value))
    if code is not None:
        return (plain(code),)
    values = _values(value, reader, 0)
    if name in declared.references:
        return values
    # A term's identifier says nothing to a reader beside its name.
    return tuple(replace(value, code="") if value.text else value for value in values)


def _values(value: Any, reader: Reader, depth: int) -> tuple[Value, ...]:
    if depth > DEEPEST:
        return (plain(json.dumps(value, ensure_ascii=False, default=str)),)
    match value:
        case None | "":
            return ()
        case bool():
            phrases = reader.words.phrases
            return (plain(phrases.yes if value else phrases.no),)
        case str():
            return (_string(value, reader),)
        case list():
            return tuple(one for entry in value for one in _values(entry, reader, depth + 1))
        case dict():
            return _object(value, reader, depth)
        case _:
            return (Value(code=line(str(value))),)


def _string(value: str, reader: Reader) -> Value:
    try:
        return plain(reader.day(date.fromisoformat(value))) if len(value) == 10 else reader.said(value)
    except ValueError:
        return reader.said(value)


def _object(value: dict[str, Any], reader: Reader, depth: int) -> tuple[Value, ...]:
    if value and value.keys() <= set(LANGUAGES) and all(isinstance(text, str) for text in value.values()):
        text = reader.text(value)
        return (text,) if text else ()
    if isinstance(value.get("identifier"), str):
        return _named(value, reader, depth)
    if isinstance(value.get("url"), str):
        name = value.get("name")
        rest = {key: part for key, part in value.items() if key not in {"url", "name"}}
        shown = _values(name, reader, depth + 1) or (Value(),)
        address = replace(shown[0], url=line(value["url"]), rows=_parts(rest, reader, depth))
        return (address, *shown[1:])
    rows = _parts(value, reader, depth)
    return (Value(rows=rows),) if rows else ()


def _named(value: dict[str, Any], reader: Reader, depth: int) -> tuple[Value, ...]:
    """A term, a country or a reference; "other" terms say in words of their own what they are."""
    identifier = value["identifier"]
    name = reader.named(identifier) or Value()
    rest = {key: part for key, part in value.items() if key not in {"identifier", "customValue"}}
    newest = reader.current.get(identifier)
    notes = [name.note, reader.words.phrases.newer.format(identifier=line(newest)) if newest else ""]
    note = "; ".join(filter(None, notes))
    shown = replace(name, note=note, code=line(identifier), rows=_parts(rest, reader, depth))
    return (shown, *_values(value.get("customValue"), reader, depth + 1))


def _parts(value: Mapping[str, Any], reader: Reader, depth: int) -> tuple[Row, ...]:
    labels = reader.words.rows.model_dump()
    rows = []
    for key, part in value.items():
        if key == "language" and isinstance(part, str):
            values: tuple[Value, ...] = (plain(reader.language_name(part)),)
        else:
            values = _values(part, reader, depth + 1)
        if values:
            rows.append(Row(labels.get(key) or line(str(key)), values))
    return tuple(rows)
