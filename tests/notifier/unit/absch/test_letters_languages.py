from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest

from clearinghouse_formats.absch.labels import field_labels
from notifier.absch.letters import render
from notifier.absch.letters.catalogue import catalogue
from notifier.application.ports import UnknownLetterError
from tests.notifier.support.transmissions import LANGUAGES, SAMPLES, owed

KINDS = [
    ("certificate", 1),
    ("certificate", 2),
    ("certificate-revoked", 2),
    ("communique", 1),
    ("communique", 2),
]
TREATY_NAMES = {
    "ar": ("شهادة امتثال معترف بها دولياً", "بلاغ نقطة التفتيش"),
    "en": ("nternationally recognized certificate of compliance", "Checkpoint communiqué"),
    "es": (
        "ertificado de cumplimiento reconocido internacionalmente",
        "Comunicado del punto de verificación",
    ),
    "fr": ("ertificat de conformité reconnu à l’échelle internationale", "Communiqué du point de contrôle"),
    "ru": ("международно признанн", "Коммюнике контрольного пункта"),
    "zh": ("国际公认的遵守证明书", "检查点公报"),
}
SYMBOLS = {"UTC", "NP", "iii"}
"""What is written in Latin letters in every language."""


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.root: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.root = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _shown(html: str) -> _Shown:
    parser = _Shown()
    parser.feed(html)
    return parser


def _strings(node: Any) -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{path}", text) for path, text in _strings(value))
        else:
            yield key, value


def _without_codes(text: str) -> str:
    return re.sub(r"https?://\S+|\S+@\S+|[A-Z]{2,5}-[A-Z0-9-]+(@\d)?", " ", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "revision"), KINDS)
def test_every_letter_is_written_in_every_language(kind: str, revision: int, language: str) -> None:
    letter = render(owed(kind, language, revision=revision), environment="production")
    name = TREATY_NAMES[language][kind == "communique"].lower()
    assert letter.language == language
    assert name in letter.text.lower()
    assert name in letter.html.lower()
    assert letter.subject
    root = _shown(letter.html).root
    assert (root["lang"], root["dir"]) == (language, "rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize("language", ["ar", "ru", "zh"])
@pytest.mark.parametrize(("kind", "revision"), KINDS)
def test_no_word_of_another_language_stands_in_a_letter(kind: str, revision: int, language: str) -> None:
    letter = render(owed(kind, language, revision=revision), environment="training")
    for part in (letter.subject, letter.text, "\n".join(_shown(letter.html).texts)):
        assert set(re.findall(r"[A-Za-z]{2,}", _without_codes(part))) <= SYMBOLS


@pytest.mark.parametrize("language", ["es", "fr"])
@pytest.mark.parametrize(("kind", "revision"), KINDS)
def test_no_english_sentence_stands_in_a_letter_in_another_latin_script(
    kind: str, revision: int, language: str
) -> None:
    letter = render(owed(kind, language, revision=revision), environment="training")
    assert not re.findall(r"\b(the|of|and|is|was|this|text)\b", _without_codes(letter.text), re.IGNORECASE)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_a_catalogue_has_every_word_of_the_english_one_in_its_own_language(language: str) -> None:
    english = dict(_strings(catalogue("en").model_dump()))
    words = dict(_strings(catalogue(language).model_dump()))
    assert words.keys() == english.keys()
    assert all(text.strip() for text in words.values())
    same = {path for path, text in words.items() if text == english[path]}
    assert same <= {"direction", "phrases.colon", "phrases.no"}
    for path, text in words.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[path])), path


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("format_name", ["absPermit", "absCheckpointCommunique"])
def test_a_label_is_not_left_in_english(format_name: str, language: str) -> None:
    for label in field_labels(format_name).values():
        assert label[language] != label["en"]


def test_the_templates_hold_no_words_of_their_own() -> None:
    folder = files("notifier.absch.letters").joinpath("templates")
    for template in folder.iterdir():
        source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", template.read_text(encoding="utf-8"))
        assert re.findall(r"\w{2,}", re.sub(r"<[^>]*>", "", source)) == [], template.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_has_each_text_of_the_record_in_the_readers_language_alone(language: str) -> None:
    letter = render(owed("certificate", language, revision=2), environment="production")
    for number in (2, 3, 4, 5, 6, 10, 11, 13, 15, 16, 19, 20, 50, 51, 52, 53, 55, 56):
        assert re.search(rf"{SAMPLES[language]} {number}\b", letter.text)
        assert re.search(rf"{SAMPLES[language]} {number}\b", letter.html)
    for other in set(LANGUAGES) - {language}:
        assert not re.search(rf"\b{SAMPLES[other]} \d", letter.text)


@pytest.mark.parametrize(
    ("asked", "written"), [("pt", "en"), ("", "en"), ("ES", "es"), ("zh-Hans", "zh"), ("../../x", "en")]
)
def test_a_language_beyond_the_six_is_answered_in_english(asked: str, written: str) -> None:
    assert render(owed("certificate", asked), environment="production").language == written


def test_a_kind_without_a_letter_is_refused() -> None:
    with pytest.raises(UnknownLetterError):
        render(owed("greeting", "en"), environment="production")
