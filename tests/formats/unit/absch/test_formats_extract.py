from collections.abc import Callable
from typing import Any

import pytest

from clearinghouse_formats import Catalogue, Reference, confidential_flags, labels, references, split
from clearinghouse_formats.core.vocabularies import biosafety, competence, general, library, subjects
from clearinghouse_formats.languages import LANGUAGES
from clearinghouse_formats.vocabulary import Vocabulary

Example = Callable[..., dict[str, Any]]
PERMIT = "sample-mx-permit-2"


def test_references_say_where_they_stand_what_they_pin_and_where_they_may_lead(
    example: Example, catalogue: Catalogue
) -> None:
    document = example(
        PERMIT, relatedIRCCs=[{"identifier": "ABSCH-IRCC-MX-208344-1"}, {"identifier": "other@12"}]
    )
    found = references(catalogue.format("absPermit"), document)
    assert found == [
        Reference("/absCNA", "sample-mx-authority", None, ("authority",)),
        Reference("/providers/0", "sample-mx-provider", None, ("contact", "authority")),
        Reference("/entitiesToWhomPICGranted/0", "sample-de-grantee", None, ("contact", "organization")),
        Reference("/relatedIRCCs/0", "ABSCH-IRCC-MX-208344-1", None, ("absPermit",)),
        Reference("/relatedIRCCs/1", "other", 12, ("absPermit",)),
    ]


def test_references_inside_objects_are_found(example: Example, catalogue: Catalogue) -> None:
    document = example("sample-resource-risk", biosafety={"organisms": [{"identifier": "an-organism"}]})
    assert references(catalogue.format("resource"), document) == [
        Reference("/biosafety/organisms/0", "an-organism", None, ())
    ]


@pytest.mark.parametrize(
    "providers", [None, 5, "text", [None, 3, {}, {"identifier": 4}], {"identifier": "x"}]
)
def test_malformed_references_are_passed_over(
    example: Example, catalogue: Catalogue, providers: object
) -> None:
    document = {**example(PERMIT), "providers": providers}
    found = references(catalogue.format("absPermit"), document)
    assert not any(one.path.startswith("/providers") for one in found)


def test_notes_are_private_in_every_format(catalogue: Catalogue) -> None:
    for declared in catalogue.formats.values():
        document = {"header": {}, "notes": "only for us", "relevantInformation": {"en": "for all"}}
        assert split(declared, document) == (
            {"header": {}, "relevantInformation": {"en": "for all"}},
            {"notes": "only for us"},
        )


def test_what_is_declared_confidential_or_not_declared_at_all_is_in_neither_part(
    example: Example, catalogue: Catalogue
) -> None:
    document = example(PERMIT, providersConfidential=True, surprise="a secret")
    public, private = split(catalogue.format("absPermit"), document)
    assert confidential_flags(catalogue.format("absPermit"), document) == {"providers"}
    assert private == {}
    assert "providers" not in public
    assert "surprise" not in public
    assert public["providersConfidential"] is True


def test_both_parts_together_are_the_whole_document(stock: dict[str, Any], catalogue: Catalogue) -> None:
    for document in stock.values():
        public, private = split(catalogue.format(document["header"]["schema"]), {**document, "notes": "ours"})
        assert {**public, **private} == {**document, "notes": "ours"}
        assert private == {"notes": "ours"}


def test_labels_name_terms_and_countries_in_six_languages(example: Example, catalogue: Catalogue) -> None:
    named = labels(catalogue.format("absPermit"), example(PERMIT, usages=[
        {"identifier": "60EA2F49-A9DD-406F-921A-8A1C9AA8DFDD"}, {"identifier": "unknown"}, 5,
    ]))  # fmt: skip
    assert named["mx"]["ru"] == "Мексика"
    assert named["60EA2F49-A9DD-406F-921A-8A1C9AA8DFDD"]["es"] == "No comercial"
    assert "unknown" not in named
    assert all(set(names) == set(LANGUAGES) for names in named.values())


def test_labels_name_regions_and_countries_of_one_field(example: Example, catalogue: Catalogue) -> None:
    named = labels(catalogue.format("resource"), example("sample-resource-argan"))
    assert named["ma"]["fr"] == "Maroc"
    assert named["region-africa"]["zh"] == "非洲"


def test_labels_name_the_categories_of_a_focal_point(example: Example, catalogue: Catalogue) -> None:
    assert "ABS-FP" in labels(catalogue.format("focalPoint"), example("sample-mx-focal-point"))


@pytest.mark.parametrize(
    ("uid", "language", "title"),
    [
        ("sample-mx-focal-point", "es", "Lucía Hernández"),
        ("sample-provider-contact", "en", "Eulalia Martínez"),
        ("sample-mx-provider", "es", "Ejido La Huasteca (muestra)"),
        ("sample-cn-authority", "zh", "遗传资源管理司（示例）"),
        ("sample-biosafety-law", "en", "Law on the biosafety of modified organisms (sample)"),
    ],
)
def test_records_have_titles_by_language(
    stock: dict[str, Any], catalogue: Catalogue, uid: str, language: str, title: str
) -> None:
    document = stock[uid]
    assert catalogue.format(document["header"]["schema"]).title(document)[language] == title


def test_a_contact_known_by_reference_alone_is_called_by_its_own_identifier(
    example: Example, catalogue: Catalogue
) -> None:
    document = example("sample-provider-contact", firstName=None, lastName=None, organization=None)
    assert set(catalogue.format("contact").title(document).values()) == {"sample-provider-contact"}


@pytest.mark.parametrize(
    "document", [{}, {"title": 5}, {"header": 4, "firstName": "A"}, {"header": {"languages": 3}}]
)
def test_titles_and_countries_of_unfinished_documents_are_empty(
    catalogue: Catalogue, document: dict[str, Any]
) -> None:
    for declared in catalogue.formats.values():
        assert declared.title(document) == {}
        assert declared.country(document) is None


def test_the_country_of_a_record(stock: dict[str, Any], catalogue: Catalogue) -> None:
    assert catalogue.format("absPermit").country(stock[PERMIT]) == "mx"
    assert catalogue.format("contact").country(stock["sample-de-inspector"]) == "de"
    assert catalogue.format("resource").country(stock["sample-resource-argan"]) is None


VOCABULARIES = [
    value
    for module in (biosafety, competence, general, library, subjects)
    for value in vars(module).values()
    if isinstance(value, Vocabulary)
]


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda one: one.identifier)
def test_terms_are_named_in_six_languages_and_stand_under_known_ones(vocabulary: Vocabulary) -> None:
    for term in vocabulary.terms:
        assert vocabulary.find(term.identifier) is term
        assert set(term.name) == set(LANGUAGES)
        assert all(name.strip() for name in term.name.values())
        assert term.broader is None or vocabulary.find(term.broader)


def test_a_certificate_may_cover_traditional_knowledge() -> None:
    assert subjects.KEYWORDS.find("keyword-traditional-knowledge")
