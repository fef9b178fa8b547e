"""The ledger over HTTP: the same events in the same order as on Kafka."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query

from clearinghouse_messages.answers import EventsAnswer
from clearinghouse_runtime.problems import Problem
from registry.bootstrap import App

POLL_SECONDS = 0.1
MAX_POSITION = 2**53
"""More than any ledger has, and exact in every client's numbers."""


def router(app: App) -> APIRouter:
    """The route of events."""
    ledger = app.context.ledger
    api = APIRouter(prefix="/v1", tags=["events"])

    @api.get("/events", summary="Record events behind a position, in order of position")
    async def events(
        after: Annotated[
            int, Query(ge=0, le=MAX_POSITION, description="The position behind which to begin")
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        realm: str | None = None,
        wait: Annotated[float, Query(ge=0, le=25, description="Seconds to wait for an event")] = 0,
        generation: Annotated[
            str | None, Query(description="The ledger that the position is of; 409 if it is another")
        ] = None,
    ) -> EventsAnswer:
        current = await ledger.generation()
        if generation is not None and generation != current:
            raise Problem(
                "generation-changed",
                "The ledger was restored or rebuilt",
                409,
                "Positions of the former ledger do not hold; read again from position 0 without a generation.",
            )
        deadline = asyncio.get_running_loop().time() + wait
        found = await ledger.read(after=after, limit=limit, realm=realm)
        while not found and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(POLL_SECONDS, left))
            found = await ledger.read(after=after, limit=limit, realm=realm)
        return EventsAnswer(generation=current, events=found, next=found[-1].position if found else after)

    return api
