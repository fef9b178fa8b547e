"""The words of the letters, by language: data that is checked when it is loaded."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

LetterName = Literal[
    "certificate", "certificate-amended", "certificate-revoked", "communique", "communique-amended"
]


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class LetterWords(_Words):
    """What is said in one kind of letter only."""

    subject: str
    """With ``{identifier}`` and ``{title}``."""
    heading: str
    what: str
    """What is sent, and its legal ground; a letter of an amendment with ``{replaced}``."""
    reason: str
    """The label of the reason for an amendment or a revocation."""


class Banner(_Words):
    """Outside production: that nothing here is official."""

    training: str
    development: str
    staging: str
    other: str
    """Of an environment without words of its own, with ``{environment}``."""


class Sections(_Words):
    """Headings."""

    why: str
    record: str
    copied: str
    contacts: str


class RowLabels(_Words):
    """Labels of what a letter says about the record, beside its fields."""

    identifier: str
    status: str
    title: str
    country: str
    replaces: str
    published: str
    validity: str
    link: str
    own_identifier: str
    languages: str
    tag: str
    language: str
    zoom: str
    lat: str
    lng: str


class Validity(_Words):
    """Until when a certificate is valid, with ``{date}``."""

    until: str
    expired: str
    unlimited: str
    ended: str


class Phrases(_Words):
    """Words that stand in the place of a value or beside it."""

    colon: str
    """What stands between a label and its value on one line."""
    confidential: str
    untranslated: str
    """Beside a text in another language, with ``{language}``."""
    newer: str
    """Beside a reference to a revision that is not the newest, with ``{identifier}``."""
    yes: str
    no: str
    capacities: str
    source: str
    """Where the recipient's address comes from, with ``{record}``."""
    no_contacts: str
    compare: str
    automatic: str


class Catalogue(_Words):
    """The words of the letters in one language."""

    direction: Literal["ltr", "rtl"]
    locale: str
    """The locale of dates and names of languages."""
    letters: dict[LetterName, LetterWords]
    banner: Banner
    sections: Sections
    rows: RowLabels
    validity: Validity
    phrases: Phrases
    statuses: dict[str, str]
    roles: dict[str, str]
    provisions: dict[str, str]
    codes: dict[str, dict[str, str]]
    """Names of coded values, by field."""


@lru_cache(maxsize=6)
def catalogue(language: str) -> Catalogue:
    """The words in one of the six languages of the United Nations."""
    data = files(__package__).joinpath("words", f"{language}.json").read_bytes()
    return Catalogue.model_validate_json(data)
