"""Requests for publication: opened by whoever drafts, decided by whoever publishes, as the workflow table says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.events import Audience
from clearinghouse_runtime.entries import LedgerEntry, Provenance, entry_of
from registry.application import receipts
from registry.application.access import Unit, authorize, permissions, subject_of
from registry.application.commands import ApproveRequest, OpenRequest, RecallRequest, RejectRequest
from registry.application.context import Context
from registry.application.documents import checked_references
from registry.application.drafts import record_of, writable
from registry.application.ports import After, Before, Reader, Transaction
from registry.application.publishing import publish_and_remove_draft
from registry.domain.entities import Designation, Draft, Record, Request
from registry.domain.permission import Subject, in_force, publishing_role
from registry.domain.refusals import conflict, not_found, reason_missing
from registry.domain.workflow import Transition, actions, transition

LIFETIME = timedelta(weeks=12)
"""A request that nobody decides ends then."""

PAGE = 200


@dataclass(frozen=True)
class RequestView:
    """A request with what its reader can do with it now."""

    request: Request
    actions: Sequence[str]


async def open_request(ctx: Context, unit: Unit, command: OpenRequest) -> Receipt:
    """Ask for publication of a draft. Refuses what could not be published."""
    tx, at = unit.tx, unit.provenance.at
    draft = await writable(ctx, unit, "request", command)
    record = await record_of(tx, draft)
    declared = ctx.catalogue.format(draft.format)
    document = {**draft.public, **draft.private}
    await checked_references(tx, declared, document, revision=record.revision + 1)
    request = Request(
        id=unit.provenance.base,
        number=draft.number,
        record=record.identifier,
        uid=draft.uid,
        realm=command.realm,
        format=draft.format,
        country=draft.country,
        title=dict(declared.title(draft.public)),
        author=unit.caller.person,
        opened_at=at,
        expires_at=at + LIFETIME,
    )
    await tx.insert(request)
    await tx.replace(draft.model_copy(update={"request": request.id}))
    unit.entries.append(await _stated(ctx, tx, request, transition("draft", "request"), unit.provenance))
    return receipts.of_request(request)


async def approve_request(ctx: Context, unit: Unit, command: ApproveRequest) -> Receipt:
    """Publish what was asked for."""
    row = transition("request", "approve")
    request = await _request_for(ctx, unit, command.realm, command.request, row)
    draft = await unit.tx.get(Draft, str(request.number))
    if draft is None or draft.request != request.id:
        raise conflict(
            "draft-gone", "The draft is gone", "The request is cancelled by itself within minutes."
        )
    receipt = await publish_and_remove_draft(ctx, unit, draft)
    decided = await unit.tx.replace(_decided(request, row, unit.provenance, None))
    unit.entries.append(await _stated(ctx, unit.tx, decided, row, unit.provenance))
    return receipt


async def reject_request(ctx: Context, unit: Unit, command: RejectRequest) -> Receipt:
    """Decline, with a reason; the draft is free again."""
    row = transition("request", "reject")
    request = await _request_for(ctx, unit, command.realm, command.request, row)
    closed, entry = await _close(ctx, unit.tx, request, row, unit.provenance, command.reason)
    unit.entries.append(entry)
    return receipts.of_request(closed)


async def recall_request(ctx: Context, unit: Unit, command: RecallRequest) -> Receipt:
    """Take one's own request back; the draft is free again. Those who were to decide are notified."""
    row = transition("request", "recall")
    request = await _request_for(ctx, unit, command.realm, command.request, row)
    closed, entry = await _close(ctx, unit.tx, request, row, unit.provenance)
    unit.entries.append(entry)
    return receipts.of_request(closed)


async def time_out(ctx: Context) -> int:
    """End every request that nobody decided within its time; how many there were."""
    expired = await ctx.store.find(Request, {"status": "open", "expires_at": Before(ctx.clock())})
    for request in expired:
        await _end_by_itself(ctx, request, transition("request", "time-out"))
    return len(expired)


async def cancel_impossible(ctx: Context) -> int:
    """End every request for what is no longer possible: its record ended, or its draft is gone. How many."""
    cancelled, last = 0, 0
    while page := await ctx.store.find(
        Request, {"status": "open", "number": After(last)}, order="number", limit=PAGE
    ):
        last = page[-1].number
        keys = tuple(str(request.number) for request in page)
        drafts = {draft.request for draft in await ctx.store.find(Draft, {"id": keys})}
        ended = {
            record.number
            for record in await ctx.store.find(Record, {"id": keys})
            if record.status in ("revoked", "deleted")
        }
        for request in page:
            if request.id not in drafts or request.number in ended:
                await _end_by_itself(ctx, request, transition("request", "cancel"))
                cancelled += 1
    return cancelled


