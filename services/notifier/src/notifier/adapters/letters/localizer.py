"""Puts values into the language of a letter, with its words and the names that the transmission gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime
from markupsafe import Markup, escape

from clearinghouse_formats import LANGUAGES, country_name, in_language
from notifier.adapters.letters.rich_text import line, rich_text
from notifier.adapters.letters.wording import CoreWords

RIGHT_TO_LEFT = frozenset({"ar"})


@dataclass(frozen=True)
class CellValue:
    """One value of a field, ready to be laid out in both parts of a letter."""

    text: str = ""
    markup: Markup = field(default_factory=Markup)
    """The same text as safe HTML."""
    language: str | None = None
    """The language of the text, where it is known."""
    note: str = ""
    """That the text is not in the letter's language, or that a reference is not to the newest revision."""
    code: str = ""
    """An identifier or a number: left to right in every language."""
    url: str = ""
    rows: tuple[LabelledRow, ...] = ()

    @property
    def direction(self) -> str:
        """For the ``dir`` attribute of HTML."""
        if self.language is None:
            return "auto"
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True)
class LabelledRow:
    """A label and the values beside it."""

    label: str
    values: tuple[CellValue, ...]


@dataclass(frozen=True)
class Localizer:
    """Puts values into one language."""

    language: str
    words: CoreWords
    labels: Mapping[str, Mapping[str, str]]
    """What identifiers are called, by language."""
    current: Mapping[str, str] = field(default_factory=dict)
    """For references to a revision that is not the newest: the identifier that is current."""

    def said(self, text: str, language: str | None = None) -> CellValue:
        """A text of the record that may hold HTML."""
        laid_out = rich_text(text)
        note = ""
        if language not in {None, self.language}:
            name = self.language_name(str(language))
            note = self.words.phrases.untranslated.format(language=name)
        return CellValue(laid_out.text, laid_out.markup, language, note)

    def text(self, multilingual: Mapping[str, str]) -> CellValue | None:
        """A text in this language or the first of the others that there is, marked as such; None without any."""
        filled = {language: text for language, text in multilingual.items() if text.strip()}
        try:
            text, language = in_language(filled, self.language)
        except KeyError:
            return None
        return self.said(text, language)

    def named(self, identifier: str) -> CellValue | None:
        """What an identifier, with or without a revision, is called; None where nothing says so."""
        for key in (identifier, identifier.partition("@")[0]):
            if key in self.labels:
                return self.text(self.labels[key])
        try:
            return plain(country_name(identifier.lower(), self.language))
        except KeyError:
            return None

    def country(self, code: str) -> str:
        """The name of a country; its code where there is none."""
        named = self.named(code)
        return line(named.text) if named else line(code).upper()

    def language_name(self, code: str) -> str:
        """The name of a language; its code where there is none."""
        names = Locale.parse(self.words.locale).languages
        return str(names.get(code.replace("-", "_"), line(code)))

    def day(self, day: date) -> str:
        """A date in full."""
        return format_date(day, "long", locale=self.words.locale)

    def moment(self, moment: datetime) -> str:
        """Date and time in UTC."""
        return format_datetime(moment, "long", tzinfo=UTC, locale=self.words.locale)


def localizer_for(
    words: Mapping[str, CoreWords],
    language: str,
    labels: Mapping[str, Mapping[str, str]],
    current: Mapping[str, str] | None = None,
) -> Localizer:
    """A localizer into one of the six languages; into English where the language is none of them."""
    primary = language.strip().lower().partition("-")[0]
    known = primary if primary in LANGUAGES else "en"
    return Localizer(known, words[known], labels, current or {})


def plain(text: str) -> CellValue:
    """A value of one line without markup."""
    shown = line(text)
    return CellValue(shown, escape(shown))
