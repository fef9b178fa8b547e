from collections.abc import Callable
from typing import Any

import pytest

from clearinghouse_formats import Catalogue, check_publication, is_revocation

Example = Callable[..., dict[str, Any]]
Faults = Callable[..., set[tuple[str, str]]]
PERMIT = "sample-mx-permit-1"
COMMUNIQUE, WITHOUT = "sample-de-communique-1", "sample-de-communique-2"

MANDATORY = {
    "sample-mx-focal-point": ("categories", "firstName", "lastName"),
    "sample-mx-authority": (
        "government", "name", "city", "country", "phones", "emails", "responsibleForAll", "responsibilities",
        "absJurisdiction",
    ),
    "sample-de-grantee": ("name", "city", "country", "phones", "emails", "organizationType"),
    "sample-provider-contact": ("country", "emails"),
    "sample-mx-database": ("government", "title", "description", "websites"),
    "sample-resource-forest": ("title", "resourceTypes", "publicationDate", "resourceLinks", "summary"),
    "sample-mx-measure": (
        "government", "title", "isAmendment", "status", "type", "jurisdiction", "documents", "authorities",
        "absMeasures",
    ),
    PERMIT: (
        "government", "absCNA", "title", "dateOfIssuance", "providers", "entitiesToWhomPICGranted",
        "subjectMatter", "usages", "picGranted", "matEstablished",
    ),
    "sample-de-checkpoint": ("government", "name", "jurisdiction", "informAllAuthorities"),
    "sample-de-checkpoint-patents": ("contactsToInform",),
    COMMUNIQUE: ("title", "government", "absCheckpoints", "absIRCCs", "description"),
    WITHOUT: ("sourceCountries", "subjectMatter"),
    "sample-biosafety-law": (
        "government", "title", "type", "isAmendment", "authorities", "cpbSubjectAreas", "cpbOrganismTypes",
        "expires",
    ),
}  # fmt: skip


@pytest.fixture
def faults(catalogue: Catalogue) -> Faults:
    def check(document: dict[str, Any], revision: int = 1) -> set[tuple[str, str]]:
        declared = catalogue.format(document["header"]["schema"])
        return {
            (fault.path, fault.code) for fault in check_publication(declared, document, revision=revision)
        }

    return check


@pytest.mark.parametrize(("uid", "fields"), MANDATORY.items())
@pytest.mark.parametrize("empty", ["absent", None, "", [], {}, {"en": "  "}])
def test_each_mandatory_field_is_demanded(
    example: Example, faults: Faults, uid: str, fields: tuple[str, ...], empty: Any
) -> None:
    document = example(uid)
    for field in fields:
        if empty == "absent":
            del document[field]
        else:
            document[field] = empty
    found = faults(document)
    missing = {f"/{field}" for field in fields}
    assert missing <= {path for path, _ in found}
    if empty in ("absent", None):
        # Without a country one more rule cannot hold; nothing else may be demanded.
        assert {path for path, code in found if code == "mandatory"} == missing


@pytest.mark.parametrize(
    ("uid", "field"),
    [
        ("sample-resource-forest", "organizations"),
        ("sample-resource-forest", "authors"),
        ("sample-resource-forest", "cbdSubjects"),
        ("sample-de-checkpoint", "responsibilities"),
        (PERMIT, "keywords"),
        (PERMIT, "amendmentIntent"),
        ("sample-mx-focal-point", "emails"),
    ],
)
def test_what_the_domain_does_not_demand_may_lack(
    example: Example, faults: Faults, uid: str, field: str
) -> None:
    assert faults(example(uid, **{field: None})) == set()


@pytest.mark.parametrize("field", ["picGranted", "matEstablished"])
def test_a_permit_without_pic_or_mat_is_not_published(example: Example, faults: Faults, field: str) -> None:
    assert faults(example(PERMIT, **{field: False})) == {(f"/{field}", "invalid-value")}


