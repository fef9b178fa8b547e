"""Deletion of records of a type that may be deleted: they stay readable, as deleted."""

from __future__ import annotations

from clearinghouse_messages.answers import Receipt
from registry.application import receipts
from registry.application.access import Unit, authorize, subject_of
from registry.application.commands import DeleteRecord
from registry.application.context import Context
from registry.application.directory import named
from registry.application.publishing import write
from registry.domain.entities import Draft, Revision
from registry.domain.publication import end, revision_id
from registry.domain.refusals import conflict, not_found, record_ended


async def delete_record(ctx: Context, unit: Unit, command: DeleteRecord) -> Receipt:
    """Delete a record. Refused for permits, which are only revoked, and while there is a draft of it."""
    tx = unit.tx
    record = await named(tx, command.identifier)
    if record is None or record.revision == 0 or record.realm != command.realm:
        raise not_found("record")
    declared = ctx.catalogue.format(record.format)
    await authorize(unit, "publish", subject_of(declared, record.realm, record.country))
    if declared.ends != "deleted":
        raise conflict("never-deleted", "It is never deleted", "Revoke it, with a reason.")
    if record.status != "current":
        raise record_ended(record.status)
    if await tx.get(Draft, record.id) is not None:
        raise conflict("draft-exists", "There is a draft of this record", "Discard the draft first.")
    current = await tx.get(Revision, revision_id(record.number, record.revision))
    assert current is not None  # noqa: S101 - a current record has its revision
    changed = end(record, current, how="deleted", at=unit.provenance.at, reason=command.reason)
    made = await write(ctx, tx, changed, unit.provenance)
    unit.entries.extend(made.entries)
    return receipts.of_publication(ctx, changed, made.transmissions)
