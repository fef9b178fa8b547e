"""What a letter of any realm shows, seen on the notices of a small one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from clearinghouse_formats import country_name
from clearinghouse_messages.events import RecipientRole
from notifier.adapters.letters.fields import content_rows
from notifier.adapters.letters.localizer import localizer_for
from notifier.adapters.letters.wording import core_words, realm_words
from notifier.application.ports import Letters
from notifier.domain.delivery import Letter
from tests.notifier.support.contracts import LettersCases
from tests.notifier.support.notices import FORMAT, LETTERS, TERM, letters, notice, owed
from tests.notifier.support.reading import parts, spaced
from tests.notifier.support.transmissions import LANGUAGES, OTHER, SAMPLES

WORDS = core_words()
REALM_WORDS = realm_words(LETTERS, WORDS)
JINJA = letters()


def _letter(*given: Any, environment: str = "production", **changes: Any) -> Letter:
    return JINJA.render(owed(*given, **changes), environment=environment)


class TestJinjaLetters(LettersCases):
    @pytest.fixture
    def letters(self) -> Letters:
        return JINJA


def test_a_letter_holds_every_value_of_the_record() -> None:
    for part in parts(_letter()):
        for value in [
            "Biosafety Clearing-House",
            "text 4",
            "https://example.org/18",
            "№ 18",
            "1 March 2026",
            "28 February 2031",
            "MX-CONTACT-0001@2",
            "MX-NOTICE-0099",
            "Mexico",
            "20.7",
            "-103.4",
            "Yes",
            "Update",
            "MX-NOTICE-2026-0104",
            "Spanish",
        ]:
            assert value in part


def test_fields_stand_under_their_labels_in_their_order_and_others_under_their_names_after_them() -> None:
    labels = {"binding": {"en": "Binding"}, "title": {"en": "Title"}, "suppliers": {"en": "Suppliers"}}
    content = notice(suppliersConfidential=True, summaryConfidential=True)
    rows = content_rows(content, FORMAT, labels, localizer_for(WORDS, "en", {}))
    names = [row.label for row in rows]
    assert names[:3] == ["Binding", "Title", "Suppliers"]
    assert names[3:5] == ["government", "summary"]


def test_a_confidential_field_without_label_and_value_is_still_shown_as_confidential() -> None:
    content = {"suppliersConfidential": True}
    (row,) = content_rows(content, FORMAT, {}, localizer_for(WORDS, "en", {}))
    assert (row.label, row.values[0].text) == ("suppliers", "Declared confidential")


def test_a_record_of_an_unknown_format_is_shown_in_full() -> None:
    letter = _letter(format="unheard-of")
    assert "summary: text 4" in spaced(letter.text)


def test_a_vocabularys_term_is_shown_by_its_name_alone() -> None:
    letter = _letter()
    assert "text 56" in letter.text
    assert TERM not in letter.text + letter.html


def test_what_has_no_name_is_shown_by_its_identifier() -> None:
    for part in parts(_letter(labels={})):
        assert TERM in part
        assert OTHER in part
        assert "MX-CONTACT-0001" in part
        assert "Mexico" in part


def test_a_confidential_field_is_shown_as_such_and_never_by_a_value_that_stands_beside_its_flag() -> None:
    secret = {"en": "Secret Laboratories"}
    content = notice(summary=secret, summaryConfidential=True, suppliersConfidential=True)
    del content["suppliers"]
    for language in LANGUAGES:
        for part in parts(_letter("copy", language, content=content)):
            for field in ("summary", "suppliers"):
                assert re.search(rf"{field}\W+{WORDS[language].phrases.confidential}", part)
            assert "Secret Laboratories" not in part


def test_a_flag_that_declares_nothing_confidential_is_not_shown() -> None:
    assert "onfidential" not in _letter(content=notice(summaryConfidential=False)).text


def test_private_notes_are_not_shown() -> None:
    letter = _letter(content=notice(notes="for us"))
    assert "for us" not in letter.text + letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_names_each_role_its_country_and_the_provision(language: str) -> None:
    names = {**WORDS[language].roles, **REALM_WORDS[language].roles}
    assert set(names) == {"national-focal-point", "competent-national-authority", "importer"}
    roles = [
        RecipientRole(role=role, provision="notice.country", country="de", record=f"REC-{role}", name="A")
        for role in names
    ]
    provision = REALM_WORDS[language].provisions["notice.country"]
    for part in parts(_letter("copy", language, roles=roles)):
        for role, name in names.items():
            assert f"{name} — {country_name('de', language)} — A {provision}" in part
            assert f"REC-{role}" in part


def test_an_unknown_role_and_provision_are_shown_as_they_are() -> None:
    role = RecipientRole(role="observer", provision="Article 99", country="zz", record="", name="")
    for part in parts(_letter("copy", "fr", roles=[role])):
        assert "observer — ZZ" in part
        assert "Article 99" in part


def test_a_later_revision_has_the_letter_that_says_which_one_it_replaces_and_why() -> None:
    letter = _letter(revision=2)
    assert letter.subject == "Amended notice BCH-DEV-NOT-MX-104-2: text 2"
    for part in parts(letter):
        assert "this version replaces BCH-DEV-NOT-MX-104-1" in part
        assert re.search(r"Replaces\W+BCH-DEV-NOT-MX-104-1", part)
        assert re.search(r"Reason for the update\W+text 70", part)


def test_a_first_revision_replaces_none() -> None:
    letter = _letter()
    assert letter.subject == "Notice BCH-DEV-NOT-MX-104-1: text 2"
    assert "eplaces" not in letter.text + letter.html


def test_a_letter_that_shows_no_replaced_revision_names_none() -> None:
    letter = _letter("withdrawal", revision=2)
    assert "BCH-DEV-NOT-MX-104-1" not in letter.text + letter.html


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (notice(), "Valid until 28 February 2031"),
        (notice(lastDay="2026-11-22"), "Valid until 22 November 2026"),
        (notice(lastDay="2026-11-21"), "Expired on 21 November 2026"),
        (notice(lastDay=None), "No last day is stated"),
        (notice(lastDay="one day"), "one day"),
    ],
)
def test_a_letter_says_until_when_the_record_is_valid(content: dict[str, object], said: str) -> None:
    for part in parts(_letter(content=content)):
        assert re.search(rf"Validity\W+{said}", part)


def test_of_a_record_that_is_not_current_a_letter_says_that_validity_ended() -> None:
    for part in parts(_letter("withdrawal")):
        assert re.search(r"Validity\W+No longer valid", part)
        assert "Valid until" not in part


def test_a_letter_of_a_kind_without_expiry_speaks_of_no_validity() -> None:
    letter = _letter("announcement")
    assert "Valid" not in letter.text + letter.html


def test_a_letter_names_identifier_link_and_contacts() -> None:
    letter = _letter("copy", "ar")
    assert "BCH-DEV-NOT-MX-104-1" in letter.subject
    for part in parts(letter):
        assert "https://example.org/BCH-DEV-NOT-MX-104-1" in part
        assert "№ 80 <contact@example.org>" in part
    assert 'href="https://example.org/BCH-DEV-NOT-MX-104-1"' in letter.html


def test_a_letter_without_contacts_points_to_the_online_record() -> None:
    for part in parts(_letter(contacts=[])):
        assert WORDS["en"].phrases.no_contacts in part


def test_a_letter_ends_with_the_realms_words_on_who_sent_it() -> None:
    for part in parts(_letter()):
        assert part.endswith(REALM_WORDS["en"].automatic)


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
    letter = _letter("copy", language, content=notice(summary=given))
    note = WORDS[language].phrases.untranslated.format(language=name)
    assert spaced(f"{text} [{note}]") in spaced(letter.text)
    direction = "rtl" if fallback == "ar" else "ltr"
    assert re.search(rf'<div lang="{fallback}" dir="{direction}"[^>]*>{text}</div>', letter.html)
    assert note in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_has_each_text_of_the_record_in_the_readers_language_alone(language: str) -> None:
    letter = _letter("copy", language, revision=2)
    for number in (2, 4, 5, 10, 20, 51, 53, 55, 56, 70):
        assert re.search(rf"{SAMPLES[language]} {number}\b", letter.text)
        assert re.search(rf"{SAMPLES[language]} {number}\b", letter.html)
    for other in set(LANGUAGES) - {language}:
        assert not re.search(rf"\b{SAMPLES[other]} \d", letter.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("environment", ["training", "development", "staging"])
def test_outside_production_subject_and_both_parts_say_that_nothing_is_official(
    environment: str, language: str
) -> None:
    letter = _letter("copy", language, environment=environment)
    banner = WORDS[language].banner.model_dump()[environment]
    assert letter.subject.startswith(f"[{banner}] ")
    assert letter.text.startswith(f"*** {banner} ***")
    assert letter.html.index(banner, letter.html.index("<body")) < letter.html.index("<h1")


def test_an_environment_without_words_of_its_own_is_not_taken_for_production() -> None:
    letter = _letter(environment="rehearsal")
    assert letter.subject.startswith("[ENVIRONMENT “rehearsal” — not an official document] ")


def test_production_has_no_banner() -> None:
    letter = _letter()
    assert "not an official document" not in letter.subject + letter.text + letter.html


def test_identifiers_and_addresses_keep_their_order_in_a_right_to_left_letter() -> None:
    letter = _letter("copy", "ar", revision=2)
    for identifier in ("BCH-DEV-NOT-MX-104-2", "BCH-DEV-NOT-MX-104-1", "-103.4"):
        assert f'<bdi dir="ltr">{identifier}</bdi>' in letter.html
    assert "<bdi>№ 80 &lt;contact@example.org&gt;</bdi>" in letter.html
    assert "\u200e-103.4" in letter.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reference_to_a_superseded_revision_says_what_is_current(language: str) -> None:
    newest = "BCH-DEV-NOT-MX-99-3"
    said = WORDS[language].phrases.newer.format(identifier=newest)
    for part in parts(_letter("copy", language, current={"MX-CONTACT-0001@2": newest})):
        assert spaced(said) in part
    for part in parts(_letter("copy", language)):
        assert newest not in part
