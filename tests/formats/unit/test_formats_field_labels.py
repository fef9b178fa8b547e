"""Field labels of every realm that is here, and the rule by which they are found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clearinghouse_formats import LANGUAGES, Catalogue
from clearinghouse_formats.field_labels import field_labels, read_labels
from clearinghouse_formats.markers import Private
from clearinghouse_formats.walk import fields

TITLE = {"title": dict.fromkeys(LANGUAGES, "Title")}


def _package(folder: Path, labels: object) -> Path:
    folder.mkdir()
    (folder / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    return folder


def test_a_labelled_format_has_labels_for_every_public_field_and_no_other(catalogue: Catalogue) -> None:
    for declared in catalogue.formats.values():
        labels = field_labels(declared.name)
        public = {field.wire for field in fields(declared.model) if not field.marker(Private)} - {"header"}
        assert not labels or set(labels) == public, declared.name


def test_every_label_is_in_six_languages_and_no_language_gives_two_fields_one_name(
    catalogue: Catalogue,
) -> None:
    for name in catalogue.formats:
        labels = field_labels(name)
        assert all(set(label) == set(LANGUAGES) and all(label.values()) for label in labels.values())
        for language in LANGUAGES:
            names = [label[language] for label in labels.values()]
            assert len(set(names)) == len(names)


def test_a_format_without_labels_has_none() -> None:
    assert field_labels("unheard-of") == {}


def test_labels_are_taken_from_whichever_package_has_the_format(tmp_path: Path) -> None:
    core = _package(tmp_path / "core", {"resource": TITLE})
    realm = _package(tmp_path / "fourth", {"notice": TITLE})
    without = tmp_path / "fifth"
    without.mkdir()
    assert read_labels([core, realm, without]) == {"resource": TITLE, "notice": TITLE}


def test_two_packages_cannot_label_one_format(tmp_path: Path) -> None:
    packages = [_package(tmp_path / name, {"resource": TITLE}) for name in ("core", "fourth")]
    with pytest.raises(ValueError, match="labelled twice: resource"):
        read_labels(packages)
