"""Who may do what. ``may`` is the one place that decides permission.

Source: the roles of the clearing-houses (modalities of operation of the ABS Clearing-House, decision NP-1/2;
of the BCH, decision BS-I/3). A token says who someone is; designations, kept here, say what they may do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from registry.domain.entities import Designation, Role

Permission = Literal[
    "read-draft",
    "draft",
    "request",
    "publish",
    "recall",
    "designate",
    "enter-person",
    "read-evidence",
    "read-status",
]
SubmittedBy = Literal["country", "anyone", "secretariat"]


@dataclass(frozen=True)
class Actor:
    """A signed-in person with their designations, past ones included; ``may`` looks at their dates."""

    person: str
    designations: Sequence[Designation]


@dataclass(frozen=True)
class Subject:
    """What an permission is about."""

    realm: str
    country: str | None = None
    submitted_by: SubmittedBy = "country"
    """Who enters records of this format: a country, anyone, or the Secretariat alone."""
    author: str | None = None
    """Whose draft it is."""
    role: Role | None = None
    """Which role is to be given or ended."""
    countries: frozenset[str] = frozenset()
    """Other countries concerned: those of the recipients of a transmission."""


@dataclass(frozen=True)
class Grant:
    """A permission and the designation it rests on; None when being signed in is enough."""

    rests_on: Designation | None


def may(actor: Actor, permission: Permission, subject: Subject, at: datetime) -> Grant | None:
    """The grant that lets ``actor`` do ``permission`` to ``subject`` at a time, or None."""
    own = Grant(None) if subject.author == actor.person else None
    match permission:
        case "draft" | "request":
            return _write(actor, subject, at)
        case "read-draft":
            # Whoever drafted for a country reads its drafts for as long as they hold a role there.
            author = own if subject.submitted_by == "anyone" else None
            return author or _holds(actor, subject, at, COUNTRY_WRITERS) or _secretariat(actor, subject, at)
        case "publish":
            if publishing_role(subject.submitted_by) == "secretariat":
                return _secretariat(actor, subject, at)
            return _holds(actor, subject, at, ("publishing-authority",))
        case "recall":
            return own
        case "designate":
            return _designate(actor, subject, at)
        case "enter-person":
            return own or _secretariat(actor, subject, at)
        case "read-status":
            return _secretariat(actor, subject, at)
        case "read-evidence":
            return _secretariat(actor, subject, at) or _official(actor, subject, at)
        case _:
            assert_never(permission)


COUNTRY_WRITERS: tuple[Role, ...] = ("publishing-authority", "national-authorized-user")
"""Who drafts a country's records."""
_OFFICIALS: tuple[Role, ...] = ("national-focal-point", *COUNTRY_WRITERS)


def publishing_role(submitted_by: SubmittedBy) -> Role:
    """Who publishes records of a format, and so decides requests about them."""
    return "publishing-authority" if submitted_by == "country" else "secretariat"


def in_force(designation: Designation, at: datetime) -> bool:
    """Whether a designation has begun and not ended."""
    return designation.start <= at and (designation.end is None or at < designation.end)


def _write(actor: Actor, subject: Subject, at: datetime) -> Grant | None:
    match subject.submitted_by:
        case "country":
            return _holds(actor, subject, at, COUNTRY_WRITERS)
        case "anyone":
            own = subject.author is None or subject.author == actor.person
            return Grant(None) if own else _secretariat(actor, subject, at)
        case "secretariat":
            return _secretariat(actor, subject, at)
        case _:
            assert_never(subject.submitted_by)


def _designate(actor: Actor, subject: Subject, at: datetime) -> Grant | None:
    match subject.role:
        case "national-focal-point" | "secretariat" | "iac-member":
            return _secretariat(actor, subject, at)
        case "publishing-authority":
            return _holds(actor, subject, at, ("national-focal-point",))
        case "national-authorized-user":
            return _holds(actor, subject, at, ("national-focal-point", "publishing-authority"))
        case None:
            return None
        case _:
            assert_never(subject.role)


def _holds(actor: Actor, subject: Subject, at: datetime, roles: Sequence[Role]) -> Grant | None:
    for designation in actor.designations:
        fits = (
            designation.role in roles
            and designation.realm == subject.realm
            and subject.country is not None
            and designation.country == subject.country
        )
        if fits and in_force(designation, at):
            return Grant(designation)
    return None


def _secretariat(actor: Actor, subject: Subject, at: datetime) -> Grant | None:
    for designation in actor.designations:
        fits = designation.role == "secretariat" and designation.realm == subject.realm
        if fits and in_force(designation, at):
            return Grant(designation)
    return None


def _official(actor: Actor, subject: Subject, at: datetime) -> Grant | None:
    concerned = subject.countries | ({subject.country} if subject.country else set())
    for designation in actor.designations:
        fits = (
            designation.role in _OFFICIALS
            and designation.realm == subject.realm
            and designation.country in concerned
        )
        if fits and in_force(designation, at):
            return Grant(designation)
    return None
