"""A further realm mails by stating what letters it has, and by a folder of its words. Nothing else is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from clearinghouse_formats import LANGUAGES, Catalogue, Realm
from clearinghouse_formats.catalogue import assemble
from notifier.adapters.letters.jinja import JinjaLetters
from notifier.application.letters import LettersOfKind, RealmLetters
from tests.notifier.support.notices import FORMAT, owed
from tests.notifier.support.reading import Shown, parts

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "letters": {
            "alert": {
                "subject": "Alert {identifier}: {title}",
                "heading": "Alert of the fourth clearing-house",
                "what": "The alert below was given.",
                "reason": "Why it was changed",
            }
        },
        "roles": {"border-post": "Border post"},
        "provisions": {"alert.border": "Every border post receives each alert."},
        "automatic": "This letter was sent by the Fourth Clearing-House.",
    },
    "ar": {
        "letters": {
            "alert": {
                "subject": "تنبيه {identifier}: {title}",
                "heading": "تنبيه من غرفة التبادل الرابعة",
                "what": "صدر التنبيه المبيّن أدناه.",
                "reason": "سبب التغيير",
            }
        },
        "roles": {"border-post": "المركز الحدودي"},
        "provisions": {"alert.border": "يتلقى كل مركز حدودي كل تنبيه."},
        "automatic": "أرسلت هذه الرسالة غرفة التبادل الرابعة.",
    },
}
KINDS = {"alert": LettersOfKind(first="alert", later="alert")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The realm's words; where a language has none of its own here, the English ones stand for them."""
    for language in LANGUAGES:
        _write(tmp_path, language, WORDS.get(language, WORDS["en"]))
    return tmp_path


@pytest.fixture
def catalogue() -> Catalogue:
    """A deployment that serves the realm."""
    package = ModuleType("fourth")
    package.__dict__["FORMATS"] = (FORMAT,)
    package.__dict__["REALM"] = Realm(
        slug="fourth",
        prefix="FRTH",
        name=dict.fromkeys(LANGUAGES, "Fourth Clearing-House") | {"ar": "غرفة التبادل الرابعة"},
        instrument={},
        mail_identity="fourth",
        focal_points=frozenset(),
        short_codes={"notice": "NOT"},
    )
    return assemble([package])


def _write(folder: Path, language: str, words: dict[str, Any]) -> None:
    (folder / f"{language}.json").write_text(json.dumps(words), encoding="utf-8")


def _letters(folder: Path, catalogue: Catalogue, kinds: Mapping[str, LettersOfKind] = KINDS) -> JinjaLetters:
    return JinjaLetters({"fourth": RealmLetters(kinds=kinds, words=folder)}, catalogue)


def test_it_mails_in_english_and_arabic_with_its_own_words_in_the_common_layout(
    folder: Path, catalogue: Catalogue
) -> None:
    letters = _letters(folder, catalogue)
    for language, direction, names in [
        ("en", "ltr", ("Fourth Clearing-House", "Border post", "Title", "Whom to contact")),
        ("ar", "rtl", ("غرفة التبادل الرابعة", "المركز الحدودي", "العنوان", "جهات الاتصال")),
    ]:
        words = WORDS[language]
        role = owed().roles[0].model_copy(update={"role": "border-post", "provision": "alert.border"})
        alert = owed("alert", language, realm="fourth", roles=[role], title={language: "X"})
        letter = letters.render(alert, environment="production")
        assert letter.subject == words["letters"]["alert"]["subject"].format(
            identifier=alert.identifier, title="X"
        )
        root = Shown(letter.html).root
        assert (letter.language, root["lang"], root["dir"]) == (language, language, direction)
        for part in parts(letter):
            assert words["letters"]["alert"]["heading"] in part
            assert words["letters"]["alert"]["what"] in part
            assert words["provisions"]["alert.border"] in part
            assert part.endswith(words["automatic"])
            assert all(name in part for name in names)


def test_a_realm_without_its_words_in_all_six_languages_is_refused_at_once(
    folder: Path, catalogue: Catalogue
) -> None:
    (folder / "zh.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"zh\.json"):
        _letters(folder, catalogue)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"letters": {}}, r"fr\.json lack the letters \['alert'\]"),
        ({"roles": {"national-focal-point": "FP"}}, r"fr\.json word roles that the core words"),
        ({"automatic": None}, r"fr\.json are not those of a letter"),
        ({"surplus": "x"}, r"fr\.json are not those of a letter"),
        (
            {"letters": {"alert": WORDS["en"]["letters"]["alert"] | {"subject": "Alert {identifer}"}}},
            r"nothing is filled in for \['identifer'\]",
        ),
        (
            {"letters": {"alert": WORDS["en"]["letters"]["alert"] | {"what": "An {alert"}}},
            r"fr\.json are not those of a letter",
        ),
    ],
)
def test_words_that_could_not_make_a_letter_are_refused_at_once(
    folder: Path, catalogue: Catalogue, changes: dict[str, Any], problem: str
) -> None:
    _write(folder, "fr", WORDS["en"] | changes)
    with pytest.raises(ValueError, match=problem):
        _letters(folder, catalogue)


def test_letters_that_state_a_validity_need_words_for_it(folder: Path, catalogue: Catalogue) -> None:
    kinds = {"alert": LettersOfKind(first="alert", later="alert", expiry_field="lastDay")}
    with pytest.raises(ValueError, match="lack those of validity"):
        _letters(folder, catalogue, kinds=kinds)
