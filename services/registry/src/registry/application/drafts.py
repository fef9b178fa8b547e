"""Drafts: made, replaced, discarded and read. Two people who edit one draft never overwrite each other silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from clearinghouse_formats import confidential_flags
from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.documents import Document
from clearinghouse_messages.problems import Fault
from clearinghouse_runtime.problems import Problem
from registry.application import receipts
from registry.application.access import Unit, actor, authorize, permissions, subject_of
from registry.application.commands import CreateDraft, DiscardDraft, ReplaceDraft
from registry.application.context import Context
from registry.application.directory import Directory, named
from registry.application.documents import ReceivedDocument, new_record, public_and_private, receive
from registry.application.ports import ConflictError, Reader, Transaction
from registry.domain.confidentiality import PublicationWarning, same_words, shown_before, texts
from registry.domain.entities import Designation, Draft, Record, Revision
from registry.domain.permission import COUNTRY_WRITERS, Subject, in_force
from registry.domain.publication import revision_id
from registry.domain.refusals import conflict, locked, not_found, record_ended, stale
from registry.domain.workflow import DraftStatus, actions, transition


@dataclass(frozen=True)
class DraftView:
    """A draft with the record it belongs to, what to know before it is published, and what its reader can do."""

    draft: Draft
    record: Record
    warnings: Sequence[PublicationWarning]
    actions: Sequence[str] = ()


async def create_draft(ctx: Context, unit: Unit, command: CreateDraft) -> Receipt:
    """Draft a new record, or the next revision of a published one. Refuses if there is a draft already."""
    realm, tx = command.realm, unit.tx
    received = receive(ctx, realm, command.document)
    record = await named(tx, received.uid)
    owner = record.owner if record else None
    await authorize(unit, "draft", subject_of(received.format, realm, received.country, owner))
    public, private = public_and_private(received)
    try:
        if record is None:
            number = await unit.once("number", ctx.numbers.reserve)
            record = new_record(ctx, received, realm, number, unit.caller.person)
            await tx.insert(record)
        else:
            _refuse_foreign(record, received, realm)
            if await tx.get(Draft, record.id) is not None:
                raise _draft_exists()
            record = await tx.replace(record)  # a deletion at the same time sees the draft, or is seen
        draft = Draft(
            id=record.id,
            number=record.number,
            uid=record.uid,
            realm=realm,
            format=record.format,
            country=record.country,
            author=unit.caller.person,
            updated_by=unit.caller.person,
            updated_at=unit.provenance.at,
            public=public,
            private=private,
        )
        await tx.insert(draft)
    except ConflictError:
        raise _draft_exists() from None
    return receipts.of_draft(draft, record, await warnings_of(ctx, tx, draft, record))


async def replace_draft(ctx: Context, unit: Unit, command: ReplaceDraft) -> Receipt:
    """Replace a draft's content; what it held before is not kept, so that nothing confidential stays."""
    received = receive(ctx, command.realm, command.document)
    draft = await writable(ctx, unit, "replace", command)
    if received.uid.lower() != draft.uid.lower():
        raise conflict(
            "identifier-differs", "The document names another record", "Send it under its own identifier."
        )
    record = await record_of(unit.tx, draft)
    _refuse_foreign(record, received, command.realm)
    public, private = public_and_private(received)
    changed = draft.model_copy(
        update={
            "public": public,
            "private": private,
            "updated_by": unit.caller.person,
            "updated_at": unit.provenance.at,
        }
    )
    changed = await unit.tx.replace(changed)
    warnings = await warnings_of(ctx, unit.tx, changed, record, before=draft.public)
    return receipts.of_draft(changed, record, warnings)


async def discard_draft(ctx: Context, unit: Unit, command: DiscardDraft) -> Receipt:
    """Discard a draft. The identifier stays with whoever used it first."""
    draft = await writable(ctx, unit, "discard", command)
    await unit.tx.remove(draft)
    return receipts.of_discarded(await record_of(unit.tx, draft))


class NamesDraft(Protocol):
    """A command about a draft, with the version that its sender has read."""

    @property
    def realm(self) -> str:
        """Of the draft."""

    @property
    def uid(self) -> str:
        """The caller's own name of the record."""

    @property
    def version(self) -> int:
        """That the sender has read."""


