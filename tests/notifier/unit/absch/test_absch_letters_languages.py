"""The words of the ABS Clearing-House's letters, in the six languages."""

from __future__ import annotations

import re

import pytest

from clearinghouse_formats import load
from notifier.bootstrap import realm_letters
from tests.notifier.support.reading import Shown
from tests.notifier.support.transmissions import LANGUAGES, owed

render = realm_letters(load()).render
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
    root = Shown(letter.html).root
    assert (root["lang"], root["dir"]) == (language, "rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize("language", ["ar", "ru", "zh"])
@pytest.mark.parametrize(("kind", "revision"), KINDS)
def test_no_word_of_another_language_stands_in_a_letter(kind: str, revision: int, language: str) -> None:
    letter = render(owed(kind, language, revision=revision), environment="training")
    for part in (letter.subject, letter.text, "\n".join(Shown(letter.html).texts)):
        assert set(re.findall(r"[A-Za-z]{2,}", _without_codes(part))) <= SYMBOLS


@pytest.mark.parametrize("language", ["es", "fr"])
@pytest.mark.parametrize(("kind", "revision"), KINDS)
def test_no_english_sentence_stands_in_a_letter_in_another_latin_script(
    kind: str, revision: int, language: str
) -> None:
    letter = render(owed(kind, language, revision=revision), environment="training")
    assert not re.findall(r"\b(the|of|and|is|was|this|text)\b", _without_codes(letter.text), re.IGNORECASE)
