"""Countries (ISO 3166-1 alpha-2, lower case) and the European Union: names and languages, from CLDR."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from babel.languages import get_official_languages

from clearinghouse_formats.languages import LANGUAGES

_NOT_ISO_3166_1 = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)
"""What CLDR names as territories beside the countries of the standard."""


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Every code that a record may name, ``eu`` (a Party to the instruments) included."""
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(
        code.lower() for code in codes if len(code) == 2 and code.isalpha() and code not in _NOT_ISO_3166_1
    )


@lru_cache(maxsize=4096)
def country_name(code: str, language: str) -> str:
    """The country's name in one of the six languages. Raises KeyError for an unknown code or language."""
    if code not in countries() or language not in LANGUAGES:
        raise KeyError("an unknown country or language")
    return str(Locale(language).territories[code.upper()])


def country_names(code: str) -> dict[str, str]:
    """The country's name in all six languages."""
    return {language: country_name(code, language) for language in LANGUAGES}


@lru_cache(maxsize=512)
def first_language(country: str) -> str:
    """The first of the six languages among those that are official in the country, else English."""
    for official in get_official_languages(country.upper(), de_facto=True):
        language = official.split("_")[0]
        if language in LANGUAGES:
            return language
    return "en"
