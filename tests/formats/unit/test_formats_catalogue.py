import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import clearinghouse_formats
from clearinghouse_formats import Catalogue, load
from clearinghouse_formats.catalogue import assemble
from clearinghouse_formats.declare import Format, Realm, titled
from clearinghouse_formats.record import RecordModel

SOURCES = Path(clearinghouse_formats.__file__).parent
SHORT_CODES = {
    "bch": {"NFP", "CNA", "LAW", "NDB", "VLR", "ORG", "CON"},
    "chm": {"CON", "VLR", "ORG", "NFP"},
}


def _package(name: str, *formats: Format, realm: Realm | None = None) -> ModuleType:
    package = ModuleType(name)
    package.__dict__.update({"FORMATS": formats, "REALM": realm} if realm else {"FORMATS": formats})
    return package


def _format(name: str) -> Format:
    return Format(name=name, model=RecordModel, kind="national", title_of=titled("title"))


def _realm(short_codes: dict[str, str]) -> Realm:
    return Realm(
        slug="one", prefix="ONE", name={}, instrument={}, mail_identity="one",
        focal_points=frozenset(), short_codes=short_codes,
    )  # fmt: skip


@pytest.mark.parametrize(("slug", "codes"), SHORT_CODES.items())
def test_each_realm_has_its_short_codes(catalogue: Catalogue, slug: str, codes: set[str]) -> None:
    assert set(catalogue.realm(slug).short_codes.values()) == codes


def test_a_common_format_is_declared_in_every_realm_that_has_a_code_for_it(catalogue: Catalogue) -> None:
    assert catalogue.short_code("bch", "resource") == catalogue.short_code("chm", "resource") == "VLR"
    assert [slug for slug in catalogue.realms if catalogue.short_code(slug, "biosafetyLaw")] == ["bch"]
    assert catalogue.short_code("chm", "database") is None


def test_an_unknown_realm_or_format_is_a_key_error_that_says_what_there_is(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError, match="bch, chm"):
        catalogue.realm("bhc")
    with pytest.raises(KeyError, match="biosafetyLaw"):
        catalogue.format("law")


def test_a_second_registration_of_one_format_raises() -> None:
    with pytest.raises(ValueError, match="thing is registered twice"):
        assemble([_package("a", _format("thing")), _package("b", _format("thing"))])


def test_a_second_registration_of_one_realm_raises() -> None:
    with pytest.raises(ValueError, match="one is registered twice"):
        assemble([_package("a", realm=_realm({})), _package("b", realm=_realm({}))])


def test_a_realm_cannot_declare_a_format_that_nobody_registered() -> None:
    with pytest.raises(ValueError, match="thing"):
        assemble([_package("a", realm=_realm({"thing": "TH"}))])


def test_a_realm_cannot_give_one_short_code_to_two_formats() -> None:
    formats = (_format("thing"), _format("other"))
    with pytest.raises(ValueError, match="two formats"):
        assemble([_package("a", *formats, realm=_realm({"thing": "TH", "other": "TH"}))])


def test_other_realms_load_without_the_abs_part() -> None:
    without = load(("bch", "chm"))
    assert set(without.realms) == {"bch", "chm"}
    assert "absPermit" not in without.formats
    assert {"authority", "biosafetyLaw", "resource"} <= set(without.formats)


def test_the_abs_folder_can_be_deleted(tmp_path: Path) -> None:
    copied = tmp_path / "clearinghouse_formats"
    shutil.copytree(SOURCES, copied, ignore=shutil.ignore_patterns("absch", "__pycache__"))
    (copied / "absch" / "__pycache__").mkdir(parents=True)
    program = "import clearinghouse_formats as f; print(f.__file__, *f.load().realms)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.split() == [str(copied / "__init__.py"), "bch", "chm"]


def test_no_other_part_mentions_the_abs_part() -> None:
    mentions = [
        path
        for part in ("core", "bch", "chm")
        for path in (SOURCES / part).rglob("*.py")
        if re.search(r"absch", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert mentions == []


def test_who_enters_and_how_a_record_ends_are_declared(catalogue: Catalogue) -> None:
    by = {name: one.submitted_by for name, one in catalogue.formats.items()}
    assert by["focalPoint"] == "secretariat"
    assert by["resource"] == by["organization"] == "anyone"
    assert by["biosafetyLaw"] == by["contact"] == "country"
    assert catalogue.format("biosafetyLaw").ends == "deleted"
