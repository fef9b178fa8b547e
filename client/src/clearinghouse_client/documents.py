"""Documents in the exchange form: read from a file, and carrying the reason of an amendment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from clearinghouse_client.errors import UsageError
from clearinghouse_messages.documents import Document

UPDATE, REVOKE = 0, 1
"""The values of ``amendmentIntent``."""


def read_document(file: Path) -> Document:
    """The document in a file (``-``: standard input). What is in it never shows in an error."""
    try:
        raw = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read ({type(error).__name__}).") from None
    try:
        document = json.loads(raw)
        json.dumps(document, allow_nan=False, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{file} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{file} holds what no record may hold ({type(error).__name__}).",
            "Look for NaN, numbers of thousands of digits, very deep nesting, or half a character.",
        ) from None
    if not isinstance(document, dict):
        raise UsageError(f"{file} holds no JSON object.", "Give a record in the exchange form.")
    return document


def uid_of(document: Document, file: Path) -> str:
    """The caller's own name of the record, ``header.identifier``."""
    uid = _header(document).get("identifier")
    if not isinstance(uid, str) or not uid:
        raise UsageError(
            f"{file} has no header.identifier.",
            "Set it to an identifier of your own: 11 to 128 letters, digits, - or _.",
        )
    return uid


def under(document: Document, uid: str) -> Document:
    """The same document as a version of the record ``uid``."""
    named = _header(document).get("identifier")
    if named not in (None, uid):
        raise UsageError(
            "The file holds another record than the one to change.", f"Its header.identifier must be {uid}."
        )
    return {**document, "header": {**_header(document), "identifier": uid}}


def with_reason(document: Document, reason: str, language: str | None) -> Document:
    """The document saying why it changes (``amendmentDescription``).

    The reason is in ``language``, or else in the first of the languages that the document states.
    """
    languages = _header(document).get("languages")
    stated = [str(each) for each in languages] if isinstance(languages, list) else []
    chosen = language or (stated[0] if stated else "en")
    if stated and chosen not in stated:
        raise UsageError(
            f"The record is not written in {chosen}.", f"Choose --language from {', '.join(stated)}."
        )
    return {**document, "amendmentDescription": {chosen: reason}}


def with_intent(document: Document, intent: int) -> Document:
    """The document saying what the change is (``amendmentIntent``)."""
    return {**document, "amendmentIntent": intent}


def _header(document: Document) -> Document:
    header = document.get("header")
    return header if isinstance(header, dict) else {}
