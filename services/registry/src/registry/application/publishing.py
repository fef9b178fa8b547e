"""Publication: what makes a draft a revision, states it in the ledger and writes down every transmission it owes.

All of it happens in the caller's one transaction, or nothing of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clearinghouse_formats import confidential_flags, is_revocation
from clearinghouse_messages.envelope import Cause
from clearinghouse_messages.events import TransmissionOwed, type_of
from registry.application.context import Context, TransmissionRule
from registry.application.directory import Directory
from registry.application.documents import refuse_oversize, refuse_unpublishable
from registry.application.ports import NewEvent, Transaction
from registry.application.views import copy_of, names_in, newer_than_pinned, record_state
from registry.domain.confidentiality import Notice, shown_before
from registry.domain.entities import Document, Multilingual, Record, Revision, Transmission
from registry.domain.identifiers import of_revision
from registry.domain.publication import Changed, Content, end, publish, revision_id
from registry.domain.refusals import conflict
from registry.domain.transmissions import Due, merge


@dataclass(frozen=True)
class Occasion:
    """When, by whom and why something is published; taken once, outside the transaction's body."""

    at: datetime
    by: str
    cause: Cause
    base: str
    """Identifiers of events and transmissions derive from it, the same on each try of the transaction."""
    traceparent: str | None = None

    def derive(self, what: str) -> str:
        """An identifier that is the same whenever this occasion is tried again."""
        return str(uuid.uuid5(uuid.UUID(self.base), what))


@dataclass(frozen=True)
class Publication:
    """What a publication made."""

    changed: Changed
    transmissions: int
    notices: Sequence[Notice]


async def constitute(
    ctx: Context,
    tx: Transaction,
    record: Record,
    parts: tuple[Document, Document],
    occasion: Occasion,
    reason: Multilingual | None = None,
) -> Publication:
    """Publish a draft's content as the next revision of its record, or end its validity if it asks for that."""
    public, private = parts
    declared = ctx.catalogue.format(record.format)
    if record.status in ("revoked", "deleted"):
        raise conflict(
            "record-ended", "The record has ended", f"It is {record.status} and cannot be changed."
        )
    former = await tx.get(Revision, revision_id(record.number, record.revision)) if record.revision else None
    document = {**public, **private}
    refers_to = await refuse_unpublishable(tx, declared, document, revision=record.revision + 1)
    refuse_oversize(public)
    given = reason_in(document) or reason
    if former is not None and is_revocation(declared, document):
        changed = end(record, former, how="revoked", at=occasion.at, reason=given)
        notices: Sequence[Notice] = ()
    else:
        content = Content(
            public,
            private,
            dict(declared.title(public)),
            declared.version,
            refers_to,
            given if former else None,
        )
        changed = publish(record, former, content, by=occasion.by, at=occasion.at, cause=occasion.cause)
        notices = shown_before(confidential_flags(declared, public), former.public if former else None)
    return Publication(changed, await write(ctx, tx, changed, occasion), notices)


async def write(ctx: Context, tx: Transaction, changed: Changed, occasion: Occasion) -> int:
    """Write a change with its event and what it owes; the number of recipients."""
    await tx.replace(changed.record)
    if changed.is_new_revision:
        await tx.insert(changed.revision)
    else:
        await tx.replace(changed.revision)
    if changed.former is not None:
        await tx.replace(changed.former)
    rule = ctx.rules.get((changed.record.format, changed.change))
    owed = await _owed(ctx, tx, changed, occasion, rule) if rule and occasion.cause == "command" else []
    await tx.append([_event(ctx, changed, occasion, official=rule is not None), *owed])
    return len(owed)


def reason_in(document: Document) -> Multilingual | None:
    """The reason for an update or a revocation, where the format has a field for it."""
    reason = document.get("amendmentDescription")
    return dict(reason) if isinstance(reason, dict) and reason else None


def _event(ctx: Context, changed: Changed, occasion: Occasion, *, official: bool) -> NewEvent:
    state = record_state(ctx, changed)
    return NewEvent(
        id=occasion.derive("record"),
        stream="records",
        realm=changed.record.realm,
        record=changed.record.identifier,
        type=type_of(state),
        subject=state.identifier,
        time=occasion.at,
        cause=occasion.cause,
        lane="bulk" if occasion.cause == "migration" else "official" if official else "interactive",
        data=state.model_dump(mode="json"),
        traceparent=occasion.traceparent,
    )


async def _owed(
    ctx: Context, tx: Transaction, changed: Changed, occasion: Occasion, rule: TransmissionRule
) -> list[NewEvent]:
    directory = Directory(tx)
    dues = merge(await rule.addressees(changed, directory))
    contacts = list(await rule.contacts(changed, directory))
    names = await names_in(ctx, directory, changed.record, changed.revision)
    current = await newer_than_pinned(ctx, directory, changed.record, changed.revision)
    events = []
    for due in dues:
        transmission = _transmission(changed, occasion, rule, due)
        await tx.insert(transmission)
        if not due.emails:
            continue
        owed = TransmissionOwed(
            transmission=transmission.id,
            kind=rule.letter,
            realm=changed.record.realm,
            identifier=transmission.identifier,
            roles=transmission.roles,
            emails=transmission.emails,
            language=transmission.language,
            labels=names,
            current=current,
            record=copy_of(ctx, changed),
            contacts=contacts,
            owed_at=occasion.at,
        )
        events.append(
            NewEvent(
                id=transmission.entry,
                stream="transmissions",
                realm=changed.record.realm,
                record=changed.record.identifier,
                type=type_of(owed),
                subject=transmission.identifier,
                time=occasion.at,
                cause=occasion.cause,
                lane="official",
                data=owed.model_dump(mode="json"),
                traceparent=occasion.traceparent,
            )
        )
    return events


def _transmission(changed: Changed, occasion: Occasion, rule: TransmissionRule, due: Due) -> Transmission:
    reachable = bool(due.emails)
    return Transmission(
        id=occasion.derive(f"transmission|{due.key}"),
        number=changed.record.number,
        identifier=of_revision(changed.record.identifier, changed.revision.revision),
        letter=rule.letter,
        roles=list(due.roles),
        emails=list(due.emails),
        language=due.language,
        status="owed" if reachable else "unaddressable",
        settled=not reachable,
        owed_at=occasion.at,
        stated_at=occasion.at,
        entry=occasion.derive(f"owed|{due.key}"),
        settled_at=None if reachable else occasion.at,
    )
