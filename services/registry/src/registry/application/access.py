"""Permission inside a transaction: the grant is looked up and the command rests on it.

A command that rests on a designation replaces that designation by itself, so that an end of the designation and
the command cannot both commit as if the other had not happened.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from clearinghouse_formats import Format
from clearinghouse_runtime.commands import Question, UnitOfWork
from registry.application.ports import Reader, Transaction
from registry.domain.entities import Designation
from registry.domain.permission import Actor, Grant, Permission, Subject, may
from registry.domain.refusals import forbidden

Unit = UnitOfWork[Transaction]
"""A command of the registry at work."""


async def actor(reader: Reader, person: str) -> Actor:
    """A person with all their designations."""
    return Actor(person, await reader.find(Designation, {"person": person}))


async def allowed(
    reader: Reader, person: str, permission: Permission, subject: Subject, at: datetime
) -> bool:
    """Whether they may; for reading, where nothing needs to rest on it."""
    return may(await actor(reader, person), permission, subject, at) is not None


async def permissions(
    reader: Reader, person: str, at: datetime
) -> Callable[[Subject], Callable[[Permission], bool]]:
    """What a person may do now to a subject, looked up once for many subjects."""
    who = await actor(reader, person)
    return lambda subject: lambda permission: may(who, permission, subject, at) is not None


async def authorize(unit: Unit, permission: Permission, *subjects: Subject) -> None:
    """Refuse unless the caller may do it to one of the subjects; the transaction then rests on the designation.

    A designation that somebody has ended is over for every command that has not been committed yet, even for one
    that began before the end.
    """
    subject, grant = await _granted(unit, permission, subjects)
    if grant.rests_on is not None:
        await unit.tx.replace(grant.rests_on)
    unit.permitted(_question(permission, subject))


async def ask_again(unit: Unit, question: Question) -> None:
    """Refuse a repeated command whose caller may not send it any more."""
    subject = dict(question["subject"])
    await _granted(
        unit, question["permission"], [Subject(**{**subject, "countries": frozenset(subject["countries"])})]
    )


async def _granted(
    unit: Unit, permission: Permission, subjects: tuple[Subject, ...] | list[Subject]
) -> tuple[Subject, Grant]:
    held = [
        one for one in await unit.tx.find(Designation, {"person": unit.caller.person}) if not one.ended_by
    ]
    who = Actor(unit.caller.person, held)
    for subject in subjects:
        grant = may(who, permission, subject, unit.provenance.at)
        if grant is not None:
            return subject, grant
    country = subjects[0].country or ""
    where = country.upper() if _COUNTRY.fullmatch(country) else "this realm"
    raise forbidden(f"This needs a role that you do not hold in {where} now: {_NEEDED[permission]}.")


def _question(permission: Permission, subject: Subject) -> Question:
    return {"permission": permission, "subject": {**vars(subject), "countries": sorted(subject.countries)}}


def subject_of(format: Format, realm: str, country: str | None, author: str | None = None) -> Subject:  # noqa: A002
    """A record of a format as the subject of an permission."""
    return Subject(realm=realm, country=country, submitted_by=format.submitted_by, author=author)


_COUNTRY = re.compile(r"[a-z]{2}")

_NEEDED: dict[Permission, str] = {
    "read-draft": "publishing authority or national authorized user; author, where anybody may submit",
    "draft": "national authorized user or publishing authority (the Secretariat, for records that it enters)",
    "request": "national authorized user or publishing authority (the Secretariat, for records that it enters)",
    "publish": "publishing authority (the Secretariat, for reference records)",
    "recall": "author of the request",
    "designate": "the one that designates for that role",
    "enter-person": "the person themselves or the Secretariat",
    "read-status": "the Secretariat",
    "read-evidence": "an official of a country concerned, or the Secretariat",
}
