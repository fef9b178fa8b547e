from collections.abc import Callable
from typing import Any

import pytest

from clearinghouse_formats import Catalogue, check_draft

Example = Callable[..., dict[str, Any]]
PERMIT, MEASURE = "sample-mx-permit-1", "sample-mx-measure"


@pytest.fixture
def faults(catalogue: Catalogue) -> Callable[[dict[str, Any]], set[tuple[str, str]]]:
    def check(document: dict[str, Any]) -> set[tuple[str, str]]:
        declared = catalogue.format(document["header"]["schema"])
        return {(fault.path, fault.code) for fault in check_draft(declared, document)}

    return check


Faults = Callable[[dict[str, Any]], set[tuple[str, str]]]


def test_a_draft_may_hold_nothing_but_its_header(catalogue: Catalogue, faults: Faults) -> None:
    for name in catalogue.formats:
        assert (
            faults({"header": {"identifier": "a-draft-of-ours", "schema": name, "languages": ["en"]}})
            == set()
        )


def test_null_counts_as_absent(example: Example, faults: Faults) -> None:
    document = example(PERMIT)
    document["dateOfExpiry"] = document["keywords"] = document["notes"] = None
    assert faults(document) == set()


@pytest.mark.parametrize("document", [None, [], "text", 5, True])
def test_what_is_no_object_is_one_fault(catalogue: Catalogue, document: object) -> None:
    [fault] = check_draft(catalogue.format("absPermit"), document)
    assert (fault.path, fault.code, fault.expected) == ("", "invalid-type", "an object")


def test_every_fault_is_reported_at_once(catalogue: Catalogue) -> None:
    document = {
        "header": {"identifier": "short", "schema": "measure", "languages": ["es", "de"]},
        "government": {"identifier": "MX"},
        "absCNA": {"identifier": "two words"},
        "title": {"en": "in a language not stated", "pt": "in none of the six"},
        "dateOfIssuance": "2020-02-30",
        "dateOfExpiry": 2020,
        "providers": {"identifier": "not-in-a-list"},
        "subjectMatter": {"es": "<script>alert(1)</script>"},
        "subjectMatterConfidential": True,
        "entitiesToWhomPICGranted": [{"identifier": "an-entity-of-ours"}],
        "entitiesToWhomPICGrantedConfidential": True,
        "keywords": [{"identifier": "no-such-keyword"}, {"identifier": 4}, {}],
        "picGranted": "true",
        "permitFiles": [{"url": "javascript:alert(1)"}, {"name": "without an address"}],
        "gisMapCenter": {"lat": 91, "lng": "far", "zoom": 1.5},
        "amendmentIntent": 2,
        "titleConfidential": True,
        "picInformation": {"es": "with a control character \x07"},
        "notes": "a lone surrogate \ud800",
    }
    found = {(fault.path, fault.code) for fault in check_draft(catalogue.format("absPermit"), document)}
    assert found == {
        ("/header/identifier", "invalid-value"),
        ("/header/schema", "invalid-value"),
        ("/header/languages/1", "invalid-value"),
        ("/government/identifier", "unexpected-term"),
        ("/absCNA/identifier", "invalid-value"),
        ("/title/en", "unspecified-locale"),
        ("/title/pt", "unspecified-locale"),
        ("/dateOfIssuance", "invalid-value"),
        ("/dateOfExpiry", "invalid-type"),
        ("/providers", "invalid-type"),
        ("/subjectMatter", "confidential-value"),
        ("/entitiesToWhomPICGranted", "confidential-value"),
        ("/keywords/0/identifier", "unexpected-term"),
        ("/keywords/1/identifier", "invalid-type"),
        ("/keywords/2/identifier", "mandatory"),
        ("/picGranted", "invalid-type"),
        ("/permitFiles/0/url", "invalid-value"),
        ("/permitFiles/1/url", "mandatory"),
        ("/gisMapCenter/lat", "invalid-value"),
        ("/gisMapCenter/lng", "invalid-type"),
        ("/gisMapCenter/zoom", "invalid-type"),
        ("/amendmentIntent", "invalid-value"),
        ("/titleConfidential", "unknown-field"),
        ("/picInformation/es", "unreadable"),
        ("/notes", "unreadable"),
    }


@pytest.mark.parametrize("header", [None, {}, [], {"identifier": "long-enough-it-is", "schema": "absPermit"}])
def test_a_draft_without_a_whole_header_is_refused(catalogue: Catalogue, header: object) -> None:
    found = check_draft(catalogue.format("absPermit"), {"header": header, "title": {"en": "A permit"}})
    assert found
    assert all(fault.path.startswith("/header") for fault in found)


@pytest.mark.parametrize("field", ["providers", "entitiesToWhomPICGranted", "subjectMatter", "usages"])
def test_a_value_beside_its_flag_is_refused_and_nothing_of_it_is_shown(
    example: Example, faults: Faults, field: str
) -> None:
    document = example(PERMIT, **{f"{field}Confidential": True})
    assert faults(document) == {(f"/{field}", "confidential-value")}
    document[field] = {"Acme": {"Corporation": 1}}
    assert faults(document) == {(f"/{field}", "confidential-value")}


@pytest.mark.parametrize("empty", [None, [], {}, ""])
def test_an_empty_value_beside_a_flag_holds_nothing(example: Example, faults: Faults, empty: object) -> None:
    document = example(PERMIT, providersConfidential=True)
    document["providers"] = empty
    assert ("/providers", "confidential-value") not in faults(document)


