"""Records brought over from elsewhere, and sample data: operators only, cause ``migration``, nobody is mailed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clearinghouse_runtime.entries import Provenance
from registry.application.commands import Designate
from registry.application.context import Context
from registry.application.directory import named
from registry.application.documents import new_record, public_and_private, receive
from registry.application.people import designation_of
from registry.application.ports import ConflictError, Transaction
from registry.application.publishing import publish
from registry.domain.entities import Designation, Person
from registry.domain.refusals import seat_taken

LoadedLine = Mapping[str, Any]


async def load_line(ctx: Context, line: LoadedLine) -> bool:
    """Bring over one person, designation or record. What is there already is left alone; False then.

    Raises ValueError for a line of another kind, and what publication raises for a record with faults.
    """
    match line.get("kind"):
        case "person":
            return await _person(ctx, line)
        case "designation":
            return await _designation(ctx, line)
        case "record":
            return await _record(ctx, line)
        case _:
            raise ValueError("a line's kind is person, designation or record")


async def _person(ctx: Context, line: LoadedLine) -> bool:
    person = Person(id=line["sub"], name=line["name"], email=line["email"], language=line["language"])

    async def body(tx: Transaction) -> bool:
        if await tx.get(Person, person.id) is not None:
            return False
        await tx.insert(person)
        return True

    return await ctx.store.transact(body)


async def _designation(ctx: Context, line: LoadedLine) -> bool:
    at = ctx.clock()
    start = _date(line["start"]) if line.get("start") else at
    start = start if start.tzinfo else start.replace(tzinfo=at.tzinfo)
    command = Designate(
        line["realm"], line["person"], line["role"], line.get("country"), line["reason"], start
    )
    if command.realm not in ctx.catalogue.realms:
        raise ValueError(f"its realm is none of {', '.join(ctx.catalogue.realms)}")
    designation = designation_of(command, ctx.new_id(), "migration", at)

    async def body(tx: Transaction) -> bool:
        same = {"realm": designation.realm, "role": designation.role, "country": designation.country}
        if await tx.find(Designation, {"person": designation.person, **same}):
            return False
        try:
            await tx.insert(designation)
        except ConflictError:
            raise seat_taken() from None
        return True

    return await ctx.store.transact(body)


def _date(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        raise ValueError("its start is not a date (YYYY-MM-DD)") from None


async def _record(ctx: Context, line: LoadedLine) -> bool:
    realm = str(line["realm"])
    received = receive(ctx, realm, dict(line["document"]))
    if await named(ctx.store, received.uid) is not None:
        return False
    number = await ctx.numbers.reserve()
    provenance = Provenance(ctx.clock(), str(line["by"]), "migration", ctx.new_id())
    record = new_record(ctx, received, realm, number, provenance.by)

    async def body(tx: Transaction) -> bool:
        if await named(tx, received.uid) is not None:
            return False
        await tx.insert(record)
        made = await publish(ctx, tx, record, public_and_private(received), provenance)
        await tx.append(made.entries)
        return True

    return await ctx.store.transact(body)
