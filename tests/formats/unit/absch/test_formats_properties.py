"""What holds of any document, however it was spoilt."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from clearinghouse_demo.samples import records
from clearinghouse_formats import (
    Catalogue,
    check_draft,
    check_publication,
    confidential_flags,
    json_schema,
    labels,
    load,
    references,
    split,
)
from clearinghouse_formats.walk import fields

CANARY = "Sèkret-4711"
"""Looks like no field's name, so that it may not be shown where it stands as one either."""


@cache
def _catalogue() -> Catalogue:
    return load()


@cache
def _stock() -> tuple[dict[str, Any], ...]:
    return tuple(sample.document for sample in records(2016))


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json_schema(_catalogue().format(name)))


canaries = st.one_of(
    st.just(CANARY),
    st.text(max_size=5).map(lambda text: f"{text}{CANARY}{text}"),
    st.just(f"<script>{CANARY}</script>"),
    st.just(f"https://{CANARY}.example/ x"),
    st.just(f"2020-01-01{CANARY}"),
)
junk = st.recursive(
    st.one_of(canaries, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(canaries, st.sampled_from(["en", "es", "identifier", "url", "answer", "customValue"])),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from _places(part, (*path, key))


def _put(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A format and a document of it with junk in some places."""
    document = copy.deepcopy(draw(st.sampled_from(_stock())))
    name = document["header"]["schema"]
    for _ in range(draw(st.integers(1, 4))):
        wire = [field.wire for field in fields(_catalogue().format(name).model)]
        places = [*_places(document), *((field,) for field in wire), (draw(canaries),)]
        _put(document, draw(st.sampled_from(places)), draw(junk))
    return name, document


@settings(max_examples=300, deadline=None)
@given(spoilt(), st.integers(1, 3))
def test_no_fault_ever_holds_what_was_refused(case: tuple[str, dict[str, Any]], revision: int) -> None:
    name, document = case
    declared = _catalogue().format(name)
    for fault in [
        *check_draft(declared, document),
        *check_publication(declared, document, revision=revision),
    ]:
        assert CANARY not in f"{fault.path} {fault.expected} {fault!r}"
        assert len(fault.path) < 400


@settings(max_examples=200, deadline=None)
@given(spoilt())
def test_reading_a_spoilt_document_never_fails(case: tuple[str, dict[str, Any]]) -> None:
    name, document = case
    declared = _catalogue().format(name)
    public, private = split(declared, document)
    assert not set(private) & set(public)
    assert not confidential_flags(declared, document) & set(public)
    assert all(reference.path.startswith("/") for reference in references(declared, document))
    assert CANARY not in "".join(labels(declared, document))
    assert all(isinstance(text, str) for text in declared.title(document).values())


@settings(max_examples=200, deadline=None)
@given(spoilt())
def test_what_is_no_draft_is_no_publication_either(case: tuple[str, dict[str, Any]]) -> None:
    name, document = case
    declared = _catalogue().format(name)
    assert set(check_draft(declared, document)) <= set(check_publication(declared, document, revision=1))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_schema_and_validator_agree_on_what_is_missing(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(_stock())))
    name = document["header"]["schema"]
    for field in data.draw(st.lists(st.sampled_from(sorted(document)), unique=True, max_size=4)):
        change = data.draw(st.sampled_from(["absent", "null", "empty"]))
        if change == "absent":
            del document[field]
        else:
            document[field] = None if change == "null" or not isinstance(document[field], list) else []
    found = check_publication(_catalogue().format(name), document, revision=1)
    # Which names a contact needs depends on what it is; that rule is the validator's alone.
    of_contact = {"/firstName", "/lastName", "/organization"} if name == "contact" else set()
    assert _validator(name).is_valid(document) == (not {fault.path for fault in found} - of_contact)
