"""Publication: what makes a draft a revision, its event, and every transmission that it owes.

All of it happens in the caller's one transaction, or nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clearinghouse_formats import REASON, confidential_flags, is_revocation
from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.documents import Document
from clearinghouse_messages.events import Multilingual, TransmissionOwed
from clearinghouse_runtime.entries import LedgerEntry, Provenance, entry_of
from registry.application import receipts
from registry.application.access import Unit
from registry.application.commands import PublishDraft
from registry.application.context import Context, TransmissionRule
from registry.application.directory import Directory
from registry.application.documents import checked_references, refuse_oversize
from registry.application.drafts import record_of, writable
from registry.application.ports import Transaction
from registry.application.views import copy_of, names_in, newer_than_pinned, record_event
from registry.domain.confidentiality import PublicationWarning, shown_before
from registry.domain.entities import Draft, Record, Revision, Transmission
from registry.domain.identifiers import of_revision
from registry.domain.publication import Changed, Content, end, next_revision, revision_id
from registry.domain.refusals import record_ended
from registry.domain.transmissions import Recipient, merge


@dataclass(frozen=True)
class Publication:
    """What a publication made. ``entries`` are to be stated; ``transmissions`` is how many are owed."""

    changed: Changed
    entries: Sequence[LedgerEntry]
    transmissions: int
    warnings: Sequence[PublicationWarning] = ()


async def publish_draft(ctx: Context, unit: Unit, command: PublishDraft) -> Receipt:
    """Publish a draft without a request, as a publishing authority may."""
    draft = await writable(ctx, unit, "publish", command)
    return await publish_and_remove_draft(ctx, unit, draft)


async def publish_and_remove_draft(ctx: Context, unit: Unit, draft: Draft) -> Receipt:
    """Publish a draft and remove it; the receipt of what that made."""
    record = await record_of(unit.tx, draft)
    await unit.tx.remove(draft)
    made = await publish(ctx, unit.tx, record, (draft.public, draft.private), unit.provenance)
    unit.entries.extend(made.entries)
    return receipts.of_publication(ctx, made.changed, made.transmissions, made.warnings)


async def publish(
    ctx: Context,
    tx: Transaction,
    record: Record,
    parts: tuple[Document, Document],
    provenance: Provenance,
) -> Publication:
    """Publish content as the next revision of its record, or end its validity if it asks for that.

    ``parts`` are the public and the private content. Refuses what may not be published.
    """
    public, private = parts
    declared = ctx.catalogue.format(record.format)
    if record.status in ("revoked", "deleted"):
        raise record_ended(record.status)
    former = await tx.get(Revision, revision_id(record.number, record.revision)) if record.revision else None
    document = {**public, **private}
    refers_to = await checked_references(tx, declared, document, revision=record.revision + 1)
    refuse_oversize(public)
    reason = reason_in(document)
    if former is not None and is_revocation(declared, document):
        return await write(
            ctx, tx, end(record, former, how="revoked", at=provenance.at, reason=reason), provenance
        )
    content = Content(
        public, private, dict(declared.title(public)), declared.version, refers_to, reason if former else None
    )
    changed = next_revision(
        record, former, content, by=provenance.by, at=provenance.at, cause=provenance.cause
    )
    warnings = shown_before(confidential_flags(declared, public), former.public if former else None)
    return await write(ctx, tx, changed, provenance, warnings)


async def write(
    ctx: Context,
    tx: Transaction,
    changed: Changed,
    provenance: Provenance,
    warnings: Sequence[PublicationWarning] = (),
) -> Publication:
    """Write a change and every transmission that it owes; the event and those that are owed are to be stated."""
    await tx.replace(changed.record)
    if changed.is_new_revision:
        await tx.insert(changed.revision)
    else:
        await tx.replace(changed.revision)
    if changed.former is not None:
        await tx.replace(changed.former)
    rule = ctx.rules.get((changed.record.format, changed.change))
    owed = await _owed(ctx, tx, changed, provenance, rule) if rule and provenance.cause == "command" else []
    return Publication(
        changed, [_event(ctx, changed, provenance, official=rule is not None), *owed], len(owed), warnings
    )


def reason_in(document: Document) -> Multilingual | None:
    """The reason that a document gives for this revision or for the revocation."""
    reason = document.get(REASON)
    return dict(reason) if isinstance(reason, dict) and reason else None


def _event(ctx: Context, changed: Changed, provenance: Provenance, *, official: bool) -> LedgerEntry:
    event = record_event(ctx, changed)
    return entry_of(
        event,
        provenance,
        entry_id=provenance.derive("record"),
        record=changed.record.identifier,
        subject=event.identifier,
        lane="bulk" if provenance.cause == "migration" else "official" if official else "interactive",
    )


async def _owed(
    ctx: Context, tx: Transaction, changed: Changed, provenance: Provenance, rule: TransmissionRule
) -> list[LedgerEntry]:
    directory = Directory(tx)
    recipients = merge(await rule.addressees(changed, directory))
    contacts = list(await rule.contacts(changed, directory))
    names = await names_in(ctx, directory, changed.record, changed.revision)
    current = await newer_than_pinned(ctx, directory, changed.record, changed.revision)
    entries = []
    for recipient in recipients:
        transmission = _transmission(changed, provenance, rule, recipient)
        await tx.insert(transmission)
        if not recipient.emails:
            continue
        owed = TransmissionOwed(
            transmission=transmission.id,
            kind=rule.kind,
            realm=changed.record.realm,
            identifier=transmission.identifier,
            roles=transmission.roles,
            emails=transmission.emails,
            language=transmission.language,
            labels=names,
            current=current,
            record=copy_of(ctx, changed),
            contacts=contacts,
            owed_at=provenance.at,
        )
        entries.append(
            entry_of(
                owed,
                provenance,
                entry_id=transmission.entry,
                record=changed.record.identifier,
                subject=transmission.identifier,
                lane="official",
            )
        )
    return entries


def _transmission(
    changed: Changed, provenance: Provenance, rule: TransmissionRule, recipient: Recipient
) -> Transmission:
    reachable = bool(recipient.emails)
    return Transmission(
        id=provenance.derive(f"transmission|{recipient.key}"),
        number=changed.record.number,
        identifier=of_revision(changed.record.identifier, changed.revision.revision),
        kind=rule.kind,
        roles=list(recipient.roles),
        emails=list(recipient.emails),
        language=recipient.language,
        status="owed" if reachable else "unaddressable",
        settled=not reachable,
        owed_at=provenance.at,
        stated_at=provenance.at,
        entry=provenance.derive(f"owed|{recipient.key}"),
        settled_at=None if reachable else provenance.at,
    )
