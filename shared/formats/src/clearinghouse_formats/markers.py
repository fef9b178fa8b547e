"""What a declaration says of a field beside its type. Everything that derives from a format reads these.

Names of other fields are those of the exchange form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from clearinghouse_formats.vocabulary import Vocabulary


def is_empty(value: Any) -> bool:
    """Whether a value says nothing: absent, null, blank text, a list or object of nothing else."""
    if isinstance(value, Mapping):
        return all(_is_blank(part) for part in value.values())
    if isinstance(value, list):
        return all(_is_blank(part) for part in value)
    return _is_blank(value)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


@dataclass(frozen=True)
class Is:
    """Holds where a field has a value; of a term, its identifier."""

    field: str
    value: bool | str

    def holds(self, document: Mapping[str, Any]) -> bool:
        """Whether it holds in a document."""
        found = document.get(self.field)
        if isinstance(found, Mapping):
            found = found.get("identifier")
        return type(found) is type(self.value) and found == self.value

    def schema(self) -> dict[str, Any]:
        """The condition as JSON Schema."""
        constant = {"const": self.value}
        if isinstance(self.value, str):
            constant = {"properties": {"identifier": constant}, "required": ["identifier"]}  # type: ignore[dict-item]
        return {"properties": {self.field: constant}, "required": [self.field]}


@dataclass(frozen=True)
class Filled:
    """Holds where a field has any value."""

    field: str

    def holds(self, document: Mapping[str, Any]) -> bool:
        """Whether it holds in a document."""
        return not is_empty(document.get(self.field))

    def schema(self) -> dict[str, Any]:
        """The condition as JSON Schema."""
        return {"properties": {self.field: {"not": {"enum": [None, "", [], {}]}}}, "required": [self.field]}


Condition = Is | Filled


@dataclass(frozen=True)
class Mandatory:
    """Required to publish: always, when a condition holds, or unless one does."""

    when: Condition | None = None
    unless: Condition | None = None

    def applies(self, document: Mapping[str, Any]) -> bool:
        """Whether the field is required in this document."""
        if self.when is not None and not self.when.holds(document):
            return False
        return self.unless is None or not self.unless.holds(document)


@dataclass(frozen=True)
class MustBe:
    """The one value with which a record may be published."""

    value: bool


@dataclass(frozen=True)
class _Shown:
    """A marker that the JSON Schema shows as a keyword of ours."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(core), **self.keywords()}

    def keywords(self) -> dict[str, Any]:
        """What is added to the field's schema."""
        raise NotImplementedError


@dataclass(frozen=True)
class Confidential(_Shown):
    """May be declared confidential (by the named flag) instead of filled."""

    flag: str

    def keywords(self) -> dict[str, Any]:
        """The flag that stands for the value."""
        return {"x-confidential-flag": self.flag}


@dataclass(frozen=True)
class Private(_Shown):
    """Never published."""

    def keywords(self) -> dict[str, Any]:
        """That the field stays with its authors."""
        return {"x-private": True}


@dataclass(frozen=True)
class To(_Shown):
    """The formats that a reference may lead to."""

    formats: tuple[str, ...]

    def keywords(self) -> dict[str, Any]:
        """The formats by name."""
        return {"x-reference-to": list(self.formats)}


@dataclass(frozen=True)
class In(_Shown):
    """The vocabulary that a term is taken from; with ``or_country`` a country may stand there too."""

    vocabulary: Vocabulary
    or_country: bool = False

    def keywords(self) -> dict[str, Any]:
        """The vocabulary, with its terms by identifier and English name."""
        terms: list[dict[str, Any]] = [
            {
                "const": term.identifier,
                "title": term.name["en"],
                **({"deprecated": True} if term.retired else {}),
            }
            for term in self.vocabulary.terms
        ]
        if self.or_country:
            terms.append({"pattern": "^[a-z]{2}$", "title": "Country (ISO 3166-1 alpha-2) or eu"})
        choice = {"anyOf": terms}
        in_object = {"type": "object", "properties": {"identifier": choice}}
        return {
            "x-vocabulary": self.vocabulary.identifier,
            "allOf": [{"anyOf": [in_object, {"type": "string", **choice}, {"type": "null"}]}],
        }


@dataclass(frozen=True)
class MaxCharacters(_Shown):
    """The length of a text in any language, without its markup."""

    number: int

    def keywords(self) -> dict[str, Any]:
        """The limit."""
        return {"x-max-characters": self.number}


@dataclass(frozen=True)
class MaxWords(_Shown):
    """The length of a text in any language in words (of Chinese: characters), without its markup."""

    number: int

    def keywords(self) -> dict[str, Any]:
        """The limit."""
        return {"x-max-words": self.number}
