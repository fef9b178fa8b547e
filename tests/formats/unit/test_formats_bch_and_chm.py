"""The checks of the formats that need nothing of the ABS part."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from clearinghouse_formats import (
    Catalogue,
    check_draft,
    check_publication,
    json_schema,
    labels,
    references,
    split,
)
from tests.registry.support import records

LAW = records.law("law-of-mexico-1")
RESOURCE = records.resource("guide-to-the-library")


@pytest.mark.parametrize("document", [LAW, RESOURCE])
def test_a_record_with_everything_it_must_have_may_be_published(
    catalogue: Catalogue, document: records.Document
) -> None:
    declared = catalogue.format(document["header"]["schema"])
    assert check_publication(declared, document, revision=1) == []
    assert check_publication(declared, document, revision=2) == []


@pytest.mark.parametrize("document", [LAW, RESOURCE])
def test_of_an_empty_record_every_mandatory_field_is_named_and_the_schema_refuses_it_too(
    catalogue: Catalogue, document: records.Document
) -> None:
    declared = catalogue.format(document["header"]["schema"])
    empty = {"header": document["header"]}
    faults = check_publication(declared, empty, revision=1)
    assert {fault.code for fault in faults} == {"mandatory"}
    assert {fault.path for fault in faults} == {f"/{name}" for name in document} - {"/header"}
    assert check_draft(declared, empty) == []
    schema = Draft202012Validator(json_schema(declared))
    assert schema.is_valid(document)
    assert not schema.is_valid(empty)


def test_terms_languages_and_unknown_fields_are_checked_in_a_draft(catalogue: Catalogue) -> None:
    bad = {**LAW, "type": {"identifier": "nothing"}, "title": {"fr": "Loi"}, "colour": "green"}
    found = {(fault.path, fault.code) for fault in check_draft(catalogue.format("biosafetyLaw"), bad)}
    assert found == {
        ("/type/identifier", "unexpected-term"),
        ("/title/fr", "unspecified-locale"),
        ("/colour", "unknown-field"),
    }


def test_references_notes_and_names_follow_from_the_declaration(catalogue: Catalogue) -> None:
    declared = catalogue.format("biosafetyLaw")
    found = references(declared, LAW)
    assert [(one.identifier, one.targets) for one in found] == [("authority-mx-1", ("authority",))]
    public, private = split(declared, {**LAW, "notes": "for us"})
    assert (public, private) == (LAW, {"notes": "for us"})
    assert labels(declared, LAW)["mx"]["es"] == "México"
