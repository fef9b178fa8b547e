"""Reading what is published, current and archived: anyone may. And who received what, as far as one may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.application.access import actor
from registry.application.context import Context
from registry.application.directory import named
from registry.application.ports import After, Where
from registry.domain.entities import Record, Revision, Transmission
from registry.domain.identifiers import of_revision, parse
from registry.domain.permission import Actor, Subject, may
from registry.domain.publication import revision_id
from registry.domain.refusals import not_found


@dataclass(frozen=True)
class RecordView:
    """A revision of a record, with all its revisions and the current records that refer to it."""

    record: Record
    revision: Revision
    revisions: Sequence[Revision]
    referred_by: Sequence[tuple[Record, Revision]]


@dataclass(frozen=True)
class Evidence:
    """A transmission; ``open`` says whether address and server's answer may be shown."""

    transmission: Transmission
    open: bool


@dataclass(frozen=True)
class Filter:
    """Which records are listed; ``after`` is the number behind which the page begins."""

    realm: str | None = None
    format: str | None = None
    country: str | None = None
    status: str | None = None
    after: int = 0
    limit: int = 50


async def show(ctx: Context, text: str) -> RecordView:
    """What an identifier names: the revision it states, else the current (or last) one."""
    record = await _published(ctx, text)
    wanted = _revision_in(text, record) or record.revision
    revisions = await ctx.store.find(Revision, {"number": record.number}, order="revision")
    chosen = [revision for revision in revisions if revision.revision == wanted]
    if not chosen:
        raise not_found("revision")
    return RecordView(record, chosen[0], revisions, await _referrers(ctx, record))


async def transmissions(ctx: Context, text: str, person: str | None) -> list[Evidence]:
    """Every transmission of a record, newest first: role, reason, time and outcome are public.

    Address and server's answer show to officials of the publishing and the recipient's country and to the
    Secretariat alone.
    """
    record = await _published(ctx, text)
    found = await ctx.store.find(Transmission, {"number": record.number}, order="owed_at", descending=True)
    who = await actor(ctx.store, person) if person else Actor("", ())
    return [Evidence(one, _open(ctx, who, record, one)) for one in found]


async def undelivered(ctx: Context, realm: str, person: str) -> list[Evidence]:
    """Transmissions that reached nobody, for want of an address or refused: tasks for the Secretariat."""
    who = await actor(ctx.store, person)
    if may(who, "read-evidence", Subject(realm=realm), ctx.clock()) is None:
        raise not_found("list")
    found = await ctx.store.find(Transmission, {"status": ("unaddressable", "failed")}, order="owed_at")
    records = {one.number: await ctx.store.get(Record, str(one.number)) for one in found}
    here = {number for number, record in records.items() if record and record.realm == realm}
    return [Evidence(one, open=True) for one in found if one.number in here]


async def listed(ctx: Context, wanted: Filter) -> list[tuple[Record, Revision]]:
    """Published records in order of their numbers."""
    where: dict[str, str | int | bool | tuple[str, ...] | After | None] = {
        name: value
        for name, value in (
            ("realm", wanted.realm),
            ("format", wanted.format),
            ("country", wanted.country),
        )
        if value is not None
    }
    where["status"] = wanted.status or ("current", "revoked", "deleted")
    where["number"] = After(wanted.after)
    found = await ctx.store.find(Record, where, order="number", limit=wanted.limit)
    return [(record, await _last(ctx, record)) for record in found]


def identifier_of(record: Record, revision: Revision) -> str:
    """The identifier of a revision."""
    return of_revision(record.identifier, revision.revision)


def _revision_in(text: str, record: Record) -> int | None:
    """The revision that a text states; a uid that merely looks like an identifier with one states none."""
    name = parse(text)
    return None if name is None or record.uid_key == text.lower() else name.revision


async def _published(ctx: Context, text: str) -> Record:
    record = await named(ctx.store, text)
    if record is None or record.revision == 0:
        raise not_found("record")
    return record


async def _referrers(ctx: Context, record: Record) -> list[tuple[Record, Revision]]:
    where: Where = {"refers_to": record.id, "status": "current"}
    return [(other, await _last(ctx, other)) for other in await ctx.store.find(Record, where, order="number")]


async def _last(ctx: Context, record: Record) -> Revision:
    revision = await ctx.store.get(Revision, revision_id(record.number, record.revision))
    if revision is None:
        raise LookupError(f"revision {record.revision} of {record.number} is missing")
    return revision


def _open(ctx: Context, who: Actor, record: Record, transmission: Transmission) -> bool:
    countries = frozenset(role.country for role in transmission.roles if role.country)
    subject = Subject(realm=record.realm, country=record.country, countries=countries)
    return may(who, "read-evidence", subject, ctx.clock()) is not None
