from __future__ import annotations

import re
from html import unescape

import pytest

from clearinghouse_formats import country_name
from clearinghouse_formats.absch.labels import field_labels
from clearinghouse_messages.events import RecipientRole
from notifier.absch.letters import render
from notifier.absch.letters.catalogue import catalogue
from notifier.domain.delivery import Letter
from tests.notifier.support.transmissions import LANGUAGES, communique, owed, permit

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


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _parts(letter: Letter) -> tuple[str, str]:
    """Both parts as words with single spaces between them."""
    html = unescape(re.sub(r"<[^>]+>", " ", letter.html))
    return _spaced(letter.text), _spaced(html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["certificate", "certificate-revoked", "communique"])
def test_a_letter_holds_every_field_of_the_record_under_its_label(kind: str, language: str) -> None:
    transmission = owed(kind, language)
    labels = field_labels(transmission.record.format)
    for part in _parts(render(transmission, environment="production")):
        for field in transmission.record.content:
            if field != "header":
                assert _spaced(labels[field][language]) in part


def test_a_letter_holds_every_value_of_the_record() -> None:
    for part in _parts(render(owed("certificate", "en"), environment="production")):
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


def test_a_vocabularys_term_is_shown_by_its_name_alone() -> None:
    letter = render(owed("certificate", "en"), environment="production")
    assert "text 56" in letter.text
    assert "5E833A3F" not in letter.text + letter.html


def test_what_has_no_name_is_shown_by_its_identifier() -> None:
    for part in _parts(render(owed("certificate", "en", labels={}), environment="production")):
        assert "5E833A3F-87D1-4ADD-8701-9F1B76383017" in part
        assert "MX-CONTACT-0001" in part
        assert "Mexico" in part


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
        for part in _parts(render(transmission, environment="production")):
            for field in ("providers", "entitiesToWhomPICGranted", "subjectMatter", "usages"):
                label = field_labels("absPermit")[field][language]
                assert re.search(
                    re.escape(label) + r"\W+" + catalogue(language).phrases.confidential, part
                ), field
            assert "Secret Laboratories" not in part


def test_a_flag_that_declares_nothing_confidential_is_not_shown() -> None:
    content = permit(providersConfidential=False)
    letter = render(owed("certificate", "en", content=content), environment="production")
    assert "onfidential" not in letter.text


def test_private_notes_are_not_shown() -> None:
    letter = render(owed("certificate", "en", content=permit(notes="for us")), environment="production")
    assert "for us" not in letter.text + letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_names_each_role_its_country_and_the_provision(language: str) -> None:
    words = catalogue(language)
    roles = [
        RecipientRole(
            role=role, provision=provision, country="de", record=f"REC-{role}", name=f"A {provision}"
        )
        for role in ROLES
        for provision in PROVISIONS
    ]
    parts = _parts(render(owed("certificate", language, roles=roles), environment="production"))
    country = country_name("de", language)
    for part in parts:
        for role in ROLES:
            assert f"REC-{role}" in part
            for provision in PROVISIONS:
                heading = f"{words.roles[role]} — {country} — A {provision} {words.provisions[provision]}"
                assert _spaced(heading) in part


def test_an_unknown_role_and_provision_are_shown_as_they_are() -> None:
    role = RecipientRole(role="observer", provision="Article 99", country="zz", record="", name="")
    for part in _parts(render(owed("certificate", "fr", roles=[role]), environment="production")):
        assert "observer — ZZ" in part
        assert "Article 99" in part


def test_an_amended_certificate_says_which_one_it_replaces_and_why() -> None:
    for part in _parts(render(owed("certificate", "en", revision=2), environment="production")):
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
    for part in _parts(letter):
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
    for part in _parts(render(owed("certificate", "en", content=content), environment="production")):
        assert f"Validity {said}" in part.replace("Validity:", "Validity")


def test_a_communique_speaks_of_no_validity() -> None:
    letter = render(owed("communique", "en"), environment="production")
    assert "Validity" not in letter.text + letter.html


