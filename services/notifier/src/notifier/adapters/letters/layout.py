"""The layout of a letter: from a transmission to all that the two templates show.

A letter is self-contained: everything in it comes from the transmission and from the words of its language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date

from clearinghouse_formats import Format
from clearinghouse_formats.field_labels import field_labels
from clearinghouse_messages.events import RecipientRole, RecordSnapshot, TransmissionOwed
from notifier.adapters.letters.fields import content_rows
from notifier.adapters.letters.localizer import CellValue, LabelledRow, Localizer, plain
from notifier.adapters.letters.rich_text import line
from notifier.adapters.letters.wording import CoreWords, LetterWords, RealmWords
from notifier.application.letters import LettersOfKind

MAX_TITLE_CHARACTERS = 150
"""Characters of a record's title in a subject; the letter itself has it in full."""


@dataclass(frozen=True)
class RealmPart:
    """What a realm gives to one letter, in the language of the letter."""

    name: str
    words: RealmWords
    letters: LettersOfKind


@dataclass(frozen=True)
class Capacity:
    """One reason why the recipient receives the letter."""

    role: str
    country: str
    name: str
    provision: str
    record: str
    """The published record that the recipient's address comes from."""


@dataclass(frozen=True)
class Page:
    """All that the two templates lay out."""

    words: CoreWords
    letter: LetterWords
    language: str
    realm_name: str
    subject: str
    banner: str
    replaced: str
    capacities: tuple[Capacity, ...]
    record: tuple[LabelledRow, ...]
    content: tuple[LabelledRow, ...]
    contacts: tuple[str, ...]
    automatic: str


def page_of(
    owed: TransmissionOwed, realm: RealmPart, declared: Format | None, localizer: Localizer, environment: str
) -> Page:
    """The letter of a transmission. ``declared``: the format of its record, where this deployment knows it."""
    words, record = localizer.words, owed.record
    letter = realm.words.letters[realm.letters.first if record.supersedes is None else realm.letters.later]
    banner = _banner(words, environment)
    subject = letter.subject.format(identifier=owed.identifier, title=_short(_title(record, localizer)))
    content = content_rows(record.content, declared, field_labels(record.format), localizer)
    return Page(
        words=words,
        letter=letter,
        language=localizer.language,
        realm_name=realm.name,
        subject=line(f"[{banner}] {subject}" if banner else subject),
        banner=banner,
        replaced=line(record.supersedes or ""),
        capacities=tuple(_capacity(role, realm.words, localizer) for role in owed.roles),
        record=_record_rows(owed, realm, letter, localizer),
        content=(*_header_rows(record, localizer), *content),
        contacts=tuple(line(contact) for contact in owed.contacts),
        automatic=realm.words.automatic,
    )


def _banner(words: CoreWords, environment: str) -> str:
    if environment == "production":
        return ""
    banners: dict[str, str] = words.banner.model_dump()
    return line(banners.get(environment, words.banner.other).format(environment=environment))


def _title(record: RecordSnapshot, localizer: Localizer) -> str:
    title = localizer.text(record.title)
    return line(title.text) if title else record.identifier


def _short(title: str) -> str:
    return title if len(title) <= MAX_TITLE_CHARACTERS else f"{title[:MAX_TITLE_CHARACTERS]}…"


def _capacity(role: RecipientRole, words: RealmWords, localizer: Localizer) -> Capacity:
    roles = {**localizer.words.roles, **words.roles}
    return Capacity(
        role=roles.get(role.role, line(role.role)),
        country=localizer.country(role.country) if role.country else "",
        name=line(role.name),
        provision=words.provisions.get(role.provision, line(role.provision)),
        record=line(role.record),
    )


def _record_rows(
    owed: TransmissionOwed, realm: RealmPart, letter: LetterWords, localizer: Localizer
) -> tuple[LabelledRow, ...]:
    record, words = owed.record, localizer.words
    title = localizer.text(record.title)
    reason = localizer.text(record.reason) if record.reason else None
    replaced = record.supersedes if realm.letters.shows_replaced else None
    validity = _validity(owed, realm, localizer)
    candidates: list[tuple[str, CellValue | None]] = [
        (words.rows.identifier, CellValue(code=line(owed.identifier))),
        (words.rows.title, title),
        (words.rows.status, plain(words.statuses.get(record.status, record.status))),
        (words.rows.replaces, CellValue(code=line(replaced)) if replaced else None),
        (words.rows.country, plain(localizer.country(record.country)) if record.country else None),
        (words.rows.published, plain(localizer.moment(record.published_at))),
        (words.rows.validity, plain(validity) if validity is not None else None),
        (letter.reason, reason),
        (words.rows.link, CellValue(url=line(record.link))),
    ]
    return tuple(LabelledRow(label, (value,)) for label, value in candidates if value is not None)


def _validity(owed: TransmissionOwed, realm: RealmPart, localizer: Localizer) -> str | None:
    """Until when the record is valid; None for a letter that does not state it."""
    words, field = realm.words.validity, realm.letters.expiry_field
    if words is None or field is None:
        return None
    if owed.record.status != "current":
        return words.ended
    stated = owed.record.content.get(field)
    try:
        last = date.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        return line(str(stated))
    if last is None:
        return words.unlimited
    still = last >= owed.owed_at.astimezone(UTC).date()
    return (words.until if still else words.expired).format(date=localizer.day(last))


def _header_rows(record: RecordSnapshot, localizer: Localizer) -> tuple[LabelledRow, ...]:
    rows = localizer.words.rows
    languages = [plain(localizer.language_name(language)) for language in record.languages]
    return (
        LabelledRow(rows.own_identifier, (CellValue(code=line(record.uid)),)),
        *([LabelledRow(rows.languages, tuple(languages))] if languages else []),
    )
