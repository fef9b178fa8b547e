"""Requests for publication over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from registry.application import records, requests
from registry.application.idempotency import Caller
from registry.bootstrap import App
from registry.domain.entities import RequestStatus
from registry.entrypoints.http.answers import PublicationAnswer, RequestAnswer, RequestsAnswer
from registry.entrypoints.http.commands import Callers, realm_of
from registry.entrypoints.http.rendering import of_publication, of_request


class Rejection(BaseModel):
    """A rejection says why."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: str = Field(min_length=1, max_length=4000, examples=["The expiry date is missing."])


def router(app: App, who: Callers) -> APIRouter:
    """The routes of requests."""
    ctx = app.context
    api = APIRouter(prefix="/v1/{realm}/requests", tags=["requests"])
    Who = Annotated[Caller, Depends(who.required)]  # noqa: N806 - a type
    Realm = Annotated[str, Depends(realm_of(app))]  # noqa: N806 - a type

    @api.get("", summary="The requests that you may see")
    async def listed(
        realm: Realm, caller: Who, state: Annotated[RequestStatus | None, Query()] = None
    ) -> RequestsAnswer:
        found = await requests.listed(ctx, caller, realm, state)
        return RequestsAnswer(items=[of_request(request) for request in found])

    @api.get("/{request}", summary="One request")
    async def read(realm: Realm, request: str, caller: Who) -> RequestAnswer:
        return of_request(await requests.read(ctx, caller, realm, request))

    @api.post("/{request}/approval", summary="Approve: the draft is published")
    async def approve(realm: Realm, request: str, caller: Who) -> PublicationAnswer:
        made = (await requests.approve(ctx, caller, realm, request)).publication
        return of_publication(ctx, made, await records.show(ctx, made.changed.record.id))

    @api.post("/{request}/rejection", summary="Decline, with a reason; the draft is free again")
    async def reject(realm: Realm, request: str, rejection: Rejection, caller: Who) -> RequestAnswer:
        return of_request(await requests.reject(ctx, caller, realm, request, rejection.reason))

    @api.post("/{request}/recall", summary="Take your own request back; the draft is free again")
    async def recall(realm: Realm, request: str, caller: Who) -> RequestAnswer:
        return of_request(await requests.recall_request(ctx, caller, realm, request))

    return api
