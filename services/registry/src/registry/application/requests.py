"""Requests for publication: opened by whoever drafts, decided by whoever publishes.

The draft is locked while a request runs. A request ends as approved, rejected (with a reason), recalled by its
author, cancelled, or timed out after 12 weeks; unless it was approved, the draft comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from clearinghouse_messages.events import (
    Audience,
    RequestApproved,
    RequestCancelled,
    RequestOpened,
    RequestRecalled,
    RequestRejected,
    RequestTimedOut,
    type_of,
)
from registry.application.access import actor, allowed, rest_on_grant, subject_of
from registry.application.context import Context
from registry.application.documents import refuse_unpublishable
from registry.application.drafts import writable
from registry.application.idempotency import Caller, keep, mark, recall
from registry.application.ports import Before, NewEvent, Reader, Transaction
from registry.application.publication import again
from registry.application.publishing import Occasion, Publication, constitute
from registry.domain.entities import Designation, Draft, Record, Request
from registry.domain.permission import Subject, in_force, may
from registry.domain.refusals import conflict, forbidden, not_found

LIFETIME = timedelta(weeks=12)
State = (
    RequestOpened | RequestApproved | RequestRejected | RequestRecalled | RequestCancelled | RequestTimedOut
)
EventOf = type[State]


@dataclass(frozen=True)
class Approved:
    """A request that was approved and what it published."""

    request: Request
    publication: Publication


async def open_request(ctx: Context, caller: Caller, realm: str, uid: str, etag: int) -> Request:
    """Ask for publication of a draft. Refuses what could not be published, so that nobody decides in vain."""
    request_id, at = ctx.new_id(), ctx.clock()
    occasion = Occasion(at, caller.person, "command", request_id, caller.traceparent)
    place = mark(ctx.secret, caller, "open-request", [realm, uid, etag])

    async def body(tx: Transaction) -> Request:
        known = await recall(tx, place)
        if known is not None:
            return await _get(tx, realm, known["request"])
        draft = await writable(ctx, tx, caller, realm, uid, etag, at, "request")
        record = await tx.get(Record, draft.id)
        assert record is not None  # noqa: S101 - a draft always has its record
        declared = ctx.catalogue.format(draft.format)
        await refuse_unpublishable(
            tx, declared, {**draft.public, **draft.private}, revision=record.revision + 1
        )
        request = Request(
            id=request_id,
            number=draft.number,
            record=record.identifier,
            uid=draft.uid,
            realm=realm,
            format=draft.format,
            country=draft.country,
            title=dict(declared.title(draft.public)),
            author=caller.person,
            opened_at=at,
            expires_at=at + LIFETIME,
        )
        await tx.insert(request)
        await tx.replace(draft.model_copy(update={"request": request_id}))
        audience = await _deciders(ctx, tx, request, at)
        await tx.append([_event(request, RequestOpened, audience, occasion)])
        await keep(tx, place, {"request": request_id}, at)
        return request

    return await ctx.store.transact(body)


async def approve(ctx: Context, caller: Caller, realm: str, request_id: str) -> Approved:
    """Publish what was asked for."""
    at = ctx.clock()
    occasion = Occasion(at, caller.person, "command", ctx.new_id(), caller.traceparent)

    place = mark(ctx.secret, caller, "approve", [realm, request_id])

    async def body(tx: Transaction) -> Approved:
        known = await recall(tx, place)
        if known is not None:
            return Approved(await _get(tx, realm, request_id), await again(tx, known))
        request, draft = await _open(ctx, tx, caller, realm, request_id, at)
        record = await tx.get(Record, draft.id)
        assert record is not None  # noqa: S101 - a draft always has its record
        await tx.remove(draft)
        publication = await constitute(ctx, tx, record, (draft.public, draft.private), occasion)
        decided = await tx.replace(
            request.model_copy(update={"status": "approved", "decided_by": caller.person, "decided_at": at})
        )
        await tx.append([_event(decided, RequestApproved, [_author(decided)], occasion)])
        made = publication.changed
        await keep(tx, place, {"revision": made.revision.id, "change": made.change}, at)
        return Approved(decided, publication)

    return await ctx.store.transact(body)


async def reject(ctx: Context, caller: Caller, realm: str, request_id: str, reason: str) -> Request:
    """Decline, with a reason; the draft is free again."""
    at = ctx.clock()
    occasion = Occasion(at, caller.person, "command", ctx.new_id(), caller.traceparent)

    async def body(tx: Transaction) -> Request:
        request, _ = await _open(ctx, tx, caller, realm, request_id, at)
        return await _close(tx, request, "rejected", RequestRejected, occasion, reason)

    return await ctx.store.transact(body)


async def recall_request(ctx: Context, caller: Caller, realm: str, request_id: str) -> Request:
    """Take one's own request back; the draft is free again. Those who were to decide are told."""
    at = ctx.clock()
    occasion = Occasion(at, caller.person, "command", ctx.new_id(), caller.traceparent)

    async def body(tx: Transaction) -> Request:
        request = await _get(tx, realm, request_id)
        if request.author != caller.person:
            raise forbidden("Only its author recalls a request.")
        _refuse_closed(request)
        return await _close(
            tx, request, "recalled", RequestRecalled, occasion, None, await _deciders(ctx, tx, request, at)
        )

    return await ctx.store.transact(body)


