"""Published records over HTTP: for anyone, by any of their names, as JSON or as a plain page."""

import base64
import binascii
from typing import Annotated, Any, Self

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, model_validator

from clearinghouse_formats import json_schema
from clearinghouse_formats.values import Lstring, refusal
from clearinghouse_messages.answers import (
    Receipt,
    RecordAnswer,
    RecordsAnswer,
    RecordSummary,
    TransmissionsAnswer,
)
from clearinghouse_runtime.commands import Caller
from clearinghouse_runtime.http import Callers
from clearinghouse_runtime.problems import Problem
from registry.application import commands, records
from registry.application.pipeline import execute
from registry.bootstrap import App
from registry.entrypoints.http.dependencies import realm_of
from registry.entrypoints.http.page import page
from registry.entrypoints.http.rendering import of_evidence, of_record, of_summary

MAX_REASON_CHARACTERS = 20_000


class Reason(BaseModel):
    """Why a record is deleted."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: Lstring | None = None

    @model_validator(mode="after")
    def _is_short(self) -> Self:
        words = self.reason.model_dump(exclude_none=True) if self.reason else {}
        if sum(map(len, words.values())) > MAX_REASON_CHARACTERS:
            raise refusal(
                "invalid-value", f"at most {MAX_REASON_CHARACTERS} characters in all languages together"
            )
        return self


ReasonBody = Annotated[Reason | None, Body()]


def router(app: App, who: Callers) -> APIRouter:
    """The routes of published records."""
    ctx = app.context
    api = APIRouter(prefix="/v1", tags=["records"])
    Perhaps = Annotated[str | None, Depends(who.optional)]  # noqa: N806 - a type
    Realm = Annotated[str, Depends(realm_of(app))]  # noqa: N806 - a type

    @api.get("/records", summary="Published records")
    async def listed(
        realm: str | None = None,
        format: str | None = None,  # noqa: A002 - the field's own word
        country: str | None = None,
        status: Annotated[str | None, Query(pattern="^(current|revoked|deleted)$")] = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> RecordsAnswer:
        wanted = records.Filter(realm, format, country, status, _after(cursor), limit)
        found = await records.listed(ctx, wanted)
        following = _cursor(found[-1][0].number) if len(found) == limit else None
        return RecordsAnswer(
            items=[RecordSummary(**of_summary(ctx, record, revision)) for record, revision in found],
            next=following,
        )

    @api.get("/records/{identifier}", summary="What an identifier names")
    async def read(identifier: str) -> RecordAnswer:
        return of_record(ctx, await records.show(ctx, identifier))

    @api.get("/records/{identifier}/transmissions", summary="Who received what, when, and what was answered")
    async def transmissions(identifier: str, person: Perhaps) -> TransmissionsAnswer:
        found = await records.transmissions(ctx, identifier, person)
        return TransmissionsAnswer(items=[of_evidence(ctx, one) for one in found])

    @api.post(
        "/{realm}/records/{identifier}/deletion", summary="Delete a record; it stays readable as deleted"
    )
    async def delete(
        realm: Realm,
        identifier: str,
        by: Annotated[Caller, Depends(who.command)],
        given: ReasonBody = None,
    ) -> Receipt:
        reason = given.reason.model_dump(exclude_none=True) if given and given.reason else None
        return await execute(ctx, by, commands.DeleteRecord(realm, identifier, reason))

    @api.get("/{realm}/undelivered", summary="Recipients who could not be reached (Secretariat)")
    async def undelivered(realm: Realm, person: Annotated[str, Depends(who.required)]) -> TransmissionsAnswer:
        found = await records.undelivered(ctx, realm, person)
        return TransmissionsAnswer(items=[of_evidence(ctx, one) for one in found])

    @api.get("/formats", tags=["formats"], summary="The common formats and where they are declared")
    async def formats() -> dict[str, list[dict[str, Any]]]:
        listed = [
            {
                "name": declared.name,
                "version": declared.version,
                "kind": declared.kind,
                "realms": {
                    slug: code
                    for slug in ctx.catalogue.realms
                    if (code := ctx.catalogue.short_code(slug, declared.name))
                },
                "schema": f"/v1/formats/{declared.name}/schema",
            }
            for declared in ctx.catalogue.formats.values()
        ]
        return {"items": listed}

    @api.get("/formats/{name}/schema", tags=["formats"], summary="JSON Schema of a format (2020-12)")
    async def schema(name: str) -> dict[str, Any]:
        if name not in ctx.catalogue.formats:
            raise Problem("not-found", "Not found", 404, "GET /v1/formats lists the formats.")
        return json_schema(ctx.catalogue.format(name))

    return api


def links(app: App) -> APIRouter:
    """``/{identifier}``: the address printed in certificates."""
    ctx, environment = app.context, app.settings.environment
    api = APIRouter(tags=["records"])

    @api.get(
        "/{identifier}",
        summary="The record behind a printed identifier, as JSON or as a page",
        response_model=RecordAnswer,
    )
    async def resolve(identifier: str, request: Request) -> Response:
        shown = of_record(ctx, await records.show(ctx, identifier))
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(
                page(shown, request.headers.get("accept-language", ""), environment), headers=_VARY
            )
        return JSONResponse(shown.model_dump(mode="json", by_alias=True), headers=_VARY)

    return api


_VARY = {"Vary": "Accept, Accept-Language"}


_CURSOR_DIGITS = 15


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"after:{number}".encode()).decode()


def _after(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        name, _, number = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
        if name == "after" and len(number) <= _CURSOR_DIGITS:
            return int(number)
    except (ValueError, binascii.Error, UnicodeError):
        pass
    raise Problem("invalid-cursor", "The cursor is not one of ours", 400, "Start again without a cursor.")
