"""Refusals and errors as answers: problem details (RFC 9457) that never hold what the caller sent."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from clearinghouse_messages.problems import MEDIA_TYPE, Fault
from clearinghouse_runtime.logging import log
from clearinghouse_runtime.problems import Problem

_logger = logging.getLogger(__name__)
_SPEAKABLE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


def answer_problems(app: FastAPI, infrastructure: Sequence[type[Exception]]) -> None:
    """Answer every refusal and error as problem details; ``infrastructure`` errors with 503 and the next step."""

    async def problem(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)  # noqa: S101 - registered for Problem alone
        return respond(error)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
        faults = [
            Fault(_pointer(found["loc"]), str(found["type"]), _expected(found)) for found in error.errors()
        ]
        return respond(
            Problem(
                "invalid-request",
                "The request is not as described",
                422,
                "Correct every fault named here and send it again; /docs describes each request.",
                faults,
            )
        )

    async def http_error(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        slug = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "refused")
        title = slug.replace("-", " ").capitalize()
        return respond(Problem(slug, title, error.status_code, headers=error.headers or {}))

    async def unavailable(_: Request, error: Exception) -> JSONResponse:
        log(_logger, logging.WARNING, "an engine is unavailable", error=type(error).__name__)
        return respond(
            Problem(
                "unavailable",
                "Service unavailable",
                503,
                detail="Try again in a moment, with the same Idempotency-Key: what was done is not done twice.",
                headers={"Retry-After": "2"},
            )
        )

    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        _logger.error("unexpected error", exc_info=error)
        return respond(
            Problem(
                "internal",
                "Internal error",
                500,
                detail="It was logged; nothing was changed. Try again later.",
            )
        )

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    for kind in infrastructure:
        app.add_exception_handler(kind, unavailable)
    app.add_exception_handler(Exception, unexpected)


def respond(problem: Problem) -> JSONResponse:
    """A problem as an answer."""
    return JSONResponse(
        problem.details().document(),
        status_code=problem.status,
        headers=dict(problem.headers),
        media_type=MEDIA_TYPE,
    )


def _pointer(location: Sequence[int | str]) -> str:
    """A JSON pointer; a name that the caller made up is shown only as far as it is harmless."""
    parts = [str(part) for part in location]
    return "/" + "/".join(part if _SPEAKABLE.fullmatch(part) else "?" for part in parts)


def _expected(found: Mapping[str, Any]) -> str:
    """What was expected, from the kind of error alone: pydantic's own message may quote the refused value."""
    context = found.get("ctx") or {}
    if isinstance(context.get("expected"), str):  # the words of a validator of ours, or a list of literals
        return str(context["expected"])
    limits = {name: value for name, value in context.items() if isinstance(value, int | float)}
    kind = str(found["type"]).replace("_", " ")
    return kind + "".join(f", {name.replace('_', ' ')} {value}" for name, value in limits.items())