async def writable(ctx: Context, unit: Unit, action: str, command: NamesDraft) -> Draft:
    """The draft that a command is about. Refuses who may not, a locked one and another version."""
    row = transition("draft", action)
    if row.permission is None:
        raise ValueError(f"{action} is no command")
    draft = await _find(unit.tx, command.realm, command.uid)
    await authorize(unit, row.permission, subject_of_draft(ctx, draft))
    if status_of(draft) != row.source:
        raise locked()
    if draft.version != command.version:
        raise stale()
    return draft


async def read(ctx: Context, person: str, realm: str, uid: str) -> DraftView:
    """One draft, for whoever may see it."""
    draft = await _find(ctx.store, realm, uid)
    permitted = (await permissions(ctx.store, person, ctx.clock()))(subject_of_draft(ctx, draft))
    if not permitted("read-draft"):
        raise not_found("draft")
    record = await record_of(ctx.store, draft)
    can_do = actions("draft", status_of(draft), permitted)
    return DraftView(draft, record, await warnings_of(ctx, ctx.store, draft, record), can_do)


async def listed(ctx: Context, person: str, realm: str) -> list[DraftView]:
    """The drafts of a realm that somebody may see: of their countries, or their own where anybody drafts."""
    now = ctx.clock()
    held = (await actor(ctx.store, person)).designations
    roles = [one for one in held if in_force(one, now) and one.realm == realm]
    if any(role.role == "secretariat" for role in roles):
        found = await ctx.store.find(Draft, {"realm": realm})
    else:
        found = await ctx.store.find(Draft, {"realm": realm, "author": person})
        found += await ctx.store.find(Draft, {"realm": realm, "country": _countries(roles)})
    views = []
    permitted = await permissions(ctx.store, person, now)
    for draft in {draft.id: draft for draft in found}.values():
        record = await record_of(ctx.store, draft)
        may_here = permitted(subject_of_draft(ctx, draft))
        if not may_here("read-draft"):
            continue
        can_do = actions("draft", status_of(draft), may_here)
        views.append(DraftView(draft, record, await warnings_of(ctx, ctx.store, draft, record), can_do))
    return views


async def warnings_of(
    ctx: Context, reader: Reader, draft: Draft, record: Record, *, before: Document | None = None
) -> list[PublicationWarning]:
    """What to know before a draft is published; ``before`` is what the draft held until now."""
    flags = confidential_flags(ctx.catalogue.format(draft.format), draft.public)
    if not flags:
        return []
    current = (
        await reader.get(Revision, revision_id(record.number, record.revision)) if record.revision else None
    )
    shown = current.public if current else None
    words = [
        word for held in (shown, before) if held for word in await _words(Directory(reader), held, flags)
    ]
    return [*shown_before(flags, shown), *same_words(words, draft.public)]


def status_of(draft: Draft) -> DraftStatus:
    """Whether a request locks it."""
    return "free" if draft.request is None else "locked"


def subject_of_draft(ctx: Context, draft: Draft) -> Subject:
    """A draft as the subject of an action."""
    return subject_of(ctx.catalogue.format(draft.format), draft.realm, draft.country, draft.author)


async def record_of(reader: Reader | Transaction, draft: Draft) -> Record:
    """The record that a draft belongs to; every draft has one."""
    record = await reader.get(Record, draft.id)
    if record is None:
        raise LookupError(f"record {draft.id} of a draft is missing")
    return record


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


def _refuse_foreign(record: Record, received: ReceivedDocument, realm: str) -> None:
    same = (record.realm, record.format, record.country) == (realm, received.format.name, received.country)
    if not same:
        fault = Fault("/header/identifier", "identifier-taken", "an identifier that no other record has")
        raise Problem(
            "identifier-taken",
            "The identifier names another record",
            409,
            "It belongs to whoever used it first; choose another one.",
            [fault],
        )
    if record.status in ("revoked", "deleted"):
        raise record_ended(record.status)


def _draft_exists() -> Problem:
    return conflict(
        "draft-exists",
        "There is a draft of this record",
        "Replace that draft (with its ETag) or discard it.",
    )


def _countries(roles: Sequence[Designation]) -> tuple[str, ...]:
    return tuple(role.country for role in roles if role.country and role.role in COUNTRY_WRITERS)


async def _find(reader: Reader, realm: str, uid: str) -> Draft:
    record = await named(reader, uid)
    draft = await reader.get(Draft, record.id) if record else None
    if draft is None or draft.realm != realm:
        raise not_found("draft")
    return draft