@pytest.mark.parametrize("field", ["providers", "entitiesToWhomPICGranted", "subjectMatter", "usages"])
def test_a_declaration_as_confidential_stands_for_the_value(
    example: Example, faults: Faults, field: str
) -> None:
    assert faults(example(PERMIT, **{field: None, f"{field}Confidential": True})) == set()
    assert faults(example(PERMIT, **{field: None, f"{field}Confidential": False})) == {
        (f"/{field}", "mandatory")
    }


def test_exactly_four_fields_may_be_declared_confidential(catalogue: Catalogue) -> None:
    declared = {name: set(one.confidential) for name, one in catalogue.formats.items() if one.confidential}
    assert declared == {"absPermit": {"providers", "entitiesToWhomPICGranted", "subjectMatter", "usages"}}


def test_a_permit_expires_after_its_issuance(example: Example, faults: Faults) -> None:
    found = faults(example(PERMIT, dateOfIssuance="2020-05-01", dateOfExpiry="2020-05-01"))
    assert found == {("/dateOfExpiry", "invalid-value")}
    assert faults(example(PERMIT, dateOfIssuance="2020-05-01", dateOfExpiry="2020-05-02")) == set()


def test_an_amended_permit_says_why(example: Example, faults: Faults) -> None:
    assert faults(example(PERMIT), revision=2) == {("/amendmentDescription", "mandatory")}
    assert faults(example(PERMIT, amendmentDescription={"es": " "}), revision=2) == {
        ("/amendmentDescription", "mandatory")
    }
    assert faults(example(PERMIT, amendmentDescription={"es": "Prórroga"}), revision=2) == set()


def test_other_records_may_say_why_they_were_amended(example: Example, faults: Faults) -> None:
    assert faults(example("sample-mx-measure"), revision=2) == set()
    reasoned = example("sample-mx-measure", amendmentDescription={"es": "Nueva fecha"})
    assert faults(reasoned, revision=2) == set()


def test_a_revocation_needs_its_header_its_country_and_its_reason_alone(
    example: Example, faults: Faults, catalogue: Catalogue
) -> None:
    header = example(PERMIT)["header"]
    bare = {"header": header, "amendmentIntent": 1}
    assert is_revocation(catalogue.format("absPermit"), bare)
    assert faults(bare, revision=2) == {("/government", "mandatory"), ("/amendmentDescription", "mandatory")}
    whole = {**bare, "government": {"identifier": "mx"}, "amendmentDescription": {"es": "Incumplimiento"}}
    assert faults(whole, revision=2) == set()


def test_what_was_never_published_cannot_be_revoked(example: Example, faults: Faults) -> None:
    revocation = example(PERMIT, amendmentIntent=1, amendmentDescription={"es": "Incumplimiento"})
    assert faults(revocation, revision=1) == {("/amendmentIntent", "invalid-value")}


def test_a_confidential_value_is_refused_in_a_revocation_too(example: Example, faults: Faults) -> None:
    revocation = example(
        PERMIT, amendmentIntent=1, amendmentDescription={"es": "Incumplimiento"}, usagesConfidential=True
    )
    assert faults(revocation, revision=2) == {("/usages", "confidential-value")}


@pytest.mark.parametrize("intent", [0, True, "1", None])
def test_only_the_number_one_asks_for_revocation(catalogue: Catalogue, intent: object) -> None:
    assert not is_revocation(catalogue.format("absPermit"), {"amendmentIntent": intent})
    assert not is_revocation(catalogue.format("measure"), {"amendmentIntent": 1})


def test_a_communique_names_certificates_or_says_that_there_are_none(
    example: Example, faults: Faults
) -> None:
    assert faults(example(COMMUNIQUE, absIRCCs=None, absIRCCsNotAvailable=True)) == {
        ("/sourceCountries", "mandatory"),
        ("/subjectMatter", "mandatory"),
    }
    assert faults(example(COMMUNIQUE, absIRCCs=None, absIRCCsNotAvailable=False)) == {
        ("/absIRCCs", "mandatory")
    }
    both = example(WITHOUT, absIRCCs=[{"identifier": PERMIT}])
    assert faults(both) == {("/absIRCCsNotAvailable", "invalid-value")}


