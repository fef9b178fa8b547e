from __future__ import annotations

import pytest

from clearinghouse_formats.absch import FORMATS
from clearinghouse_formats.absch.labels import field_labels
from clearinghouse_formats.declare import Format
from clearinghouse_formats.languages import LANGUAGES
from clearinghouse_formats.markers import Private
from clearinghouse_formats.walk import fields

LABELLED = [one for one in FORMATS if one.name in {"absPermit", "absCheckpointCommunique"}]


@pytest.mark.parametrize("declared", LABELLED, ids=lambda one: one.name)
def test_every_public_field_and_no_other_has_a_label(declared: Format) -> None:
    public = {field.wire for field in fields(declared.model) if not field.marker(Private)} - {"header"}
    assert set(field_labels(declared.name)) == public


@pytest.mark.parametrize("declared", LABELLED, ids=lambda one: one.name)
def test_every_label_is_in_six_languages_and_no_language_gives_two_fields_one_name(declared: Format) -> None:
    labels = field_labels(declared.name)
    assert all(set(label) == set(LANGUAGES) and all(label.values()) for label in labels.values())
    for language in LANGUAGES:
        names = [label[language] for label in labels.values()]
        assert len(set(names)) == len(names)


def test_a_format_without_labels_has_none() -> None:
    assert field_labels("biosafetyLaw") == {}
