"""The types of the exchange form: text by language, term, country, reference, link, place, dates."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    Tag,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from clearinghouse_formats.countries import countries
from clearinghouse_formats.markup import is_simple

MAX_ENTRIES = 1000
"""Entries that a list may have."""


class Value(BaseModel):
    """Base of every declared object: closed, without refused values in its errors, camelCase on the wire."""

    model_config = ConfigDict(
        extra="forbid", alias_generator=to_camel, hide_input_in_errors=True, frozen=True
    )


def refusal(
    kind: Literal["invalid-value", "unexpected-term", "unreadable"], expected: str
) -> PydanticCustomError:
    """The error of a validator: a code of ``Fault`` and what was expected."""
    # "{expected}" is filled by pydantic from our own words, never from the value.
    return PydanticCustomError(kind, "{expected}", {"expected": expected})


def _readable(text: str) -> str:
    if any(character < " " and character not in "\t\n\r" for character in text):
        raise refusal("unreadable", "text without control characters")
    try:
        text.encode()
    except UnicodeEncodeError:
        # From None: the error of the codec holds the text.
        raise refusal("unreadable", "text in Unicode, without lone surrogates") from None
    return text


def _simple(text: str) -> str:
    if not is_simple(text):
        raise refusal("invalid-value", "text with no other than simple HTML: no scripts, styles or handlers")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise refusal("invalid-value", "one line of text")
    return text


Text = Annotated[StrictStr, AfterValidator(_readable)]
Line = Annotated[Text, AfterValidator(_one_line)]
SimpleHtml = Annotated[Text, AfterValidator(_simple)]


class Lstring(Value):
    """Text by language; may hold simple HTML."""

    ar: SimpleHtml | None = None
    en: SimpleHtml | None = None
    es: SimpleHtml | None = None
    fr: SimpleHtml | None = None
    ru: SimpleHtml | None = None
    zh: SimpleHtml | None = None


class Term(Value):
    """A term of a vocabulary; ``customValue`` says what "other" is."""

    identifier: Line
    custom_value: Lstring | None = None


def _country(code: str) -> str:
    if code not in countries():
        raise refusal("unexpected-term", "the two-letter code of a country (ISO 3166-1) in lower case, or eu")
    return code


class Country(Value):
    """A country, or the European Union."""

    identifier: Annotated[
        StrictStr,
        AfterValidator(_country),
        WithJsonSchema(
            {"type": "string", "enum": sorted(countries()), "title": "Country (ISO 3166-1 alpha-2) or eu"}
        ),
    ]


def _reference(identifier: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,128}(@[1-9][0-9]{0,5})?", identifier):
        raise refusal("invalid-value", "the identifier of a record, with @ and the revision to pin one")
    return identifier


class RecordReference(Value):
    """A reference that follows the current revision of a record (``ID``) or pins one (``ID@2``)."""

    identifier: Annotated[StrictStr, AfterValidator(_reference)]


def _address(url: str) -> str:
    if not re.fullmatch(r"((https?|ftp)://|/(?!/))[^\s\x00-\x1f<>\"]+", url, re.IGNORECASE):
        raise refusal("invalid-value", "an address that begins with https://, http://, ftp:// or /")
    return url


def _language_tag(tag: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", tag):
        raise refusal("invalid-value", "the code of a language, for instance es")
    return tag


class Link(Value):
    """A link, or a file: then the address names the attachment."""

    url: Annotated[Text, Field(max_length=2000), AfterValidator(_address)]
    name: Line | None = None
    tag: Line | None = None
    language: Annotated[StrictStr, AfterValidator(_language_tag)] | None = None


class MapLocation(Value):
    """A place on a map: degrees of latitude and longitude, level of zoom."""

    zoom: Annotated[StrictInt, Field(ge=0, le=30)] | None = None
    lat: Annotated[StrictFloat, Field(ge=-90, le=90, allow_inf_nan=False)]
    lng: Annotated[StrictFloat, Field(ge=-180, le=180, allow_inf_nan=False)]


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else _not_a_date("a date YYYY-MM-DD")
    except ValueError:
        return _not_a_date("a date YYYY-MM-DD")


def _day_or_less(text: str) -> str:
    expected = "a date YYYY, YYYY-MM or YYYY-MM-DD"
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text, re.ASCII):
        return _not_a_date(expected)
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return _not_a_date(expected)
    return text


def _not_a_date(expected: str) -> str:
    raise refusal("invalid-value", expected)


Date = Annotated[StrictStr, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
PartialDate = Annotated[
    StrictStr,
    AfterValidator(_day_or_less),
    Field(json_schema_extra={"pattern": "^[0-9]{4}(-[0-9]{2}){0,2}$"}),
]
"""A day, a month or a year."""


_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")


def _email(address: str) -> str:
    if not _EMAIL.fullmatch(address):
        raise refusal("invalid-value", "an e-mail address")
    return address


Email = Annotated[Text, Field(max_length=254), AfterValidator(_email)]
Language = Literal["ar", "en", "es", "fr", "ru", "zh"]
Flag = StrictBool


def _form_of_date(value: Any) -> str | None:
    if isinstance(value, str):
        return "#text"
    return "#by-language" if isinstance(value, dict | Lstring) else None


PublicationDate = Annotated[
    Annotated[PartialDate, Tag("#text")] | Annotated[Lstring, Tag("#by-language")],
    Discriminator(_form_of_date),
]
"""When something was published: a date, or words by language as the clearing-houses send it."""
