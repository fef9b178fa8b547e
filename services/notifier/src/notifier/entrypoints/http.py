"""The notifier over HTTP: a person's inbox."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Path, Query
from prometheus_client import CollectorRegistry

from clearinghouse_messages.answers import InboxAnswer, NotificationAnswer, Receipt
from clearinghouse_runtime.commands import Caller
from clearinghouse_runtime.http import Callers
from clearinghouse_runtime.interface import interface
from clearinghouse_runtime.status import secretariat_by_roles
from notifier.application.inbox import MarkRead, execute
from notifier.bootstrap import App
from notifier.domain.notifications import Notification


def api(app: App, metrics: CollectorRegistry) -> FastAPI:
    """The notifier's interface."""
    served, who = interface(
        app.backbone,
        metrics,
        description="The inbox of a person: requests that wait for them, and what became of their own.",
        only_secretariat=lambda who: secretariat_by_roles(who.required, app.roles),
    )
    served.include_router(_inbox(app, who))
    return served


def _inbox(app: App, who: Callers) -> APIRouter:
    router = APIRouter(prefix="/v1/inbox", tags=["inbox"])

    @router.get("", summary="The caller's notifications, newest first")
    async def inbox(
        person: Annotated[str, Depends(who.required)],
        status: Annotated[Literal["unread", "all"], Query()] = "unread",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> InboxAnswer:
        rows = await app.notifications.of_person(person, unread_only=status == "unread", limit=limit)
        return InboxAnswer(items=[_answer(row) for row in rows])

    @router.post("/{notification}/read", summary="Mark a row as read")
    async def read(
        notification: Annotated[str, Path(max_length=64)], by: Annotated[Caller, Depends(who.command)]
    ) -> Receipt:
        return await execute(app.pipeline, by, MarkRead(notification))

    return router


def _answer(row: Notification) -> NotificationAnswer:
    return NotificationAnswer.model_validate(vars(row))