async def read(ctx: Context, person: str, realm: str, request_id: str) -> RequestView:
    """One request, for whoever may read the draft that it is about."""
    request = await _get(ctx.store, realm, request_id)
    permitted = (await permissions(ctx.store, person, ctx.clock()))(_subject(ctx, request))
    if not permitted("read-draft"):
        raise not_found("request")
    return RequestView(request, actions("request", request.status, permitted))


async def listed(ctx: Context, person: str, realm: str, status: str | None) -> list[RequestView]:
    """The requests that somebody may see, newest first."""
    permitted = await permissions(ctx.store, person, ctx.clock())
    where = {"realm": realm} if status is None else {"realm": realm, "status": status}
    views = []
    for request in await ctx.store.find(Request, where, order="opened_at", descending=True):
        may_here = permitted(_subject(ctx, request))
        if may_here("read-draft"):
            views.append(RequestView(request, actions("request", request.status, may_here)))
    return views


def _subject(ctx: Context, request: Request) -> Subject:
    return subject_of(ctx.catalogue.format(request.format), request.realm, request.country, request.author)


async def _get(reader: Reader, realm: str, request_id: str) -> Request:
    request = await reader.get(Request, request_id)
    if request is None or request.realm != realm:
        raise not_found("request")
    return request


async def _request_for(ctx: Context, unit: Unit, realm: str, request_id: str, row: Transition) -> Request:
    """A request that the caller may do this with, in the status that the action begins from."""
    request = await _get(unit.tx, realm, request_id)
    if row.permission is None:
        raise ValueError(f"{row.name} is no command")
    await authorize(unit, row.permission, _subject(ctx, request))
    if request.status != row.source:
        raise conflict(
            "request-closed",
            "The request is closed",
            f"It was {request.status}; open a new request for what you still want.",
        )
    return request


async def _end_by_itself(ctx: Context, request: Request, row: Transition) -> None:
    provenance = Provenance(ctx.clock(), "registry", "command", ctx.new_id())

    async def body(tx: Transaction) -> None:
        current = await tx.get(Request, request.id)
        if current is not None and current.status == row.source:
            _, entry = await _close(ctx, tx, current, row, provenance)
            await tx.append([entry])

    await ctx.store.transact(body)


async def _close(
    ctx: Context,
    tx: Transaction,
    request: Request,
    row: Transition,
    provenance: Provenance,
    reason: str | None = None,
) -> tuple[Request, LedgerEntry]:
    """End a request without publication: the draft is free again."""
    draft = await tx.get(Draft, str(request.number))
    if draft is not None and draft.request == request.id:
        await tx.replace(draft.model_copy(update={"request": None}))
    closed = await tx.replace(_decided(request, row, provenance, reason))
    return closed, await _stated(ctx, tx, closed, row, provenance)


def _decided(request: Request, row: Transition, provenance: Provenance, reason: str | None) -> Request:
    if row.reason and not (reason or "").strip():
        raise reason_missing()
    decision = {"status": row.target, "decided_by": provenance.by, "decided_at": provenance.at}
    return request.model_copy(update={**decision, "reason": reason})


async def _stated(
    ctx: Context, reader: Reader, request: Request, row: Transition, provenance: Provenance
) -> LedgerEntry:
    """The event of an action, addressed to those whom its row names."""
    if row.event is None:
        raise ValueError(f"{row.name} states no event")
    audience: list[Audience] = []
    if "author" in row.notifies:
        audience.append(Audience(person=request.author, role="author"))
    if "deciders" in row.notifies:
        audience += await _deciders(ctx, reader, request, provenance.at)
    event = row.event(
        request=request.id,
        realm=request.realm,
        record=request.record,
        uid=request.uid,
        format=request.format,
        country=request.country,
        title=request.title,
        author=request.author,
        decided_by=request.decided_by,
        reason=request.reason,
        opened_at=request.opened_at,
        expires_at=request.expires_at,
        audience=audience,
    )
    return entry_of(
        event,
        provenance,
        entry_id=provenance.derive(f"request-{request.status}"),
        record=request.record,
        subject=request.record,
        lane="interactive",
    )


async def _deciders(ctx: Context, reader: Reader, request: Request, at: datetime) -> list[Audience]:
    """Those who may decide: the country's publishing authority, or the Secretariat for what it publishes."""
    role = publishing_role(ctx.catalogue.format(request.format).submitted_by)
    country = None if role == "secretariat" else request.country
    holders = await reader.find(Designation, {"realm": request.realm, "country": country, "role": role})
    persons = dict.fromkeys(holder.person for holder in holders if in_force(holder, at))
    return [Audience(person=person, role=role) for person in persons]