def test_a_flag_that_is_false_hides_nothing(example: Example, faults: Faults) -> None:
    assert faults(example(PERMIT, providersConfidential=False)) == set()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("plain-name_1.x", "/plain-name_1.x"),
        ("with a space", "/?"),
        ("x" * 65, "/?"),
        ("a/b", "/?"),
        ("", "/?"),
    ],
)
def test_a_field_of_the_callers_own_is_named_only_if_it_looks_like_a_name(
    example: Example, faults: Faults, name: str, path: str
) -> None:
    assert faults(example(PERMIT, **{name: 1})) == {(path, "unknown-field")}


def test_a_text_in_a_language_that_the_header_does_not_state_is_refused(
    example: Example, faults: Faults
) -> None:
    document = example(PERMIT)
    document["header"]["languages"] = ["es"]
    assert ("/title/en", "unspecified-locale") in faults(document)
    assert not any(path.endswith("/es") for path, _ in faults(document))


def test_responsibilities_have_three_hundred_characters_without_their_markup(
    example: Example, faults: Faults
) -> None:
    fits = example("sample-mx-authority", responsibilities={"es": f"<p>{'á' * 299}&amp;</p>"})
    assert faults(fits) == set()
    too_long = example("sample-mx-authority", responsibilities={"es": "á" * 301, "en": "a" * 300})
    assert faults(too_long) == {("/responsibilities/es", "too-long")}


def test_a_summary_has_three_hundred_words(example: Example, faults: Faults) -> None:
    words = "<p>word</p>" * 300
    assert faults(example("sample-resource-forest", summary={"en": words})) == set()
    found = faults(example("sample-resource-forest", summary={"en": words + "more", "ru": "слово"}))
    assert found == {("/summary/en", "too-long")}


def test_of_a_chinese_summary_the_characters_count(example: Example, faults: Faults) -> None:
    document = example("sample-resource-risk", summary={"zh": "字" * 301})
    assert faults(document) == {("/summary/zh", "too-long")}


@pytest.mark.parametrize(
    "address",
    ["", "office", "office@", "office@host", "two words@mx.example", "a@mx.example\nBcc: b@mx.example", 5],
)
def test_an_address_to_which_no_letter_can_go_is_refused(
    example: Example, faults: Faults, address: object
) -> None:
    found = faults(example("sample-mx-authority", emails=["office+abs@mx.example", address]))
    assert {path for path, _ in found} == {"/emails/1"}


@pytest.mark.parametrize(
    "url", ["", "example.org", "javascript:x", "//example.org", "https://a b", "https://\ud800"]
)
def test_an_address_that_is_no_link_is_refused(example: Example, faults: Faults, url: str) -> None:
    links = [{"url": "https://example.org/x?y=1"}, {"url": "/attachments/permit.pdf"}, {"url": url}]
    assert {path for path, _ in faults(example(PERMIT, permitFiles=links))} == {"/permitFiles/2/url"}


def test_only_other_takes_a_text_of_its_own(example: Example, faults: Faults) -> None:
    other = {"identifier": "5B6177DD-5E5E-434E-8CB7-D63D67D5EBED", "customValue": {"es": "Agavina"}}
    assert faults(example(PERMIT, keywords=[other])) == set()
    found = faults(example(PERMIT, keywords=[{**other, "identifier": "keyword-plants"}]))
    assert found == {("/keywords/0/customValue", "invalid-value")}


def test_a_publication_date_may_be_a_year_a_month_or_words_by_language(
    example: Example, faults: Faults
) -> None:
    for date in ("2016", "2016-05", "2016-05-31", {"en": "Spring 2016"}):
        assert faults(example("sample-resource-forest", publicationDate=date)) == set()
    for date in ("2016-13", "16", "May 2016", "2016-02-30"):
        assert faults(example("sample-resource-forest", publicationDate=date)) == {
            ("/publicationDate", "invalid-value")
        }
    assert faults(example("sample-resource-forest", publicationDate=2016)) == {
        ("/publicationDate", "invalid-type")
    }


def test_regions_and_countries_stand_together(example: Example, faults: Faults) -> None:
    document = example("sample-resource-forest", countryRegions=[{"identifier": "mx"}, {"identifier": "zz"}])
    assert faults(document) == {("/countryRegions/1/identifier", "unexpected-term")}


def test_misspelt_names_stay_on_the_wire(example: Example, faults: Faults) -> None:
    assert faults(example(MEASURE, absMesasureNotApplicable=True)) == set()
    assert faults(example(MEASURE, absMeasuresNotApplicable=True)) == {
        ("/absMeasuresNotApplicable", "unknown-field")
    }


def test_names_of_our_code_are_no_names_of_the_wire(example: Example, faults: Faults) -> None:
    assert faults(example(PERMIT, pic_granted=True)) == {("/pic_granted", "unknown-field")}


def test_a_list_has_at_most_a_thousand_entries(example: Example, faults: Faults) -> None:
    links = [{"url": "https://example.org/"}] * 1001
    assert faults(example(PERMIT, permitFiles=links)) == {("/permitFiles", "too-long")}


def test_deep_and_huge_documents_are_refused_like_any_other(example: Example, faults: Faults) -> None:
    deep: Any = "end"
    for _ in range(200_000):
        deep = [deep]
    entangled: Any = {}
    for _ in range(200_000):
        entangled = {"en": entangled}
    document = example(PERMIT, title=entangled, providers=deep, gisMapCenter=entangled, unknown=deep)
    found = faults(document)
    assert {
        ("/title/en", "invalid-type"),
        ("/providers/0", "invalid-type"),
        ("/unknown", "unknown-field"),
    } <= found
    many = faults(example(PERMIT, **{f"field{number}": number for number in range(5000)}))
    assert len(many) == 1000
