"""Persons and designations: who someone is, and which role he holds for which country from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry.application.access import actor, rest_on_grant
from registry.application.context import Context
from registry.application.idempotency import Caller
from registry.application.ports import ConflictError, Transaction
from registry.domain.entities import Designation, Person, Role
from registry.domain.permission import Subject, in_force, may
from registry.domain.refusals import conflict, not_found


@dataclass(frozen=True)
class Appointment:
    """What a designation says. ``country`` is lower case; None for roles of a realm."""

    person: str
    role: Role
    country: str | None
    reason: str
    start: datetime | None = None
    end: datetime | None = None


async def enter_person(ctx: Context, caller: Caller, person: Person) -> Person:
    """Enter or change a person: himself, or the Secretariat of any realm."""
    at = ctx.clock()

    async def body(tx: Transaction) -> Person:
        who = await actor(tx, caller.person)
        subjects = [Subject(realm=realm, author=person.id) for realm in ctx.catalogue.realms]
        if not any(may(who, "enter-person", subject, at) for subject in subjects):
            await rest_on_grant(tx, caller.person, "enter-person", subjects[0], at)
        known = await tx.get(Person, person.id)
        if known is None:
            await tx.insert(person)
            return person
        return await tx.replace(person.model_copy(update={"version": known.version}))

    return await ctx.store.transact(body)


async def designate(ctx: Context, caller: Caller, realm: str, appointment: Appointment) -> Designation:
    """Give a person a role. A country has one publishing authority; the one before is ended first."""
    at, new_id = ctx.clock(), ctx.new_id()
    designation = designation_of(realm, appointment, new_id, caller.person, at)

    async def body(tx: Transaction) -> Designation:
        subject = Subject(realm=realm, country=appointment.country, role=appointment.role)
        await rest_on_grant(tx, caller.person, "designate", subject, at)
        if await tx.get(Person, appointment.person) is None:
            raise not_found("person")
        await _free_seat(tx, designation.seat, at)
        await tx.insert(designation)
        return designation

    try:
        return await ctx.store.transact(body)
    except ConflictError:
        raise conflict(
            "seat-taken", "The country has a publishing authority", "End that designation first."
        ) from None


async def end_designation(
    ctx: Context, caller: Caller, realm: str, designation_id: str, reason: str
) -> Designation:
    """End a designation now; it stays on record."""
    at = ctx.clock()

    async def body(tx: Transaction) -> Designation:
        held = await tx.get(Designation, designation_id)
        if held is None or held.realm != realm:
            raise not_found("designation")
        subject = Subject(realm=realm, country=held.country, role=held.role)
        await rest_on_grant(tx, caller.person, "designate", subject, at)
        if not in_force(held, at) and held.start <= at:
            raise conflict("designation-ended", "The designation has ended", "Nothing is left to end.")
        current = await tx.get(Designation, designation_id)
        assert current is not None  # noqa: S101 - read above in this transaction
        ended = {"end": at, "ended_by": caller.person, "end_reason": reason, "seat": None}
        return await tx.replace(current.model_copy(update=ended))

    return await ctx.store.transact(body)


async def designations(ctx: Context, realm: str, country: str | None) -> list[Designation]:
    """Every designation of a realm, or of one of its countries, past ones included."""
    where = {"realm": realm} if country is None else {"realm": realm, "country": country}
    return await ctx.store.find(Designation, where, order="start")


async def myself(ctx: Context, caller: Caller) -> tuple[Person | None, list[Designation]]:
    """The caller as the registry knows him, with the designations he holds now."""
    at = ctx.clock()
    held = (await actor(ctx.store, caller.person)).designations
    return await ctx.store.get(Person, caller.person), [one for one in held if in_force(one, at)]


def designation_of(realm: str, appointment: Appointment, new_id: str, by: str, at: datetime) -> Designation:
    """A designation as it is kept; the publishing authority of a country takes its one seat."""
    holds_seat = appointment.role == "publishing-authority" and appointment.country
    return Designation(
        id=new_id,
        person=appointment.person,
        realm=realm,
        role=appointment.role,
        country=appointment.country,
        start=appointment.start or at,
        end=appointment.end,
        made_by=by,
        reason=appointment.reason,
        seat=f"{realm}/{appointment.country}" if holds_seat else None,
    )


async def _free_seat(tx: Transaction, seat: str | None, at: datetime) -> None:
    """Free the seat of a designation whose end has come by itself."""
    if seat is None:
        return
    for held in await tx.find(Designation, {"seat": seat}):
        if held.end is not None and held.end <= at:
            await tx.replace(held.model_copy(update={"seat": None}))
