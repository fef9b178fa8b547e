"""Permission inside a transaction: the grant is looked up and the command rests on it.

A command that rests on a designation replaces that designation by itself, so that an end of the designation and
the command cannot both commit as if the other had not happened.
"""

from __future__ import annotations

from datetime import datetime

from clearinghouse_formats import Format
from registry.application.ports import Reader, Transaction
from registry.domain.entities import Designation
from registry.domain.permission import Action, Actor, Subject, may
from registry.domain.refusals import forbidden


async def actor(reader: Reader, person: str) -> Actor:
    """A person with all his designations."""
    return Actor(person, await reader.find(Designation, {"person": person}))


async def allowed(reader: Reader, person: str, action: Action, subject: Subject, at: datetime) -> bool:
    """Whether he may; for reading, where nothing needs to rest on it."""
    return may(await actor(reader, person), action, subject, at) is not None


async def rest_on_grant(tx: Transaction, person: str, action: Action, subject: Subject, at: datetime) -> None:
    """Refuse unless he may, and make the transaction rest on the designation that lets him.

    A designation that somebody has ended is over for every command that has not been committed yet, even for one
    that began (``at``) before the end.
    """
    held = [one for one in await tx.find(Designation, {"person": person}) if one.ended_by is None]
    grant = may(Actor(person, held), action, subject, at)
    if grant is None:
        where = (subject.country or "this realm").upper() if subject.country else "this realm"
        raise forbidden(f"This needs a role that you do not hold in {where} now: {_NEEDED[action]}.")
    if grant.rests_on is not None:
        await tx.replace(grant.rests_on)


def subject_of(format: Format, realm: str, country: str | None, author: str | None = None) -> Subject:  # noqa: A002
    """A record of a format as the subject of an action."""
    return Subject(realm=realm, country=country, submitted_by=format.submitted_by, author=author)


_NEEDED: dict[Action, str] = {
    "read-draft": "publishing authority, national authorized user or author of the draft",
    "draft": "national authorized user or publishing authority (the Secretariat, for records that it enters)",
    "request": "national authorized user or publishing authority (the Secretariat, for records that it enters)",
    "publish": "publishing authority (the Secretariat, for reference records)",
    "designate": "the one that designates for that role",
    "enter-person": "the person himself or the Secretariat",
    "read-evidence": "an official of a country concerned, or the Secretariat",
}
