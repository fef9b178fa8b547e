"""Persons and designations: who someone is, and which role they hold for which country from when to when."""

from __future__ import annotations

from datetime import datetime

from clearinghouse_messages.answers import Receipt
from registry.application import receipts
from registry.application.access import Unit, actor, authorize
from registry.application.commands import Designate, EndDesignation, EnterPerson
from registry.application.context import Context
from registry.application.ports import ConflictError, Transaction
from registry.domain.entities import Designation, Person
from registry.domain.permission import Subject, in_force
from registry.domain.refusals import conflict, not_found, seat_taken


async def enter_person(ctx: Context, unit: Unit, command: EnterPerson) -> Receipt:
    """Enter or change a person: they themselves, or the Secretariat of any realm."""
    subjects = [Subject(realm=realm, author=command.sub) for realm in ctx.catalogue.realms]
    await authorize(unit, "enter-person", *subjects)
    person = Person(id=command.sub, name=command.name, email=command.email, language=command.language)
    known = await unit.tx.get(Person, person.id)
    if known is None:
        await unit.tx.insert(person)
    else:
        await unit.tx.replace(person.model_copy(update={"version": known.version}))
    return receipts.of_person(person)


async def designate(_: Context, unit: Unit, command: Designate) -> Receipt:
    """Give a person a role. A country has one publishing authority; the one before is ended first."""
    subject = Subject(realm=command.realm, country=command.country, role=command.role)
    await authorize(unit, "designate", subject)
    if await unit.tx.get(Person, command.person) is None:
        raise not_found("person")
    at = unit.provenance.at
    designation = designation_of(command, unit.provenance.base, unit.caller.person, at)
    await _free_seat(unit.tx, designation.seat, at)
    try:
        await unit.tx.insert(designation)
    except ConflictError:
        raise seat_taken() from None
    return receipts.of_designation(designation)


async def end_designation(_: Context, unit: Unit, command: EndDesignation) -> Receipt:
    """End a designation now; it stays on record."""
    at = unit.provenance.at
    held = await unit.tx.get(Designation, command.designation)
    if held is None or held.realm != command.realm:
        raise not_found("designation")
    await authorize(unit, "designate", Subject(realm=held.realm, country=held.country, role=held.role))
    if not in_force(held, at) and held.start <= at:
        raise conflict("designation-ended", "The designation has ended", "Nothing is left to end.")
    # Read again: who ends their own designation has rested on it, which gave it the next version.
    current = await unit.tx.get(Designation, command.designation)
    assert current is not None  # noqa: S101 - read above in this transaction
    ended = {"end": at, "ended_by": unit.caller.person, "end_reason": command.reason, "seat": None}
    return receipts.of_designation(await unit.tx.replace(current.model_copy(update=ended)), ended=True)


async def designations(ctx: Context, realm: str, country: str | None) -> list[Designation]:
    """Every designation of a realm, or of one of its countries, past ones included."""
    where = {"realm": realm} if country is None else {"realm": realm, "country": country}
    return await ctx.store.find(Designation, where, order="start")


async def myself(ctx: Context, person: str) -> tuple[Person | None, list[Designation]]:
    """A person as the registry knows them, with the designations they hold now."""
    at = ctx.clock()
    held = (await actor(ctx.store, person)).designations
    return await ctx.store.get(Person, person), [one for one in held if in_force(one, at)]


def designation_of(command: Designate, new_id: str, by: str, at: datetime) -> Designation:
    """A designation as it is kept; the publishing authority of a country takes its one seat."""
    holds_seat = command.role == "publishing-authority" and command.country
    return Designation(
        id=new_id,
        person=command.person,
        realm=command.realm,
        role=command.role,
        country=command.country,
        start=command.start or at,
        end=command.end,
        made_by=by,
        reason=command.reason,
        seat=f"{command.realm}/{command.country}" if holds_seat else None,
    )


async def _free_seat(tx: Transaction, seat: str | None, at: datetime) -> None:
    """Free the seat of a designation whose end has come by itself."""
    if seat is None:
        return
    for held in await tx.find(Designation, {"seat": seat}):
        if held.end is not None and held.end <= at:
            await tx.replace(held.model_copy(update={"seat": None}))
