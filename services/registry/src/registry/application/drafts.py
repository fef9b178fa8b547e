"""Drafts: made, replaced, discarded and read. Two people who edit one draft never overwrite each other silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clearinghouse_formats import confidential_flags
from registry.application.access import actor, allowed, rest_on_grant, subject_of
from registry.application.context import Context
from registry.application.directory import Directory, named
from registry.application.documents import Received, as_draft, new_record, receive
from registry.application.idempotency import Caller, keep, mark, recall
from registry.application.ports import ConflictError, Reader, Transaction
from registry.domain.confidentiality import Notice, same_words, shown_before, texts
from registry.domain.entities import Designation, Document, Draft, Record, Revision
from registry.domain.permission import Action, in_force
from registry.domain.publication import revision_id
from registry.domain.refusals import Fault, Refusal, conflict, locked, not_found, stale


@dataclass(frozen=True)
class DraftView:
    """A draft with the record it belongs to and what its author should know before he publishes."""

    draft: Draft
    record: Record
    warnings: Sequence[Notice]


async def create(ctx: Context, caller: Caller, realm: str, document: Document) -> DraftView:
    """Draft a new record, or the next revision of a published one. Refuses if there is a draft already."""
    received = receive(ctx, realm, document)
    number, at = await ctx.numbers.reserve(), ctx.clock()
    place = mark(ctx.secret, caller, "create-draft", [realm, document])

    async def body(tx: Transaction) -> DraftView:
        known = await recall(tx, place)
        if known is not None:
            return await view(ctx, tx, await _by_number(tx, known["number"]), None)
        record = await named(tx, received.uid)
        subject = subject_of(received.format, realm, received.country, record.owner if record else None)
        await rest_on_grant(tx, caller.person, "draft", subject, at)
        public, private = as_draft(received)
        if record is None:
            record = new_record(ctx, received, realm, number, caller.person)
            await tx.insert(record)
        else:
            _refuse_foreign(record, received, realm)
        draft = Draft(
            id=record.id,
            number=record.number,
            uid=record.uid,
            realm=realm,
            format=record.format,
            country=record.country,
            author=caller.person,
            updated_by=caller.person,
            updated_at=at,
            public=public,
            private=private,
        )
        await tx.insert(draft)
        await keep(tx, place, {"number": record.id}, at)
        return await view(ctx, tx, draft, None)

    try:
        return await ctx.store.transact(body)
    except ConflictError:
        raise conflict(
            "draft-exists",
            "There is a draft of this record",
            "Replace that draft (with its ETag) or discard it.",
        ) from None


async def replace(
    ctx: Context, caller: Caller, realm: str, uid: str, document: Document, etag: int
) -> DraftView:
    """Replace a draft's content; what stood there before is gone, so that nothing confidential lingers."""
    received = receive(ctx, realm, document)
    at = ctx.clock()

    async def body(tx: Transaction) -> DraftView:
        draft = await writable(ctx, tx, caller, realm, uid, etag, at)
        if received.uid.lower() != draft.uid.lower():
            raise conflict(
                "identifier-differs", "The document names another record", "Send it under its own identifier."
            )
        record = await _record_of(tx, draft)
        _refuse_foreign(record, received, realm)
        public, private = as_draft(received)
        changed = draft.model_copy(
            update={"public": public, "private": private, "updated_by": caller.person, "updated_at": at}
        )
        return await view(ctx, tx, await tx.replace(changed), draft.public)

    return await ctx.store.transact(body)


async def discard(ctx: Context, caller: Caller, realm: str, uid: str, etag: int) -> None:
    """Discard a draft. The identifier stays with whoever used it first."""
    at = ctx.clock()

    async def body(tx: Transaction) -> None:
        await tx.remove(await writable(ctx, tx, caller, realm, uid, etag, at))

    await ctx.store.transact(body)


async def read(ctx: Context, caller: Caller, realm: str, uid: str) -> DraftView:
    """One draft, for whoever may see it."""
    draft = await _find(ctx.store, realm, uid)
    declared = ctx.catalogue.format(draft.format)
    subject = subject_of(declared, realm, draft.country, draft.author)
    if not await allowed(ctx.store, caller.person, "read-draft", subject, ctx.clock()):
        raise not_found("draft")
    return await view(ctx, ctx.store, draft, None)