def test_a_collection_does_not_end_before_it_begins(example: Example, faults: Faults) -> None:
    document = example(WITHOUT, dateCollectedFrom="2021-07-01", dateCollectedTo="2021-06-30")
    assert faults(document) == {("/dateCollectedTo", "invalid-value")}


def test_a_checkpoint_that_informs_all_authorities_names_no_contacts(
    example: Example, faults: Faults
) -> None:
    document = example("sample-de-checkpoint-patents", contactsToInform=None, informAllAuthorities=True)
    assert faults(document) == set()


@pytest.mark.parametrize(
    ("status", "field"),
    [
        ("status-adopted", "adoption"),
        ("status-in-force", "entryIntoForce"),
        ("status-retired", "retired"),
        ("status-limited-application", "limitedApplication"),
    ],
)
def test_the_status_of_a_measure_says_which_date_it_needs(
    example: Example, faults: Faults, status: str, field: str
) -> None:
    document = example("sample-mx-measure", status={"identifier": status}, entryIntoForce=None)
    assert faults(document) == {(f"/{field}", "mandatory")}
    assert faults({**document, field: "2019-03"}) == set()


def test_a_draft_measure_needs_no_date(example: Example, faults: Faults) -> None:
    document = example("sample-mx-measure", status={"identifier": "status-draft"}, entryIntoForce=None)
    assert faults(document) == set()


def test_a_measure_is_not_retired_before_it_enters_into_force(example: Example, faults: Faults) -> None:
    dates = {"entryIntoForce": "2018-06-15", "retired": "2018-05"}
    assert faults(example("sample-mx-measure-retired", **dates)) == {("/retired", "invalid-value")}
    assert faults(example("sample-mx-measure-retired", **{**dates, "retired": "2018"})) == set()


def test_the_matrix_may_be_not_applicable(example: Example, faults: Faults) -> None:
    assert faults(example("sample-mx-measure", absMeasures=None, absMesasureNotApplicable=True)) == set()


def test_a_contact_is_a_person_or_an_organization(example: Example, faults: Faults) -> None:
    nobody = {"firstName": None, "lastName": None, "organization": None, "type": None}
    names = {("/firstName", "mandatory"), ("/lastName", "mandatory")}
    contact = "sample-provider-contact"
    assert faults(example(contact, **nobody)) == names
    assert faults(example(contact, **{**nobody, "firstName": "Eulalia"})) == {("/lastName", "mandatory")}
    assert faults(example(contact, **{**nobody, "organization": {"es": "Ejido"}})) == set()
    reference = {"identifier": "sample-de-grantee"}
    assert faults(example(contact, **{**nobody, "contactOrganization": reference})) == set()
    assert faults(example(contact, firstName=None, lastName=None, type="person")) == names
    assert faults(example(contact, organization=None, type="organization")) == {
        ("/organization", "mandatory")
    }


def test_a_focal_point_names_its_country_as_government_or_country(example: Example, faults: Faults) -> None:
    for field in ("government", "country"):
        assert faults(example("sample-mx-focal-point", **{field: None})) == set()
    assert faults(example("sample-mx-focal-point", government=None, country=None)) == {
        ("/government", "mandatory")
    }


def test_a_focal_point_covers_instruments_of_the_vocabulary(example: Example, faults: Faults) -> None:
    document = example("sample-mx-focal-point", categories=["ABS-FP", "CPB-FP1", "no-such-category"])
    assert faults(document) == {("/categories/2", "unexpected-term")}


def test_an_authority_on_biosafety_needs_no_jurisdiction_of_the_abs_kind(
    example: Example, faults: Faults
) -> None:
    assert "absJurisdiction" not in example("sample-mx-authority-biosafety")
    assert faults(example("sample-mx-authority-biosafety")) == set()
