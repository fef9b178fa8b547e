"""Drafts and their publication over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Response
from pydantic import BaseModel, ConfigDict

from registry.application import drafts, publication, records, requests
from registry.application.idempotency import Caller
from registry.bootstrap import App
from registry.entrypoints.http.answers import DraftAnswer, DraftsAnswer, PublicationAnswer, RequestAnswer
from registry.entrypoints.http.commands import Callers, IfMatch, realm_of, version_in
from registry.entrypoints.http.rendering import of_draft, of_publication, of_request

EXAMPLE = {
    "header": {"identifier": "mx-biodiversity-law-1", "schema": "biosafetyLaw", "languages": ["en", "es"]},
    "government": {"identifier": "mx"},
    "title": {"en": "Law on biosafety", "es": "Ley de bioseguridad"},
}


class Reason(BaseModel):
    """Why a later revision is made, for formats without a field for it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: dict[str, str] | None = None


def router(app: App, who: Callers) -> APIRouter:
    """The routes of drafts."""
    ctx = app.context
    api = APIRouter(prefix="/v1/{realm}", tags=["drafts"])
    Who = Annotated[Caller, Depends(who.required)]  # noqa: N806 - a type
    Realm = Annotated[str, Depends(realm_of(app))]  # noqa: N806 - a type
    Document = Annotated[dict[str, Any], Body(examples=[EXAMPLE])]  # noqa: N806 - a type

    def answer(shown: drafts.DraftView, response: Response) -> DraftAnswer:
        made = of_draft(shown)
        response.headers["ETag"] = made.etag
        return made

    @api.post("/drafts", status_code=201, summary="Draft a new record or the next revision of one")
    async def create(realm: Realm, document: Document, caller: Who, response: Response) -> DraftAnswer:
        shown = await drafts.create(ctx, caller, realm, document)
        response.headers["Location"] = f"/v1/{realm}/drafts/{shown.draft.uid}"
        return answer(shown, response)

    @api.get("/drafts", summary="The drafts that you may see")
    async def listed(realm: Realm, caller: Who) -> DraftsAnswer:
        return DraftsAnswer(items=[of_draft(shown) for shown in await drafts.listed(ctx, caller, realm)])

    @api.get("/drafts/{uid}", summary="One draft")
    async def read(realm: Realm, uid: str, caller: Who, response: Response) -> DraftAnswer:
        return answer(await drafts.read(ctx, caller, realm, uid), response)

    @api.put("/drafts/{uid}", summary="Replace a draft's content")
    async def replace(
        realm: Realm, uid: str, document: Document, caller: Who, response: Response, if_match: IfMatch = None
    ) -> DraftAnswer:
        version = version_in(if_match)
        return answer(await drafts.replace(ctx, caller, realm, uid, document, version), response)

    @api.delete("/drafts/{uid}", status_code=204, summary="Discard a draft")
    async def discard(realm: Realm, uid: str, caller: Who, if_match: IfMatch = None) -> None:
        await drafts.discard(ctx, caller, realm, uid, version_in(if_match))

    @api.post("/drafts/{uid}/requests", status_code=201, summary="Ask for publication; locks the draft")
    async def ask(realm: Realm, uid: str, caller: Who, if_match: IfMatch = None) -> RequestAnswer:
        return of_request(await requests.open_request(ctx, caller, realm, uid, version_in(if_match)))

    @api.post("/drafts/{uid}/publication", status_code=201, summary="Publish at once, as an authority may")
    async def publish(
        realm: Realm,
        uid: str,
        caller: Who,
        given: Annotated[Reason | None, Body()] = None,
        if_match: IfMatch = None,
    ) -> PublicationAnswer:
        reason = given.reason if given else None
        made = await publication.publish(ctx, caller, realm, uid, version_in(if_match), reason)
        return of_publication(ctx, made, await records.show(ctx, made.changed.record.id))

    @api.post("/records/{identifier}/deletion", summary="Delete a record; it stays readable as deleted")
    async def delete(
        realm: Realm, identifier: str, caller: Who, given: Annotated[Reason | None, Body()] = None
    ) -> PublicationAnswer:
        reason = given.reason if given else None
        made = await publication.delete(ctx, caller, realm, identifier, reason)
        return of_publication(ctx, made, await records.show(ctx, made.changed.record.id))

    return api
