"""Entities as events and answers show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clearinghouse_formats import labels, references
from clearinghouse_messages.events import (
    Multilingual,
    RecordAmended,
    RecordDeleted,
    RecordPublished,
    RecordRevoked,
    RecordSnapshot,
)
from registry.application.context import Context
from registry.application.directory import Directory, pinned
from registry.domain.entities import Record, Revision
from registry.domain.identifiers import of_revision
from registry.domain.publication import Change, Changed

EVENTS: Mapping[Change, type[RecordPublished | RecordAmended | RecordRevoked | RecordDeleted]] = {
    "published": RecordPublished,
    "amended": RecordAmended,
    "revoked": RecordRevoked,
    "deleted": RecordDeleted,
}


def record_event(
    ctx: Context, changed: Changed
) -> RecordPublished | RecordAmended | RecordRevoked | RecordDeleted:
    """A change of a record as its event states it: the whole public record."""
    return EVENTS[changed.change].model_validate(_snapshot(ctx, changed.record, changed.revision))


def copy_of(ctx: Context, changed: Changed) -> RecordSnapshot:
    """The copy that a transmission carries."""
    return RecordSnapshot.model_validate(_snapshot(ctx, changed.record, changed.revision))


def link(ctx: Context, identifier: str) -> str:
    """Where a record is shown, for ever."""
    return f"{ctx.public_address.rstrip('/')}/{identifier}"


async def names_in(
    ctx: Context, directory: Directory, record: Record, revision: Revision
) -> dict[str, Multilingual]:
    """What terms, countries and references in the content are called, by identifier as written there."""
    declared = ctx.catalogue.format(record.format)
    names: dict[str, Multilingual] = dict(labels(declared, revision.public))
    for reference in references(declared, revision.public):
        other = await directory.referred({"identifier": reference.identifier})
        if other is not None:
            names[reference.identifier] = other.revision.title
    return names


async def newer_than_pinned(
    ctx: Context, directory: Directory, record: Record, revision: Revision
) -> dict[str, str]:
    """For each reference that pins a revision which is not the newest: the identifier that is current."""
    current: dict[str, str] = {}
    for reference in references(ctx.catalogue.format(record.format), revision.public):
        other = await directory.referred({"identifier": reference.identifier})
        pin = pinned(reference, other.record) if other else None
        if other and pin not in (None, other.revision.revision):
            written = f"{reference.identifier}@{pin}" if reference.revision else reference.identifier
            current[written] = other.identifier
    return current


def _snapshot(ctx: Context, record: Record, revision: Revision) -> dict[str, Any]:
    header = revision.public.get("header", {})
    identifier = of_revision(record.identifier, revision.revision)
    before = of_revision(record.identifier, revision.revision - 1) if revision.revision > 1 else None
    return {
        "identifier": identifier,
        "uid": record.uid,
        "number": record.number,
        "revision": revision.revision,
        "realm": record.realm,
        "format": record.format,
        "format_version": revision.format_version,
        "country": record.country,
        "status": revision.status,
        "languages": header.get("languages", []),
        "title": revision.title,
        "published_at": revision.published_at,
        "reason": revision.end_reason or revision.reason,
        "link": link(ctx, identifier),
        "supersedes": before,
        "content": revision.public,
    }
