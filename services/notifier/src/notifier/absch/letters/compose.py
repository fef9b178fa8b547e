"""The letters that the Nagoya Protocol owes: from a transmission to subject, text and HTML.

A letter is self-contained: everything in it comes from the transmission and from the words of its language.
Sources: Nagoya Protocol, Articles 14.2 (c) and 17; decision NP-1/2, modalities of operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from clearinghouse_formats.absch import REALM
from clearinghouse_messages.events import RecipientRole, RecordState, TransmissionOwed
from notifier.absch.letters.catalogue import Catalogue, LetterName, LetterWords
from notifier.absch.letters.fields import content_rows
from notifier.absch.letters.passages import clean, is_address, line
from notifier.absch.letters.wording import Reader, Row, Value, plain, reader_of
from notifier.application.ports import UnknownLetterError
from notifier.domain.delivery import Letter

LONGEST_TITLE = 150
"""Characters of a record's title in a subject; the letter itself has it in full."""

_LETTERS: Mapping[str, tuple[LetterName, LetterName]] = {
    "certificate": ("certificate", "certificate-amended"),
    "certificate-revoked": ("certificate-revoked", "certificate-revoked"),
    "communique": ("communique", "communique-amended"),
}
"""By the kind of a transmission: the letter of a first revision and that of a later one."""


@dataclass(frozen=True)
class Capacity:
    """One reason why the recipient receives the letter."""

    role: str
    country: str
    name: str
    provision: str
    record: str
    """The published record that his address comes from."""


@dataclass(frozen=True)
class Page:
    """All that the two templates lay out."""

    words: Catalogue
    letter: LetterWords
    language: str
    house: str
    subject: str
    banner: str
    replaced: str
    capacities: tuple[Capacity, ...]
    record: tuple[Row, ...]
    content: tuple[Row, ...]
    contacts: tuple[str, ...]


def render(owed: TransmissionOwed, *, environment: str) -> Letter:
    """The letter of a transmission, in the recipient's language (English where it is none of the six).

    Everywhere but in ``production`` its subject and both its parts begin by saying that it is not official.
    Raises UnknownLetterError for a kind of transmission that has no letter.
    """
    if owed.kind not in _LETTERS:
        raise UnknownLetterError("no letter is declared for this kind of transmission")
    page = _page(owed, reader_of(owed.language, owed.labels, owed.current), environment)
    html, text = (_templates().get_template(name) for name in ("letter.html.jinja", "letter.txt.jinja"))
    return Letter(
        subject=page.subject,
        text=clean(text.render(page=page)),
        html=clean(html.render(page=page)),
        language=page.language,
    )


def _page(owed: TransmissionOwed, reader: Reader, environment: str) -> Page:
    words, record = reader.words, owed.record
    letter = words.letters[_LETTERS[owed.kind][record.supersedes is not None]]
    banner = _banner(words, environment)
    subject = letter.subject.format(identifier=owed.identifier, title=_short(_title(record, reader)))
    return Page(
        words=words,
        letter=letter,
        language=reader.language,
        house=REALM.name[reader.language],
        subject=line(f"[{banner}] {subject}" if banner else subject),
        banner=banner,
        replaced=line(record.supersedes or ""),
        capacities=tuple(_capacity(role, reader) for role in owed.roles),
        record=_record_rows(owed, letter, reader),
        content=(*_header_rows(record, reader), *content_rows(record.content, record.format, reader)),
        contacts=tuple(line(contact) for contact in owed.contacts),
    )


def _banner(words: Catalogue, environment: str) -> str:
    if environment == "production":
        return ""
    banners: dict[str, str] = words.banner.model_dump()
    return line(banners.get(environment, words.banner.other).format(environment=environment))


def _title(record: RecordState, reader: Reader) -> str:
    title = reader.text(record.title)
    return line(title.text) if title else record.identifier


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"


def _capacity(role: RecipientRole, reader: Reader) -> Capacity:
    words = reader.words
    return Capacity(
        role=words.roles.get(role.role, line(role.role)),
        country=reader.country(role.country) if role.country else "",
        name=line(role.name),
        provision=words.provisions.get(role.provision, line(role.provision)),
        record=line(role.record),
    )


def _record_rows(owed: TransmissionOwed, letter: LetterWords, reader: Reader) -> tuple[Row, ...]:
    record, words = owed.record, reader.words
    title = reader.text(record.title)
    reason = reader.text(record.reason) if record.reason else None
    replaced = record.supersedes if owed.kind != "certificate-revoked" else None
    candidates: list[tuple[str, Value | None]] = [
        (words.rows.identifier, Value(code=line(owed.identifier))),
        (words.rows.title, title),
        (words.rows.status, plain(words.statuses.get(record.status, record.status))),
        (words.rows.replaces, Value(code=line(replaced)) if replaced else None),
        (words.rows.country, plain(reader.country(record.country)) if record.country else None),
        (words.rows.published, plain(reader.moment(record.published_at))),
        (words.rows.validity, plain(_validity(owed, reader)) if owed.kind != "communique" else None),
        (letter.reason, reason),
        (words.rows.link, Value(url=line(record.link))),
    ]
    return tuple(Row(label, (value,)) for label, value in candidates if value is not None)


def _validity(owed: TransmissionOwed, reader: Reader) -> str:
    validity = reader.words.validity
    if owed.record.status != "current":
        return validity.ended
    stated = owed.record.content.get("dateOfExpiry")
    try:
        last = date.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        return line(str(stated))
    if last is None:
        return validity.unlimited
    still = last >= owed.owed_at.astimezone(UTC).date()
    return (validity.until if still else validity.expired).format(date=reader.day(last))


def _header_rows(record: RecordState, reader: Reader) -> tuple[Row, ...]:
    rows = reader.words.rows
    languages = [plain(reader.language_name(language)) for language in record.languages]
    return (
        Row(rows.own_identifier, (Value(code=line(record.uid)),)),
        *([Row(rows.languages, tuple(languages))] if languages else []),
    )


@lru_cache(maxsize=1)
def _templates() -> Environment:
    folder = files(__package__).joinpath("templates")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=select_autoescape(enabled_extensions=["html.jinja"], disabled_extensions=["txt.jinja"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["address"] = is_address
    environment.filters["ltr"] = _ltr
    return environment


def _ltr(text: str) -> Markup:
    """Left-to-right and apart from the text around it, as identifiers and addresses are in any language."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)
