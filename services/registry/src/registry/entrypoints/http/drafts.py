"""Drafts and their publication over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Response

from clearinghouse_messages.answers import DraftAnswer, DraftsAnswer, Receipt
from clearinghouse_runtime.commands import Caller
from clearinghouse_runtime.http import Callers, created, with_etag
from registry.application import commands, drafts
from registry.application.pipeline import execute
from registry.bootstrap import App
from registry.entrypoints.http.dependencies import IfMatch, realm_of, version_in
from registry.entrypoints.http.rendering import of_draft

EXAMPLE = {
    "header": {"identifier": "mx-biodiversity-law-1", "schema": "biosafetyLaw", "languages": ["en", "es"]},
    "government": {"identifier": "mx"},
    "title": {"en": "Law on biosafety", "es": "Ley de bioseguridad"},
}


def router(app: App, who: Callers) -> APIRouter:
    """The routes of drafts."""
    ctx = app.context
    api = APIRouter(prefix="/v1/{realm}/drafts", tags=["drafts"])
    By = Annotated[Caller, Depends(who.command)]  # noqa: N806 - a type
    Person = Annotated[str, Depends(who.required)]  # noqa: N806 - a type
    Realm = Annotated[str, Depends(realm_of(app))]  # noqa: N806 - a type
    Document = Annotated[dict[str, Any], Body(examples=[EXAMPLE])]  # noqa: N806 - a type

    @api.post("", status_code=201, summary="Draft a new record or the next revision of one")
    async def create(realm: Realm, document: Document, by: By, response: Response) -> Receipt:
        return created(await execute(ctx, by, commands.CreateDraft(realm, document)), response)

    @api.get("", summary="The drafts that you may see")
    async def listed(realm: Realm, person: Person) -> DraftsAnswer:
        return DraftsAnswer(items=[of_draft(view) for view in await drafts.listed(ctx, person, realm)])

    @api.get("/{uid}", summary="One draft")
    async def read(realm: Realm, uid: str, person: Person, response: Response) -> DraftAnswer:
        shown = of_draft(await drafts.read(ctx, person, realm, uid))
        response.headers["ETag"] = shown.etag
        return shown

    @api.put("/{uid}", summary="Replace a draft's content")
    async def replace(
        realm: Realm, uid: str, document: Document, by: By, response: Response, if_match: IfMatch = None
    ) -> Receipt:
        command = commands.ReplaceDraft(realm, uid, document, version_in(if_match))
        return with_etag(await execute(ctx, by, command), response)

    @api.delete("/{uid}", summary="Discard a draft")
    async def discard(realm: Realm, uid: str, by: By, if_match: IfMatch = None) -> Receipt:
        return await execute(ctx, by, commands.DiscardDraft(realm, uid, version_in(if_match)))

    @api.post("/{uid}/requests", status_code=201, summary="Ask for publication; locks the draft")
    async def ask(realm: Realm, uid: str, by: By, response: Response, if_match: IfMatch = None) -> Receipt:
        command = commands.OpenRequest(realm, uid, version_in(if_match))
        return created(await execute(ctx, by, command), response)

    @api.post("/{uid}/publication", status_code=201, summary="Publish at once, as an authority may")
    async def publish(
        realm: Realm,
        uid: str,
        by: By,
        response: Response,
        if_match: IfMatch = None,
    ) -> Receipt:
        command = commands.PublishDraft(realm, uid, version_in(if_match))
        return created(await execute(ctx, by, command), response)

    return api
