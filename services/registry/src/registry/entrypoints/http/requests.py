"""Requests for publication over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from clearinghouse_formats.values import Text
from clearinghouse_messages.answers import Receipt, RequestAnswer, RequestsAnswer
from clearinghouse_messages.events import RequestStatus
from clearinghouse_runtime.commands import Caller
from clearinghouse_runtime.http import Callers
from registry.application import commands, requests
from registry.application.pipeline import execute
from registry.bootstrap import App
from registry.entrypoints.http.dependencies import realm_of
from registry.entrypoints.http.rendering import of_request


class Rejection(BaseModel):
    """A rejection says why."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: Text = Field(min_length=1, max_length=4000, examples=["The expiry date is missing."])


def router(app: App, who: Callers) -> APIRouter:
    """The routes of requests."""
    ctx = app.context
    api = APIRouter(prefix="/v1/{realm}/requests", tags=["requests"])
    By = Annotated[Caller, Depends(who.command)]  # noqa: N806 - a type
    Person = Annotated[str, Depends(who.required)]  # noqa: N806 - a type
    Realm = Annotated[str, Depends(realm_of(app))]  # noqa: N806 - a type

    @api.get("", summary="The requests that you may see")
    async def listed(
        realm: Realm, person: Person, status: Annotated[RequestStatus | None, Query()] = None
    ) -> RequestsAnswer:
        found = await requests.listed(ctx, person, realm, status)
        return RequestsAnswer(items=[of_request(view) for view in found])

    @api.get("/{request}", summary="One request")
    async def read(realm: Realm, request: str, person: Person) -> RequestAnswer:
        return of_request(await requests.read(ctx, person, realm, request))

    @api.post("/{request}/approval", summary="Approve: the draft is published")
    async def approve(realm: Realm, request: str, by: By) -> Receipt:
        return await execute(ctx, by, commands.ApproveRequest(realm, request))

    @api.post("/{request}/rejection", summary="Decline, with a reason; the draft is free again")
    async def reject(realm: Realm, request: str, rejection: Rejection, by: By) -> Receipt:
        return await execute(ctx, by, commands.RejectRequest(realm, request, rejection.reason))

    @api.post("/{request}/recall", summary="Take your own request back; the draft is free again")
    async def recall(realm: Realm, request: str, by: By) -> Receipt:
        return await execute(ctx, by, commands.RecallRequest(realm, request))

    return api
