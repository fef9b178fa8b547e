"""In which language a letter is written, whatever its realm."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from tests.notifier.support.notices import letters, owed
from tests.notifier.support.reading import Shown
from tests.notifier.support.transmissions import LANGUAGES

JINJA = letters()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_marked_with_its_language_and_direction(language: str) -> None:
    letter = JINJA.render(owed("copy", language), environment="production")
    root = Shown(letter.html).root
    assert letter.language == language
    assert (root["lang"], root["dir"]) == (language, "rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize(
    ("asked", "written"), [("pt", "en"), ("", "en"), ("ES", "es"), ("zh-Hans", "zh"), ("../../x", "en")]
)
def test_a_language_beyond_the_six_is_answered_in_english(asked: str, written: str) -> None:
    assert JINJA.render(owed("copy", asked), environment="production").language == written


def test_the_templates_hold_no_words_of_their_own() -> None:
    folder = files("notifier.adapters.letters").joinpath("templates")
    for template in folder.iterdir():
        source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", template.read_text(encoding="utf-8"))
        assert re.findall(r"\w{2,}", re.sub(r"<[^>]*>", "", source)) == [], template.name
