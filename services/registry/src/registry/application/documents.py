"""A document in the exchange form, read as far as every command on it needs: header, format, country, faults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from clearinghouse_formats import Format, check_draft, check_publication, references, split
from clearinghouse_messages.documents import Document
from clearinghouse_messages.problems import Fault
from registry.application.context import Context
from registry.application.directory import named, pinned
from registry.application.ports import Reader
from registry.domain import identifiers
from registry.domain.entities import Record
from registry.domain.refusals import invalid, too_large

MAX_PUBLIC_BYTES = 900_000
"""An event holds the whole public record; with its envelope it fits a message of Kafka (``MAX_MESSAGE_BYTES``)."""


@dataclass(frozen=True)
class ReceivedDocument:
    """A document whose header can be acted on."""

    document: Document
    uid: str
    format: Format
    country: str | None


def receive(ctx: Context, realm: str, document: Document) -> ReceivedDocument:
    """Read header, format and country. Refuses a document without which no command can be decided."""
    header = document.get("header")
    header = header if isinstance(header, dict) else {}
    faults: list[Fault] = []
    uid = header.get("identifier")
    prefixes = [row.prefix for row in ctx.catalogue.realms.values()]
    if not isinstance(uid, str) or not identifiers.is_free_to_use(uid, prefixes):
        faults.append(
            Fault(
                "/header/identifier",
                "invalid-value",
                "11 to 128 of A-Z a-z 0-9 - _, not only digits, not beginning like an identifier of a clearing-house",
            )
        )
    name = header.get("schema")
    code = ctx.catalogue.short_code(realm, name) if isinstance(name, str) else None
    if code is None or not isinstance(name, str):
        formats = ", ".join(sorted(ctx.catalogue.realm(realm).short_codes))
        faults.append(Fault("/header/schema", "unexpected-term", f"one of: {formats}"))
        raise invalid(faults)
    declared = ctx.catalogue.format(name)
    country = declared.country(document)
    if declared.country_field and country is None:
        faults.append(Fault(f"/{declared.country_field}", "mandatory", "the country that submits the record"))
    if faults:
        known = {fault.path for fault in faults}
        raise invalid(
            [*faults, *(fault for fault in check_draft(declared, document) if fault.path not in known)]
        )
    return ReceivedDocument(document, str(uid), declared, country)


def public_and_private(received: ReceivedDocument) -> tuple[Document, Document]:
    """The public and private part of a document fit for a draft. Refuses with every fault at once."""
    faults = check_draft(received.format, received.document)
    if faults:
        raise invalid(faults)
    public, private = split(received.format, received.document)
    refuse_oversize(public)
    return public, private


async def checked_references(
    reader: Reader,
    format: Format,  # noqa: A002 - the field's own word
    document: Document,
    *,
    revision: int,
) -> list[int]:
    """Refuse what may not be published, with every fault at once; else the numbers of the records referred to."""
    faults: list[Fault] = list(check_publication(format, document, revision=revision))
    numbers: list[int] = []
    for reference in references(format, document):
        record = await named(reader, reference.identifier)
        if record is None or record.revision == 0:
            faults.append(
                Fault(f"{reference.path}/identifier", "reference-not-found", _expected(reference.targets))
            )
        elif reference.targets and record.format not in reference.targets:
            faults.append(
                Fault(f"{reference.path}/identifier", "reference-wrong-type", _expected(reference.targets))
            )
        elif (pinned(reference, record) or 0) > record.revision:
            faults.append(
                Fault(f"{reference.path}/identifier", "reference-not-found", "a revision that is published")
            )
        else:
            numbers.append(record.number)
    if faults:
        raise invalid(faults)
    return list(dict.fromkeys(numbers))


def new_record(ctx: Context, received: ReceivedDocument, realm: str, number: int, owner: str) -> Record:
    """A record as its first draft names it, not published yet; ``owner`` used the identifier first."""
    code = ctx.catalogue.short_code(realm, received.format.name)
    assert code is not None  # noqa: S101 - receive() refused a format that the realm does not have
    row = ctx.catalogue.realm(realm)
    return Record(
        id=str(number),
        number=number,
        identifier=identifiers.identifier(row.prefix, ctx.mark, code, received.country, number),
        uid=received.uid,
        uid_key=received.uid.lower(),
        realm=realm,
        format=received.format.name,
        country=received.country,
        owner=owner,
    )


def refuse_oversize(public: Document) -> None:
    """Refuse public content that no event can carry."""
    if len(json.dumps(public, ensure_ascii=False, separators=(",", ":")).encode()) > MAX_PUBLIC_BYTES:
        raise too_large(MAX_PUBLIC_BYTES)


def _expected(targets: Sequence[str]) -> str:
    return f"a published record of type {' or '.join(targets)}" if targets else "a published record"
