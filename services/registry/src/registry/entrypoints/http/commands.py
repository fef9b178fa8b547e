"""What commands share: who calls, realm, ETag, and refusals as problem details."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Path, Request, Response

from clearinghouse_runtime.auth import Identity
from clearinghouse_runtime.http import identified, perhaps_identified, respond
from clearinghouse_runtime.problems import Fault, Problem
from registry.application.idempotency import Caller
from registry.application.ports import StaleError
from registry.bootstrap import App
from registry.domain.refusals import Refusal, stale

STATUS = {
    "invalid-record": 422,
    "record-too-large": 413,
    "forbidden": 403,
    "not-found": 404,
    "stale": 412,
    "idempotency-key-reused": 422,
}
"""The status of each refusal; whatever else the state of things does not allow is 409."""

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The draft's ETag, as last read", examples=['"1"'])
]


def realm_of(app: App) -> Callable[..., str]:
    """A dependency for the realm in the path; 404 for one that is not served here."""
    known = tuple(app.context.catalogue.realms)

    def dependency(realm: Annotated[str, Path(description=f"One of {', '.join(known)}")]) -> str:
        if realm not in known:
            raise Problem("not-found", "Not found", 404, f"The realms here are {', '.join(known)}.")
        return realm

    return dependency


@dataclass(frozen=True)
class Callers:
    """Dependencies that tell who calls."""

    required: Callable[..., Awaitable[Caller]]
    optional: Callable[..., Awaitable[str | None]]


def callers(app: App) -> Callers:
    """Who calls, from his token, with his idempotency key and trace."""
    strict, lenient = identified(app.verifier), perhaps_identified(app.verifier)

    async def required(
        identity: Annotated[Identity, Depends(strict)],
        key: Annotated[
            str | None,
            Header(
                alias="Idempotency-Key", min_length=8, max_length=128, description="Makes a repeat harmless"
            ),
        ] = None,
        traceparent: Annotated[str | None, Header(include_in_schema=False)] = None,
    ) -> Caller:
        trace = traceparent if traceparent and _TRACE.fullmatch(traceparent) else None
        return Caller(identity.subject, key, trace)

    async def optional(identity: Annotated[Identity | None, Depends(lenient)]) -> str | None:
        return identity.subject if identity else None

    return Callers(required, optional)


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
        raise problem_of(stale())
    return int(found[1])


def answer_refusals(api: FastAPI) -> None:
    """Answer the registry's refusals as problem details."""

    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)  # noqa: S101 - registered for it alone
        return respond(problem_of(error))

    async def outdated(_: Request, __: Exception) -> Response:
        return respond(problem_of(stale()))

    api.add_exception_handler(Refusal, refused)
    api.add_exception_handler(StaleError, outdated)


def problem_of(refusal: Refusal) -> Problem:
    """A refusal as the caller sees it."""
    faults = [Fault(fault.path, fault.code, fault.expected) for fault in refusal.faults]
    return Problem(refusal.slug, refusal.title, STATUS.get(refusal.slug, 409), refusal.detail, faults)


_ETAG = re.compile(r'"([1-9][0-9]{0,9})"')
_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
