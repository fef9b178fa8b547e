"""Persons and designations over HTTP."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from registry.application import people
from registry.application.idempotency import Caller
from registry.bootstrap import App
from registry.domain.entities import Person, Role
from registry.entrypoints.http.answers import DesignationAnswer, DesignationsAnswer, MeAnswer, PersonAnswer
from registry.entrypoints.http.commands import Callers, realm_of
from registry.entrypoints.http.rendering import of_designation, of_person

_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


class PersonDetails(BaseModel):
    """How a person is addressed."""

    model_config = _STRICT

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)
    language: Literal["ar", "en", "es", "fr", "ru", "zh"]


class NewDesignation(BaseModel):
    """A role to be given."""

    model_config = _STRICT

    person: str = Field(min_length=1, max_length=200)
    role: Role
    country: str | None = Field(default=None, pattern="^[a-z]{2}$", description="None for roles of a realm")
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    reason: str = Field(min_length=1, max_length=2000)


class Ending(BaseModel):
    """Why a designation ends."""

    model_config = _STRICT

    reason: str = Field(min_length=1, max_length=2000)


def router(app: App, who: Callers) -> APIRouter:
    """The routes of persons and designations."""
    ctx = app.context
    api = APIRouter(prefix="/v1", tags=["people"])
    Who = Annotated[Caller, Depends(who.required)]  # noqa: N806 - a type
    Realm = Annotated[str, Depends(realm_of(app))]  # noqa: N806 - a type

    @api.get("/me", summary="Yourself, with the roles that you hold now")
    async def me(caller: Who) -> MeAnswer:
        person, held = await people.myself(ctx, caller)
        return MeAnswer(
            person=of_person(person) if person else None, designations=[of_designation(one) for one in held]
        )

    @api.put("/persons/{sub}", summary="Enter or change a person")
    async def enter(sub: str, details: PersonDetails, caller: Who) -> PersonAnswer:
        person = Person(id=sub, name=details.name, email=details.email, language=details.language)
        return of_person(await people.enter_person(ctx, caller, person))

    @api.get("/{realm}/designations", summary="Who holds or held which role")
    async def listed(
        realm: Realm, country: Annotated[str | None, Query(pattern="^[a-z]{2}$")] = None
    ) -> DesignationsAnswer:
        found = await people.designations(ctx, realm, country)
        return DesignationsAnswer(items=[of_designation(one) for one in found])

    @api.post("/{realm}/designations", status_code=201, summary="Give a person a role")
    async def designate(realm: Realm, new: NewDesignation, caller: Who) -> DesignationAnswer:
        appointment = people.Appointment(
            new.person, new.role, new.country, new.reason, _millisecond(new.start), _millisecond(new.end)
        )
        return of_designation(await people.designate(ctx, caller, realm, appointment))

    @api.post("/{realm}/designations/{designation}/end", summary="End a designation now")
    async def end(realm: Realm, designation: str, ending: Ending, caller: Who) -> DesignationAnswer:
        return of_designation(await people.end_designation(ctx, caller, realm, designation, ending.reason))

    return api


def _millisecond(at: datetime | None) -> datetime | None:
    """A time as precise as the store keeps it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000) if at else None