async def time_out(ctx: Context) -> int:
    """End every request that nobody decided within its time; how many there were."""
    at = ctx.clock()
    expired = await ctx.store.find(Request, {"status": "open", "expires_at": Before(at)})
    for request in expired:
        occasion = Occasion(at, "registry", "command", ctx.new_id())

        async def body(tx: Transaction, id: str = request.id, occasion: Occasion = occasion) -> None:  # noqa: A002
            current = await tx.get(Request, id)
            if current is not None and current.status == "open":
                audience = await _deciders(ctx, tx, current, at)
                await _close(tx, current, "timed-out", RequestTimedOut, occasion, None, audience)

        await ctx.store.transact(body)
    return len(expired)


async def read(ctx: Context, caller: Caller, realm: str, request_id: str) -> Request:
    """One request, for its author and those who may decide or draft there."""
    request = await _get(ctx.store, realm, request_id)
    if not await allowed(ctx.store, caller.person, "read-draft", _subject(ctx, request), ctx.clock()):
        raise not_found("request")
    return request


async def listed(ctx: Context, caller: Caller, realm: str, status: str | None) -> list[Request]:
    """The requests that the caller may see, newest first."""
    who, now = await actor(ctx.store, caller.person), ctx.clock()
    where = {"realm": realm} if status is None else {"realm": realm, "status": status}
    found = await ctx.store.find(Request, where, order="opened_at", descending=True)
    return [request for request in found if may(who, "read-draft", _subject(ctx, request), now)]


def _subject(ctx: Context, request: Request) -> Subject:
    return subject_of(ctx.catalogue.format(request.format), request.realm, request.country, request.author)


async def _get(reader: Reader, realm: str, request_id: str) -> Request:
    request = await reader.get(Request, request_id)
    if request is None or request.realm != realm:
        raise not_found("request")
    return request


async def _open(
    ctx: Context, tx: Transaction, caller: Caller, realm: str, request_id: str, at: datetime
) -> tuple[Request, Draft]:
    """An open request that the caller may decide, with its draft."""
    request = await _get(tx, realm, request_id)
    await rest_on_grant(tx, caller.person, "publish", _subject(ctx, request), at)
    _refuse_closed(request)
    draft = await tx.get(Draft, str(request.number))
    if draft is None or draft.request != request.id:
        raise LookupError(f"the draft of open request {request.id} is missing")
    return request, draft


def _refuse_closed(request: Request) -> None:
    if request.status != "open":
        raise conflict("request-closed", "The request is closed", f"It was {request.status}.")


async def _close(
    tx: Transaction,
    request: Request,
    status: Literal["rejected", "recalled", "timed-out"],
    event: EventOf,
    occasion: Occasion,
    reason: str | None,
    also: Sequence[Audience] = (),
) -> Request:
    draft = await tx.get(Draft, str(request.number))
    if draft is not None and draft.request == request.id:
        await tx.replace(draft.model_copy(update={"request": None}))
    decided = {"status": status, "decided_by": occasion.by, "decided_at": occasion.at, "reason": reason}
    closed = await tx.replace(request.model_copy(update=decided))
    await tx.append([_event(closed, event, [_author(closed), *also], occasion)])
    return closed


async def _deciders(ctx: Context, reader: Reader, request: Request, at: datetime) -> list[Audience]:
    """Those who may decide: the country's publishing authority, or the Secretariat for what it publishes."""
    national = ctx.catalogue.format(request.format).submitted_by == "country"
    role = "publishing-authority" if national else "secretariat"
    holders = await reader.find(
        Designation, {"realm": request.realm, "country": request.country if national else None, "role": role}
    )
    persons = dict.fromkeys(holder.person for holder in holders if in_force(holder, at))
    return [Audience(person=person, role=role) for person in persons]


def _author(request: Request) -> Audience:
    return Audience(person=request.author, role="author")


def _event(request: Request, event: EventOf, audience: Sequence[Audience], occasion: Occasion) -> NewEvent:
    state: State = event(
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
        audience=list(audience),
    )
    return NewEvent(
        id=occasion.derive(f"request-{request.status}"),
        stream="requests",
        realm=request.realm,
        record=request.record,
        type=type_of(state),
        subject=request.record,
        time=occasion.at,
        cause=occasion.cause,
        lane="interactive",
        data=state.model_dump(mode="json"),
        traceparent=occasion.traceparent,
    )
