"""Commands of whoever publishes: publish a draft at once; delete a record of a type that may be deleted."""

from __future__ import annotations

from registry.application.access import rest_on_grant, subject_of
from registry.application.context import Context
from registry.application.directory import named
from registry.application.drafts import writable
from registry.application.idempotency import Caller, keep, mark, recall
from registry.application.ports import Transaction
from registry.application.publishing import Occasion, Publication, constitute, write
from registry.domain.entities import Draft, Multilingual, Record, Revision, Transmission
from registry.domain.identifiers import of_revision
from registry.domain.publication import CHANGES, Changed, end, revision_id
from registry.domain.refusals import conflict, not_found


async def publish(
    ctx: Context, caller: Caller, realm: str, uid: str, etag: int, reason: Multilingual | None
) -> Publication:
    """Publish a draft without a request, as a publishing authority may."""
    at = ctx.clock()
    occasion = Occasion(at, caller.person, "command", ctx.new_id(), caller.traceparent)
    place = mark(ctx.secret, caller, "publish", [realm, uid, etag, reason])

    async def body(tx: Transaction) -> Publication:
        known = await recall(tx, place)
        if known is not None:
            return await again(tx, known)
        draft = await writable(ctx, tx, caller, realm, uid, etag, at, "publish")
        record = await tx.get(Record, draft.id)
        assert record is not None  # noqa: S101 - a draft always has its record
        await tx.remove(draft)
        made = await constitute(ctx, tx, record, (draft.public, draft.private), occasion, reason)
        await keep(tx, place, {"revision": made.changed.revision.id, "change": made.changed.change}, at)
        return made

    return await ctx.store.transact(body)


async def delete(
    ctx: Context, caller: Caller, realm: str, text: str, reason: Multilingual | None
) -> Publication:
    """Delete a record: it stays readable, as deleted. Refused for permits, which are only revoked."""
    at = ctx.clock()
    occasion = Occasion(at, caller.person, "command", ctx.new_id(), caller.traceparent)

    async def body(tx: Transaction) -> Publication:
        record = await named(tx, text)
        if record is None or record.revision == 0 or record.realm != realm:
            raise not_found("record")
        declared = ctx.catalogue.format(record.format)
        await rest_on_grant(tx, caller.person, "publish", subject_of(declared, realm, record.country), at)
        if declared.ends != "deleted":
            raise conflict("never-deleted", "It is never deleted", "Revoke it, with a reason.")
        if record.status != "current":
            raise conflict("record-ended", "The record has ended", f"It is {record.status}.")
        if await tx.get(Draft, record.id) is not None:
            raise conflict("draft-exists", "There is a draft of this record", "Discard the draft first.")
        current = await tx.get(Revision, revision_id(record.number, record.revision))
        assert current is not None  # noqa: S101 - a current record has its revision
        changed = end(record, current, how="deleted", at=at, reason=reason)
        return Publication(changed, await write(ctx, tx, changed, occasion), ())

    return await ctx.store.transact(body)


async def again(tx: Transaction, known: dict[str, str]) -> Publication:
    """What the same command made before."""
    revision = await tx.get(Revision, known["revision"])
    record = await tx.get(Record, known["revision"].partition("@")[0])
    assert revision is not None and record is not None  # noqa: S101, PT018 - revisions are kept for ever
    identifier = of_revision(record.identifier, revision.revision)
    owed = await tx.find(Transmission, {"number": record.number, "identifier": identifier})
    change = next(change for change in CHANGES if change == known["change"])
    at = revision.ended_at if change in ("revoked", "deleted") else revision.published_at
    letters = [one for one in owed if one.emails and one.owed_at == at]
    return Publication(Changed(change, record, revision, None), len(letters), ())
