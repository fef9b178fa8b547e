"""Which ABS formats are labelled; what holds for all labels is in test_formats_field_labels."""

from __future__ import annotations

import pytest

from clearinghouse_formats.field_labels import field_labels
from clearinghouse_formats.languages import LANGUAGES


@pytest.mark.parametrize("format_name", ["absPermit", "absCheckpointCommunique"])
def test_the_formats_that_are_sent_as_letters_are_labelled(format_name: str) -> None:
    assert field_labels(format_name)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("format_name", ["absPermit", "absCheckpointCommunique"])
def test_a_label_is_not_left_in_english(format_name: str, language: str) -> None:
    for label in field_labels(format_name).values():
        assert label[language] != label["en"]


def test_the_fields_are_shown_in_the_order_of_their_labels() -> None:
    assert list(field_labels("absPermit"))[:3] == ["title", "government", "absCNA"]


def test_a_format_of_another_realm_has_none() -> None:
    assert field_labels("biosafetyLaw") == {}
