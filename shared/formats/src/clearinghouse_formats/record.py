"""What every record has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictInt, StrictStr

from clearinghouse_formats.markers import Private
from clearinghouse_formats.values import MAX_ENTRIES, Language, Link, Lstring, Text, Value, refusal

REASON = "amendmentDescription"
"""The field that says why a revision was made, and of a revocation why."""

INTENT = "amendmentIntent"
"""The field of formats that can be revoked: 0 update, 1 revoke."""

REVOKE = 1


def _identifier(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{11,128}", text):
        raise refusal("invalid-value", "11 to 128 letters, digits, - or _")
    return text


def _intent(number: int) -> int:
    if number not in {0, REVOKE}:
        raise refusal("invalid-value", "0 (update) or 1 (revoke)")
    return number


Intent = Annotated[StrictInt, AfterValidator(_intent), Field(json_schema_extra={"enum": [0, REVOKE]})]


class Header(Value):
    """The caller's own identifier of the record, its format, and the languages it is written in."""

    identifier: Annotated[
        StrictStr,
        AfterValidator(_identifier),
        Field(json_schema_extra={"pattern": "^[A-Za-z0-9_-]{11,128}$"}),
    ]
    format: Annotated[StrictStr, Field(alias="schema")]
    languages: Annotated[list[Language], Field(min_length=1, max_length=6)]


Links = Annotated[list[Link], Field(max_length=MAX_ENTRIES)]


class RecordModel(Value):
    """Base of every common format. What is required to publish is marked; a draft may lack it."""

    header: Header
    relevant_information: Lstring | None = None
    relevant_documents: Links | None = None
    notes: Annotated[Text | None, Private()] = None
    """For the authors alone; not for confidential information either."""
    amendment_description: Lstring | None = None


def stated_languages(document: Any) -> tuple[str, ...]:
    """The languages that a document states, as far as they can be read."""
    header = document.get("header")
    languages = header.get("languages") if isinstance(header, Mapping) else None
    return tuple(one for one in languages if isinstance(one, str)) if isinstance(languages, list) else ()
