"""Identifiers of records: printed in certificates, so they resolve for ever and in any letter case.

``{PREFIX}-[{ENVIRONMENT}-]{SHORTCODE}-{COUNTRY or SCBD}-{NUMBER}[-{REVISION}]``; a bare number, or the number
with ``@revision``, resolves too, and so does the caller's own identifier (``header.identifier``).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

UID = re.compile(r"[A-Za-z0-9_-]{11,128}")
_FULL = re.compile(
    r"(?P<stem>[A-Z]{3,5}-(?:(?:TRG|DEV|STG)-)?[A-Z0-9]{2,6}-(?:[A-Z]{2}|SCBD)-(?P<number>[1-9][0-9]{0,8}))"
    r"(?:-(?P<revision>[1-9][0-9]{0,5}))?"
)
_NUMBER = re.compile(r"(?P<number>[1-9][0-9]{0,8})(?:@(?P<revision>[1-9][0-9]{0,5}))?")
_UID = re.compile(r"(?P<uid>[A-Za-z0-9_-]{11,128})(?:@(?P<revision>[1-9][0-9]{0,5}))?")


@dataclass(frozen=True)
class Name:
    """How a caller may name a record: by number (with the stem that must fit, if given) or by uid.

    A text that has the form of both is a uid unless the record with that number has that very stem.
    """

    number: int | None
    uid: str | None
    stem: str | None
    revision: int | None


def identifier(prefix: str, mark: str | None, short_code: str, country: str | None, number: int) -> str:
    """The identifier of a record, without a revision."""
    parts = [prefix, *([mark] if mark else []), short_code, (country or "scbd").upper(), str(number)]
    return "-".join(parts)


def of_revision(stem: str, revision: int) -> str:
    """The identifier of one revision, which stays without leading zeros."""
    return f"{stem}-{revision}"


def parse(text: str) -> Name | None:
    """What a text names, or None when it has the form of no identifier."""
    if found := _FULL.fullmatch(text.upper()):
        uid = text if UID.fullmatch(text) else None
        return Name(int(found["number"]), uid, found["stem"], _revision(found["revision"]))
    if found := _NUMBER.fullmatch(text):
        return Name(int(found["number"]), None, None, _revision(found["revision"]))
    if found := _UID.fullmatch(text):
        return Name(None, found["uid"], None, _revision(found["revision"]))
    return None


def is_free_to_use(uid: str, prefixes: Collection[str]) -> bool:
    """Whether a caller may name a record so: nothing that could be taken for one of our own identifiers."""
    ours = uid.upper().startswith(tuple(f"{prefix}-" for prefix in prefixes))
    return UID.fullmatch(uid) is not None and not uid.isdigit() and not ours


def _revision(text: str | None) -> int | None:
    return int(text) if text else None
