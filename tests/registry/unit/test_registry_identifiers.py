from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from registry.domain.identifiers import Name, identifier, is_free_to_use, of_revision, parse

numbers = st.integers(min_value=1, max_value=9_999_999)
revisions = st.integers(min_value=1, max_value=999)
codes = st.sampled_from(["IRCC", "CPC", "LAW", "VLR"])
countries = st.sampled_from(["mx", "de", "cn"])


@given(numbers, revisions, codes, countries, st.sampled_from([None, "DEV", "TRG"]), st.booleans())
def test_every_identifier_we_print_resolves_to_its_record_and_revision_in_any_letter_case(
    number: int, revision: int, code: str, country: str, mark: str | None, lower: bool
) -> None:
    stem = identifier("ABSCH", mark, code, country, number)
    printed = of_revision(stem, revision)
    name = parse(printed.lower() if lower else printed)
    assert name is not None
    assert (name.number, name.stem, name.revision) == (number, stem, revision)


def test_the_documents_example_is_spelled_as_outside_tools_check_it() -> None:
    assert of_revision(identifier("ABSCH", None, "IRCC", "mx", 208344), 1) == "ABSCH-IRCC-MX-208344-1"
    assert identifier("ABSCH", "DEV", "IRCC", "mx", 104) == "ABSCH-DEV-IRCC-MX-104"
    assert identifier("CHM", None, "VLR", None, 7) == "CHM-VLR-SCBD-7"


@given(numbers, revisions)
def test_a_bare_number_and_a_number_with_revision_resolve(number: int, revision: int) -> None:
    bare, pinned = parse(str(number)), parse(f"{number}@{revision}")
    assert bare == Name(number, None, None, None)
    assert pinned == Name(number, None, None, revision)


@given(st.text(alphabet=string.ascii_letters + string.digits + "_-", min_size=11, max_size=128))
def test_a_callers_identifier_that_is_free_never_names_a_number_alone(uid: str) -> None:
    if is_free_to_use(uid, ["ABSCH", "BCH", "CHM"]):
        name = parse(uid)
        assert name is not None
        assert name.uid == uid


def test_nobody_can_take_the_name_of_an_identifier_of_ours() -> None:
    for uid in ("ABSCH-IRCC-MX-104-1", "absch-anything-else", "12345678901", "short", "with space in"):
        assert not is_free_to_use(uid, ["ABSCH", "BCH", "CHM"])


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused_without_an_error(text: str) -> None:
    name = parse(text)
    assert name is None or name.number is not None or name.uid is not None
