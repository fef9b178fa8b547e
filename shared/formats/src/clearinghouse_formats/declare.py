"""The two declarations that everything else derives from: a common format, and a realm as one row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from clearinghouse_formats.languages import LANGUAGES
from clearinghouse_formats.markers import Confidential
from clearinghouse_formats.record import RecordModel, stated_languages
from clearinghouse_formats.walk import fields
from clearinghouse_messages.documents import Document
from clearinghouse_messages.problems import Fault

Rule = Callable[[Document], Iterable[Fault]]
"""What must hold between the fields of a document that is to be published."""

Title = Callable[[Document], dict[str, str]]

Kind = Literal["national", "reference", "scbd"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Realm:
    """One clearing-house."""

    slug: str
    prefix: str
    """Begins the identifiers of its records: three to five capital letters."""
    name: Mapping[str, str]
    instrument: Mapping[str, str]
    """The agreement that it serves, by language."""
    mail_identity: str
    """The local part of the address that its mail comes from."""
    focal_points: frozenset[str]
    """The categories of focal points (``focalPoint.categories``) that are national focal points here."""
    short_codes: Mapping[str, str]
    """The formats that it declares, each with the short code of its identifiers."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """One common format."""

    name: str
    model: type[RecordModel]
    kind: Kind
    title_of: Title
    version: int = 1
    country_fields: tuple[str, ...] = ("government",)
    """The fields that name the record's country (the first that is filled); none for records of no country."""
    reason: Literal["required", "optional"] = "optional"
    """Whether a later revision must say why it was made."""
    ends: Literal["revoked", "deleted"] = "deleted"
    submitted_by: Literal["country", "anyone", "secretariat"] = "country"
    rules: tuple[Rule, ...] = field(default=(), repr=False)

    @property
    def country_field(self) -> str | None:
        """The field that names the record's country."""
        return self.country_fields[0] if self.country_fields else None

    @property
    def confidential(self) -> tuple[str, ...]:
        """The fields that may be declared confidential instead of filled."""
        return tuple(part.wire for part in fields(self.model) if part.marker(Confidential))

    def country(self, document: Document) -> str | None:
        """The code of the country whose record it is, as far as the document says."""
        for name in self.country_fields:
            term = document.get(name)
            code = term.get("identifier") if isinstance(term, Mapping) else None
            if isinstance(code, str) and code:
                return code
        return None

    def title(self, document: Document) -> dict[str, str]:
        """What the record is called, by language; empty where a draft does not say it yet."""
        return self.title_of(document)


def texts(value: Any) -> dict[str, str]:
    """What of a value is text by language."""
    if not isinstance(value, Mapping):
        return {}
    return {
        language: text
        for language in LANGUAGES
        if isinstance(text := value.get(language), str) and text.strip()
    }


def titled(name: str) -> Title:
    """The title is a field."""
    return lambda document: texts(document.get(name))


def person_title(document: Document) -> dict[str, str]:
    """The title is a person's name, the same in every language of the record."""
    parts = [document.get(part) for part in ("firstName", "middleName", "lastName")]
    name = " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())
    return dict.fromkeys(_languages(document), name) if name else {}


def contact_title(document: Document) -> dict[str, str]:
    """The title of a contact: the person's name, else the organization's, else the office, else the record's own."""
    named_otherwise = texts(document.get("organization")) or texts(document.get("designation"))
    header = document.get("header")
    uid = header.get("identifier") if isinstance(header, Mapping) else None
    return (
        person_title(document)
        or named_otherwise
        or (dict.fromkeys(_languages(document), uid) if isinstance(uid, str) else {})
    )


def _languages(document: Document) -> list[str]:
    return [language for language in LANGUAGES if language in stated_languages(document)]
