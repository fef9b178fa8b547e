"""The notifier over HTTP: a person's inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Path, Query
from prometheus_client import CollectorRegistry
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from clearinghouse_messages.events import Multilingual
from clearinghouse_runtime.auth import Identity, TokenVerifier
from clearinghouse_runtime.health import Check
from clearinghouse_runtime.http import create_app, identified
from clearinghouse_runtime.problems import Problem
from notifier.application.ports import Notices
from notifier.domain.notices import Notice, RequestCondition


class NoticeView(BaseModel):
    """One row of the inbox. ``requestState`` is the state of its request now."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, hide_input_in_errors=True
    )

    id: str
    kind: str
    request: str
    record: str
    realm: str
    format: str
    country: str | None
    title: Multilingual
    role: str
    at: datetime
    read: bool
    request_state: RequestCondition


class InboxView(BaseModel):
    """The newest rows, newest first."""

    items: list[NoticeView]


def make_app(
    notices: Notices,
    verifier: TokenVerifier,
    *,
    checks: Mapping[str, Check],
    metrics: CollectorRegistry,
    infrastructure: Sequence[type[Exception]] = (),
) -> FastAPI:
    """The notifier's interface."""
    app = create_app(
        "Clearing-house notifier",
        description="The inbox of a person: requests that wait for him, and what became of his own.",
        checks=checks,
        metrics=metrics,
        infrastructure=infrastructure,
    )
    caller = Depends(identified(verifier))

    @app.get("/v1/inbox", tags=["inbox"], summary="What the caller was told, newest first")
    async def inbox(
        state: Annotated[Literal["unread", "all"], Query()] = "unread",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        person: Identity = caller,
    ) -> InboxView:
        rows = await notices.of_person(person.subject, unread_only=state == "unread", limit=limit)
        return InboxView(items=[_view(row) for row in rows])

    @app.post("/v1/inbox/{notice}/read", status_code=204, tags=["inbox"], summary="Mark a row as read")
    async def read(notice: Annotated[str, Path(max_length=64)], person: Identity = caller) -> None:
        if not await notices.mark_read(person.subject, notice):
            raise Problem("not-found", "Not found", 404, detail="There is no such row in your inbox.")

    return app


def _view(row: Notice) -> NoticeView:
    return NoticeView.model_validate(row)
