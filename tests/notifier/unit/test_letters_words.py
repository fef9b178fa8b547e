"""The words of the letters, of the core and of every realm that adds some to the notifier."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any

import pytest

from clearinghouse_formats import LANGUAGES, load
from clearinghouse_formats.extensions import extensions
from notifier.adapters.letters.wording import CORE_FOLDER
from notifier.application.letters import NotifierExtension
from tests.notifier.support.notices import LETTERS

FOLDERS: dict[str, Traversable] = {
    "core": CORE_FOLDER,
    "realm of the tests": LETTERS.words,
    **{
        realm: extension.letters.words
        for realm, extension in extensions("notifier", load().realms, NotifierExtension).items()
    },
}
SAME = {"direction", "phrases.colon", "phrases.no"}
"""What may be written as in English."""


def _texts(words: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in words.items():
        if isinstance(value, dict):
            yield from _texts(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _read(folder: Traversable, language: str) -> dict[str, str]:
    return dict(_texts(json.loads(folder.joinpath(f"{language}.json").read_text(encoding="utf-8"))))


@pytest.mark.parametrize("owner", FOLDERS)
def test_there_are_words_in_the_six_languages_and_in_no_other(owner: str) -> None:
    assert {file.name for file in FOLDERS[owner].iterdir()} == {f"{language}.json" for language in LANGUAGES}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("owner", FOLDERS)
def test_a_language_has_every_word_of_the_english_ones_as_its_own(owner: str, language: str) -> None:
    english, words = (_read(FOLDERS[owner], one) for one in ("en", language))
    assert words.keys() == english.keys()
    assert all(text.strip() for text in words.values())
    assert {path for path, text in words.items() if text == english[path]} <= SAME


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("owner", FOLDERS)
def test_a_text_has_the_placeholders_of_the_english_one(owner: str, language: str) -> None:
    english, words = (_read(FOLDERS[owner], one) for one in ("en", language))
    for path, text in words.items():
        assert set(re.findall(r"\{\w*\}", text)) == set(re.findall(r"\{\w*\}", english[path])), path