async def listed(ctx: Context, caller: Caller, realm: str) -> list[DraftView]:
    """The drafts of a realm that the caller may see: his own, those of his countries, all for the Secretariat."""
    now = ctx.clock()
    roles = [
        d
        for d in (await actor(ctx.store, caller.person)).designations
        if in_force(d, now) and d.realm == realm
    ]
    if any(role.role == "secretariat" for role in roles):
        found = await ctx.store.find(Draft, {"realm": realm})
    else:
        found = await ctx.store.find(Draft, {"realm": realm, "author": caller.person})
        found += await ctx.store.find(Draft, {"realm": realm, "country": _countries(roles)})
    drafts = {draft.id: draft for draft in found}
    return [await view(ctx, ctx.store, draft, None) for draft in drafts.values()]


async def writable(
    ctx: Context,
    tx: Transaction,
    caller: Caller,
    realm: str,
    uid: str,
    etag: int,
    at: datetime,
    action: Action = "draft",
) -> Draft:
    """The draft that a command with this ETag is about. Refuses who may not, a locked one and a stale ETag."""
    draft = await _find(tx, realm, uid)
    subject = subject_of(ctx.catalogue.format(draft.format), realm, draft.country, draft.author)
    await rest_on_grant(tx, caller.person, action, subject, at)
    if draft.request is not None:
        raise locked()
    if draft.version != etag:
        raise stale()
    return draft


async def view(ctx: Context, reader: Reader, draft: Draft, before: Document | None) -> DraftView:
    """A draft with its warnings; ``before`` is what the draft held until now."""
    record = await _record_of(reader, draft)
    declared = ctx.catalogue.format(draft.format)
    flags = confidential_flags(declared, draft.public)
    if not flags:
        return DraftView(draft, record, ())
    current = (
        await reader.get(Revision, revision_id(record.number, record.revision)) if record.revision else None
    )
    shown = current.public if current else None
    words = [
        word for held in (shown, before) if held for word in await _words(Directory(reader), held, flags)
    ]
    return DraftView(draft, record, [*shown_before(flags, shown), *same_words(words, draft.public)])


async def _words(directory: Directory, document: Document, fields: frozenset[str]) -> list[str]:
    """The words that stood in fields now declared confidential: their texts, and the names of those referred to."""
    words: list[str] = []
    for field in fields:
        value = document.get(field)
        for item in value if isinstance(value, list) else [value]:
            published = await directory.referred(item)
            if published is not None:
                words += published.revision.title.values()
            elif isinstance(item, dict) and "identifier" not in item:
                words += [text for _, text in texts(item)]
    return words


def _refuse_foreign(record: Record, received: Received, realm: str) -> None:
    same = (record.realm, record.format, record.country) == (realm, received.format.name, received.country)
    if not same:
        fault = Fault("/header/identifier", "identifier-taken", "an identifier that no other record has")
        raise Refusal(
            "identifier-taken",
            "The identifier names another record",
            "It belongs to whoever used it first; choose another one.",
            [fault],
        )
    if record.status in ("revoked", "deleted"):
        raise conflict(
            "record-ended", "The record has ended", f"It is {record.status} and cannot be changed."
        )


def _countries(roles: Sequence[Designation]) -> tuple[str, ...]:
    writers = ("publishing-authority", "national-authorized-user")
    return tuple(role.country for role in roles if role.country and role.role in writers)


async def _find(reader: Reader, realm: str, uid: str) -> Draft:
    record = await named(reader, uid)
    draft = await reader.get(Draft, record.id) if record else None
    if draft is None or draft.realm != realm:
        raise not_found("draft")
    return draft


async def _by_number(reader: Reader, number: str) -> Draft:
    draft = await reader.get(Draft, number)
    if draft is None:
        raise not_found("draft (it was published or discarded since)")
    return draft


async def _record_of(reader: Reader, draft: Draft) -> Record:
    record = await reader.get(Record, draft.id)
    if record is None:
        raise LookupError(f"record {draft.id} of a draft is missing")
    return record
