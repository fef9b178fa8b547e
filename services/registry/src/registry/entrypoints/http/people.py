"""Persons and designations over HTTP."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from clearinghouse_formats.values import Line, Text
from clearinghouse_messages.answers import DesignationsAnswer, MeAnswer, Receipt
from clearinghouse_runtime.clock import to_millisecond
from clearinghouse_runtime.commands import Caller
from clearinghouse_runtime.http import Callers, created
from registry.application import commands, people
from registry.application.pipeline import execute
from registry.bootstrap import App
from registry.domain.entities import Role
from registry.entrypoints.http.dependencies import realm_of
from registry.entrypoints.http.rendering import of_designation, of_person

_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


Moment = Annotated[
    AwareDatetime, Field(ge=datetime(1992, 6, 5, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]
"""Not before the Convention was opened for signature."""


class PersonDetails(BaseModel):
    """How a person is addressed."""

    model_config = _STRICT

    name: Line = Field(min_length=1, max_length=200)
    email: Line = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)
    language: Literal["ar", "en", "es", "fr", "ru", "zh"]


class NewDesignation(BaseModel):
    """A role to be given."""

    model_config = _STRICT

    person: Line = Field(min_length=1, max_length=200)
    role: Role
    country: str | None = Field(default=None, pattern="^[a-z]{2}$", description="None for roles of a realm")
    start: Moment | None = None
    end: Moment | None = None
    reason: Text = Field(min_length=1, max_length=2000)


class Ending(BaseModel):
    """Why a designation ends."""

    model_config = _STRICT

    reason: Text = Field(min_length=1, max_length=2000)


def router(app: App, who: Callers) -> APIRouter:
    """The routes of persons and designations."""
    ctx = app.context
    api = APIRouter(prefix="/v1", tags=["people"])
    By = Annotated[Caller, Depends(who.command)]  # noqa: N806 - a type
    Realm = Annotated[str, Depends(realm_of(app))]  # noqa: N806 - a type

    @api.get("/me", summary="Yourself, with the roles that you hold now")
    async def me(caller: Annotated[str, Depends(who.required)]) -> MeAnswer:
        person, held = await people.myself(ctx, caller)
        return MeAnswer(
            person=of_person(person) if person else None, designations=[of_designation(one) for one in held]
        )

    @api.put("/persons/{sub}", summary="Enter or change a person")
    async def enter(sub: str, details: PersonDetails, by: By) -> Receipt:
        command = commands.EnterPerson(sub, details.name, details.email, details.language)
        return await execute(ctx, by, command)

    @api.get("/{realm}/designations", summary="Who holds or held which role")
    async def listed(
        realm: Realm, country: Annotated[str | None, Query(pattern="^[a-z]{2}$")] = None
    ) -> DesignationsAnswer:
        found = await people.designations(ctx, realm, country)
        return DesignationsAnswer(items=[of_designation(one) for one in found])

    @api.post("/{realm}/designations", status_code=201, summary="Give a person a role")
    async def designate(realm: Realm, new: NewDesignation, by: By, response: Response) -> Receipt:
        start, end = (to_millisecond(at) if at else None for at in (new.start, new.end))
        command = commands.Designate(realm, new.person, new.role, new.country, new.reason, start, end)
        return created(await execute(ctx, by, command), response)

    @api.post("/{realm}/designations/{designation}/end", summary="End a designation now")
    async def end(realm: Realm, designation: str, ending: Ending, by: By) -> Receipt:
        return await execute(ctx, by, commands.EndDesignation(realm, designation, ending.reason))

    return api