def test_a_letter_names_identifier_link_and_contacts() -> None:
    letter = render(owed("communique", "ar"), environment="production")
    assert "ABSCH-DEV-CPC-DE-205-1" in letter.subject
    for part in _parts(letter):
        assert "https://example.org/ABSCH-DEV-CPC-DE-205-1" in part
        assert "№ 80 <contact@example.org>" in part
    assert 'href="https://example.org/ABSCH-DEV-CPC-DE-205-1"' in letter.html


def test_a_letter_without_contacts_points_to_the_online_record() -> None:
    for part in _parts(render(owed("certificate", "en", contacts=[]), environment="production")):
        assert catalogue("en").phrases.no_contacts in part


@pytest.mark.parametrize(
    ("given", "language", "shown"),
    [
        ({"fr": "fleur", "es": "flor"}, "ru", ("fleur", "fr", "французский")),
        ({"en": "flower", "zh": "花"}, "ar", ("flower", "en", "الإنجليزية")),
        ({"ar": "زهرة", "zh": "花"}, "es", ("زهرة", "ar", "árabe")),
        ({"en": "  ", "zh": "花"}, "es", ("花", "zh", "chino")),
    ],
)
def test_a_text_that_lacks_the_language_is_shown_in_another_and_marked(
    given: dict[str, str], language: str, shown: tuple[str, str, str]
) -> None:
    text, fallback, name = shown
    content = permit(subjectMatter=given)
    letter = render(owed("certificate", language, content=content), environment="production")
    note = catalogue(language).phrases.untranslated.format(language=name)
    assert _spaced(f"{text} [{note}]") in _spaced(letter.text)
    direction = "rtl" if fallback == "ar" else "ltr"
    assert re.search(rf'<div lang="{fallback}" dir="{direction}"[^>]*>{text}</div>', letter.html)
    assert note in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("environment", ["training", "development", "staging"])
def test_outside_production_subject_and_both_parts_say_that_nothing_is_official(
    environment: str, language: str
) -> None:
    letter = render(owed("certificate", language), environment=environment)
    banner = catalogue(language).banner.model_dump()[environment]
    assert letter.subject.startswith(f"[{banner}] ")
    assert letter.text.startswith(f"*** {banner} ***")
    assert letter.html.index(banner, letter.html.index("<body")) < letter.html.index("<h1")


def test_an_environment_without_words_of_its_own_is_not_taken_for_production() -> None:
    letter = render(owed("certificate", "en"), environment="rehearsal")
    assert letter.subject.startswith("[ENVIRONMENT “rehearsal” — not an official document] ")


def test_production_has_no_banner() -> None:
    letter = render(owed("certificate", "en"), environment="production")
    assert "not an official document" not in letter.subject + letter.text + letter.html


def test_identifiers_and_addresses_keep_their_order_in_a_right_to_left_letter() -> None:
    letter = render(owed("certificate", "ar", revision=2), environment="production")
    for identifier in ("ABSCH-DEV-IRCC-MX-104-2", "ABSCH-DEV-IRCC-MX-104-1", "-103.4"):
        assert f'<bdi dir="ltr">{identifier}</bdi>' in letter.html
    assert "<bdi>№ 80 &lt;contact@example.org&gt;</bdi>" in letter.html
    assert "\u200e-103.4" in letter.text


def test_the_samples_are_the_formats_own() -> None:
    assert set(field_labels("absPermit")) - set(permit()) == {
        "providersConfidential",
        "entitiesToWhomPICGrantedConfidential",
        "subjectMatterConfidential",
        "usagesConfidential",
    }
    assert set(field_labels("absCheckpointCommunique")) <= set(communique())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reference_to_a_superseded_revision_says_what_is_current(language: str) -> None:
    transmission = owed("communique", language)
    pinned = transmission.record.content["absIRCCs"][0]["identifier"].partition("@")[0] + "@1"
    content = {**transmission.record.content, "absIRCCs": [{"identifier": pinned}]}
    record = transmission.record.model_copy(update={"content": content})
    newest = "ABSCH-DEV-IRCC-MX-104-2"
    shown = transmission.model_copy(update={"record": record, "current": {pinned: newest}})
    said = catalogue(language).phrases.newer.format(identifier=newest)
    for part in _parts(render(shown, environment="development")):
        assert _spaced(said) in part
    for part in _parts(render(shown.model_copy(update={"current": {}}), environment="development")):
        assert newest not in part
