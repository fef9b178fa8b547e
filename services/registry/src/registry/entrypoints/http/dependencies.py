"""What routes share: the realm in the path, the ETag that a change rests on, the Secretariat, stale answers."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Path, Request, Response

from clearinghouse_runtime.http import Callers
from clearinghouse_runtime.http_problems import respond
from clearinghouse_runtime.problems import Problem
from clearinghouse_runtime.status import secretariat_only
from registry.application.access import permissions
from registry.application.ports import StaleError
from registry.bootstrap import App
from registry.domain.permission import Subject
from registry.domain.refusals import stale

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The draft's ETag, as last read", examples=['"1"'])
]

_ETAG = re.compile(r'"([1-9][0-9]{0,9})"')


def realm_of(app: App) -> Callable[..., str]:
    """A dependency for the realm in the path; 404 for one that is not served here."""
    known = tuple(app.context.catalogue.realms)

    def dependency(realm: Annotated[str, Path(description=f"One of {', '.join(known)}")]) -> str:
        if realm not in known:
            raise Problem("not-found", "Not found", 404, f"The realms here are {', '.join(known)}.")
        return realm

    return dependency


def secretariat(app: App, who: Callers) -> Callable[..., Awaitable[None]]:
    """A dependency that refuses everybody but the Secretariat of some realm."""

    async def dependency(person: Annotated[str, Depends(who.required)]) -> None:
        permitted = await permissions(app.context.store, person, app.context.clock())
        if not any(permitted(Subject(realm=realm))("read-status") for realm in app.context.catalogue.realms):
            raise secretariat_only()

    return dependency


def version_in(if_match: str | None) -> int:
    """The draft's version that an ``If-Match`` names. 428 without one, 412 for one that is not ours."""
    if if_match is None:
        raise Problem(
            "precondition-required",
            "If-Match is needed",
            428,
            "Read the draft and send its ETag as If-Match, so that nobody's change is overwritten.",
        )
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise stale()
    return int(found[1])


def answer_stale(api: FastAPI) -> None:
    """Answer 412 where somebody else changed at the same time what a command rests on."""

    async def outdated(_: Request, __: Exception) -> Response:
        return respond(stale())

    api.add_exception_handler(StaleError, outdated)
