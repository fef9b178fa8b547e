"""The words of the letters, by language: data that is checked when it is loaded.

What any realm needs is in ``words/`` beside this module; each realm has a folder with the words of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from clearinghouse_formats import LANGUAGES
from notifier.application.letters import RealmLetters

CORE_FOLDER = files(__package__).joinpath("words")
"""The words that any realm needs."""


def _fills(*names: str) -> AfterValidator:
    """A text in which these placeholders and no others are filled in."""

    def check(text: str) -> str:
        if unknown := {name for _, name, _, _ in Formatter().parse(text) if name is not None} - {*names}:
            raise ValueError(f"nothing is filled in for {sorted(unknown)}")
        return text

    return AfterValidator(check)


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LetterWords(_Words):
    """What is said in one letter only."""

    subject: Annotated[str, _fills("identifier", "title")]
    heading: str
    what: Annotated[str, _fills("replaced")]
    """What is sent, and its legal ground; ``{replaced}`` is the revision that this one replaces."""
    reason: str
    """The label of the reason for an amendment or a revocation."""


class Validity(_Words):
    """Until when what is sent is valid. In many languages the words agree with its name, so they are the realm's."""

    until: Annotated[str, _fills("date")]
    expired: Annotated[str, _fills("date")]
    unlimited: str
    ended: str


class RealmWords(_Words):
    """The words of a realm in one language."""

    letters: dict[str, LetterWords]
    validity: Validity | None = None
    """Needed where a letter states the validity of a record."""
    roles: dict[str, str] = Field(default_factory=dict)
    """Roles of recipients that only this realm has."""
    provisions: dict[str, str] = Field(default_factory=dict)
    automatic: str
    """The last paragraph: by which clearing-house the letter was sent automatically, and whom to answer."""


class Banner(_Words):
    """Outside production: that nothing here is official."""

    training: str
    development: str
    staging: str
    other: Annotated[str, _fills("environment")]
    """Of an environment without words of its own."""


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


class Phrases(_Words):
    """Words that stand in the place of a value or beside it."""

    colon: str
    """What stands between a label and its value on one line."""
    confidential: str
    untranslated: Annotated[str, _fills("language")]
    """Beside a text in another language."""
    newer: Annotated[str, _fills("identifier")]
    """Beside a reference to a revision that is not the newest."""
    yes: str
    no: str
    capacities: str
    source: Annotated[str, _fills("record")]
    """Where the recipient's address comes from."""
    no_contacts: str
    compare: str


class CoreWords(_Words):
    """The words that any realm needs, in one language."""

    direction: Literal["ltr", "rtl"]
    locale: str
    """The locale of dates and names of languages."""
    banner: Banner
    sections: Sections
    rows: RowLabels
    phrases: Phrases
    statuses: dict[str, str]
    roles: dict[str, str]
    """Roles of recipients that any realm has."""
    codes: dict[str, dict[str, str]]
    """Names of coded values, by field."""


W = TypeVar("W", bound=BaseModel)


def core_words() -> dict[str, CoreWords]:
    """The words that any realm needs, by language."""
    return {language: _read(CORE_FOLDER, language, CoreWords) for language in LANGUAGES}


def realm_words(letters: RealmLetters, core: Mapping[str, CoreWords]) -> dict[str, RealmWords]:
    """A realm's own words, by language.

    Raises ValueError where they are not all there, or word a role again that the core words.
    """
    words = {language: _read(letters.words, language, RealmWords) for language in LANGUAGES}
    for language, one in words.items():
        if problems := "; ".join(_problems(letters, one, core[language])):
            raise ValueError(f"the words in {_file(letters.words, language)} {problems}")
    return words


def _problems(letters: RealmLetters, words: RealmWords, core: CoreWords) -> Iterator[str]:
    kinds = letters.kinds.values()
    if missing := {name for kind in kinds for name in (kind.first, kind.later)} - words.letters.keys():
        yield f"lack the letters {sorted(missing)}"
    if words.validity is None and any(kind.expiry_field is not None for kind in kinds):
        yield "lack those of validity, which a letter states"
    if twice := words.roles.keys() & core.roles.keys():
        yield f"word roles that the core words: {sorted(twice)}"


def _read(folder: Traversable, language: str, kind: type[W]) -> W:
    file = _file(folder, language)
    try:
        return kind.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise ValueError(f"the words in {file} are not those of a letter: {error}") from error


def _file(folder: Traversable, language: str) -> Traversable:
    return folder.joinpath(f"{language}.json")
