"""What the letters of the ABS Clearing-House show beside what any letter shows: its fields, roles and provisions."""

from __future__ import annotations

import re

import pytest

from clearinghouse_formats import country_name, load
from clearinghouse_formats.field_labels import field_labels
from clearinghouse_messages.events import RecipientRole
from notifier.absch import EXTENSION
from notifier.adapters.letters.wording import core_words, realm_words
from notifier.bootstrap import realm_letters
from tests.notifier.support.reading import parts, spaced
from tests.notifier.support.transmissions import LANGUAGES, communique, owed, permit

WORDS = core_words()
REALM_WORDS = realm_words(EXTENSION.letters, WORDS)
render = realm_letters(load()).render

ROLES = [
    "national-focal-point",
    "competent-national-authority",
    "provider",
    "grantee",
    "user-country-authority",
    "pic-granting-entity",
]
PROVISIONS = [
    "certificate.country",
    "certificate.provider",
    "certificate.grantee",
    "communique.user-country",
    "communique.provider-country",
    "communique.grantee",
    "revocation.informed",
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["certificate", "certificate-revoked", "communique"])
def test_a_letter_holds_every_field_of_the_record_under_its_label(kind: str, language: str) -> None:
    transmission = owed(kind, language)
    labels = field_labels(transmission.record.format)
    for part in parts(render(transmission, environment="production")):
        for field in transmission.record.content:
            if field != "header":
                assert spaced(labels[field][language]) in part


def test_a_letter_holds_every_value_of_the_record() -> None:
    for part in parts(render(owed("certificate", "en"), environment="production")):
        for value in [
            "text 4",
            "https://example.org/18",
            "№ 18",
            "1 March 2026",
            "28 February 2031",
            "MX-CNA-0000001@2",
            "ABSCH-DEV-IRCC-MX-99",
            "Mexico",
            "20.7",
            "-103.4",
            "Yes",
            "Update",
            "MX-PERMIT-2026-0104",
            "Spanish",
        ]:
            assert value in part


def test_a_confidential_field_is_shown_as_such_and_never_by_a_value_that_stands_beside_its_flag() -> None:
    secret = {"en": "Secret Laboratories"}
    content = permit(
        providersConfidential=True,
        subjectMatter=secret,
        subjectMatterConfidential=True,
        usagesConfidential=True,
        entitiesToWhomPICGrantedConfidential=True,
    )
    del content["providers"]
    for language in LANGUAGES:
        transmission = owed("certificate", language, content=content)
        for part in parts(render(transmission, environment="production")):
            for field in ("providers", "entitiesToWhomPICGranted", "subjectMatter", "usages"):
                label = field_labels("absPermit")[field][language]
                assert re.search(re.escape(label) + r"\W+" + WORDS[language].phrases.confidential, part), (
                    field
                )
            assert "Secret Laboratories" not in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_names_each_role_its_country_and_the_provision(language: str) -> None:
    words = REALM_WORDS[language]
    role_names = {**WORDS[language].roles, **words.roles}
    roles = [
        RecipientRole(
            role=role, provision=provision, country="de", record=f"REC-{role}", name=f"A {provision}"
        )
        for role in ROLES
        for provision in PROVISIONS
    ]
    country = country_name("de", language)
    letter = render(owed("certificate", language, roles=roles), environment="production")
    for part in parts(letter):
        for role in ROLES:
            assert f"REC-{role}" in part
            for provision in PROVISIONS:
                heading = f"{role_names[role]} — {country} — A {provision} {words.provisions[provision]}"
                assert spaced(heading) in part


def test_an_amended_certificate_says_which_one_it_replaces_and_why() -> None:
    for part in parts(render(owed("certificate", "en", revision=2), environment="production")):
        assert "It replaces ABSCH-DEV-IRCC-MX-104-1 , which" in part.replace("-1,", "-1 ,")
        assert "Reason for the update" in part
        assert "text 70" in part
        assert "Unique identifier" in part


def test_a_first_certificate_replaces_none() -> None:
    letter = render(owed("certificate", "en"), environment="production")
    assert "eplaces" not in letter.text + letter.html


def test_a_revocation_says_so_in_its_subject_with_the_reason_and_that_validity_ended() -> None:
    letter = render(owed("certificate-revoked", "en", revision=2), environment="production")
    assert letter.subject.startswith("Revoked: ")
    for part in parts(letter):
        assert "Reason for the revocation" in part
        assert "text 70" in part
        assert "No longer valid" in part
        assert "Valid until" not in part


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (permit(), "Valid until 28 February 2031"),
        (permit(dateOfExpiry="2026-11-22"), "Valid until 22 November 2026"),
        (permit(dateOfExpiry="2026-11-21"), "Expired on 21 November 2026"),
        (permit(dateOfExpiry=None), "No date of expiry is stated"),
        (permit(dateOfExpiry="one day"), "one day"),
    ],
)
def test_a_certificate_says_until_when_it_is_valid(content: dict[str, object], said: str) -> None:
    for part in parts(render(owed("certificate", "en", content=content), environment="production")):
        assert f"Validity {said}" in part.replace("Validity:", "Validity")


def test_a_communique_speaks_of_no_validity() -> None:
    letter = render(owed("communique", "en"), environment="production")
    assert "Validity" not in letter.text + letter.html


def test_the_samples_are_the_formats_own() -> None:
    assert set(field_labels("absPermit")) - set(permit()) == {
        "providersConfidential",
        "entitiesToWhomPICGrantedConfidential",
        "subjectMatterConfidential",
        "usagesConfidential",
    }
    assert set(field_labels("absCheckpointCommunique")) <= set(communique())
