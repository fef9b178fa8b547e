"""Whether a document is well-formed, and whether it may be published. Every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from clearinghouse_formats.countries import countries
from clearinghouse_formats.declare import Format
from clearinghouse_formats.extract import confidential_flags
from clearinghouse_formats.faults import MAX_FAULTS, from_pydantic, pointer
from clearinghouse_formats.languages import LANGUAGES
from clearinghouse_formats.markers import (
    Confidential,
    In,
    Mandatory,
    MaxCharacters,
    MaxWords,
    MustBe,
    is_empty,
)
from clearinghouse_formats.markup import plain
from clearinghouse_formats.record import INTENT, REASON, REVOKE, stated_languages
from clearinghouse_formats.values import Lstring
from clearinghouse_formats.walk import Found, fields, walk
from clearinghouse_messages.documents import Document
from clearinghouse_messages.problems import Fault


def check_draft(declared: Format, document: object) -> list[Fault]:
    """What keeps a document from being kept as a draft, in the order of paths; it may be incomplete."""
    if not isinstance(document, dict):
        return [Fault("", "invalid-type", "an object")]
    faults = {*_form(declared, document), *_meaning(declared, document)}
    return _reported(declared, document, faults)


def check_publication(declared: Format, document: object, *, revision: int) -> list[Fault]:
    """What keeps a document from becoming that revision (1 is the first), in the order of paths.

    A draft that asks for revocation needs no content: only its header, its country and its reason.
    """
    faults = set(check_draft(declared, document))
    if isinstance(document, dict):
        revocation = is_revocation(declared, document)
        demands = (
            _of_revocation(declared, document, revision) if revocation else _of_content(declared, document)
        )
        faults |= set(demands)
        if is_empty(document.get(REASON)) and (
            revocation or (declared.reason == "required" and revision > 1)
        ):
            faults.add(Fault(f"/{REASON}", "mandatory", "the reason of this revision, or of the revocation"))
        return _reported(declared, document, faults)
    return sorted(faults)


def is_revocation(declared: Format, document: Document) -> bool:
    """Whether the draft asks for the end of the record's validity instead of new content."""
    intent = document.get(INTENT)
    return declared.ends == "revoked" and type(intent) is int and intent == REVOKE


def _form(declared: Format, document: Document) -> list[Fault]:
    try:
        declared.model.model_validate(dict(document))
    except ValidationError as error:
        return from_pydantic(error)
    return []


def _meaning(declared: Format, document: Document) -> Iterator[Fault]:
    header = document.get("header")
    if isinstance(header, Mapping) and header.get("schema") not in (None, declared.name):
        yield Fault("/header/schema", "invalid-value", declared.name)
    for name in confidential_flags(declared, document):
        if document.get(name) not in (None, "", [], {}):
            yield Fault(f"/{name}", "confidential-value", "no value beside its declaration as confidential")
    stated = stated_languages(document)
    for found in walk(declared.model, document):
        if isinstance(found.value, Mapping) and found.field.model() is Lstring:
            yield from _languages(found, stated)
            yield from _lengths(found)
        yield from _term(found)


def _languages(found: Found, stated: tuple[str, ...]) -> Iterator[Fault]:
    for language in list(found.value)[:MAX_FAULTS]:
        if language not in LANGUAGES:
            expected = f"one of the languages {', '.join(LANGUAGES)}"
            yield Fault(pointer((*found.path, language)), "unspecified-locale", expected)
        elif stated and language not in stated and not is_empty(found.value[language]):
            expected = "a language that header.languages states"
            yield Fault(pointer((*found.path, language)), "unspecified-locale", expected)


def _lengths(found: Found) -> Iterator[Fault]:
    characters, words = found.field.marker(MaxCharacters), found.field.marker(MaxWords)
    for language in LANGUAGES:
        text = found.value.get(language)
        if not isinstance(text, str):
            continue
        if characters and len(plain(text)) > characters.number:
            expected = f"at most {characters.number} characters"
            yield Fault(pointer((*found.path, language)), "too-long", expected)
        if words and _words(text, language) > words.number:
            yield Fault(pointer((*found.path, language)), "too-long", f"at most {words.number} words")


def _words(text: str, language: str) -> int:
    """Chinese writes no spaces between words; there characters count."""
    seen = plain(text, gap=" ").split()
    return sum(len(word) for word in seen) if language == "zh" else len(seen)


def _term(found: Found) -> Iterator[Fault]:
    source = found.field.marker(In)
    if source is None:
        return
    term_object = isinstance(found.value, Mapping)
    identifier = found.value.get("identifier") if term_object else found.value
    if not isinstance(identifier, str) or (source.or_country and identifier in countries()):
        return
    term = source.vocabulary.find(identifier)
    if term is None:
        path = pointer((*found.path, "identifier") if term_object else found.path)
        yield Fault(path, "unexpected-term", f"a term of the vocabulary {source.vocabulary.identifier}")
    elif not term.free_text and term_object and not is_empty(found.value.get("customValue")):
        path = pointer((*found.path, "customValue"))
        yield Fault(path, "invalid-value", "no text of its own: only “other” has one")


def _of_content(declared: Format, document: Document) -> Iterator[Fault]:
    yield from _mandatory(declared, document)
    for rule in declared.rules:
        yield from rule(document)


def _mandatory(declared: Format, document: Document) -> Iterator[Fault]:
    flags = confidential_flags(declared, document)
    for field in fields(declared.model):
        value = document.get(field.wire)
        mandatory, only = field.marker(Mandatory), field.marker(MustBe)
        if only is not None and isinstance(value, bool) and value is not only.value:
            yield Fault(f"/{field.wire}", "invalid-value", f"{str(only.value).lower()}, to be published")
        if mandatory is None or not mandatory.applies(document) or field.wire in flags or not is_empty(value):
            continue
        confidential = field.marker(Confidential)
        expected = f"a value, or {confidential.flag} true" if confidential else "a value"
        yield Fault(f"/{field.wire}", "mandatory", expected)


def _of_revocation(declared: Format, document: Document, revision: int) -> Iterator[Fault]:
    if revision == 1:
        yield Fault(f"/{INTENT}", "invalid-value", "0: only a published record can be revoked")
    if declared.country_field and declared.country(document) is None:
        yield Fault(f"/{declared.country_field}", "mandatory", "a value")


def _reported(declared: Format, document: Document, faults: set[Fault]) -> list[Fault]:
    """In order of paths; of a value that was declared confidential, nothing but that it may not be there."""
    flagged = {f"/{name}" for name in confidential_flags(declared, document)}
    locales = {fault.path for fault in faults if fault.code == "unspecified-locale"}
    reported = (
        fault
        for fault in faults
        if (fault.code == "confidential-value" or f"/{fault.path[1:].split('/')[0]}" not in flagged)
        and (fault.code != "unknown-field" or fault.path not in locales)
    )
    return sorted(reported)[:MAX_FAULTS]
