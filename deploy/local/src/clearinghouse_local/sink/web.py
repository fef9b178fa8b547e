"""The sink's web side: mails to read in a browser and as JSON, and its behaviour for tests of faults."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader

from clearinghouse_local.sink.behaviour import Behaviour
from clearinghouse_local.sink.server import MailSink
from clearinghouse_local.sink.store import Mail

_RIGHT_TO_LEFT = ("ar",)


def create_app(sink: MailSink, environment: str) -> FastAPI:
    """The application over a sink; ``environment`` names it to the reader."""
    app = FastAPI(title="Mail sink", openapi_url=None)
    app.include_router(_operation())
    app.include_router(_interface(sink))
    app.include_router(_pages(sink, environment))
    return app


def _operation() -> APIRouter:
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz() -> dict[str, str]:
        return {"smtp": "ok"}  # it listens before the web side does

    return router


def _interface(sink: MailSink) -> APIRouter:
    router = APIRouter()

    @router.get("/mails")
    async def mails(after: int = 0) -> dict[str, Any]:
        return {"items": [mail.view() for mail in sink.store.all(after)]}

    @router.get("/mails/{number}")
    async def mail(number: int) -> dict[str, Any]:
        return _found(sink, number).view()

    @router.get("/behaviour")
    async def behaviour() -> Behaviour:
        return sink.behaviour

    @router.post("/behaviour")
    async def behave(wanted: Behaviour) -> Behaviour:
        sink.behave(wanted)
        return wanted

    return router


def _pages(sink: MailSink, environment: str) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)
    pages = Environment(loader=PackageLoader("clearinghouse_local.sink"), autoescape=True)

    @router.get("/")
    async def index() -> str:
        newest_first = sink.mails[::-1]
        return pages.get_template("list.html").render(environment=environment, mails=newest_first)

    @router.get("/read/{number}")
    async def read(number: int) -> str:
        mail = _found(sink, number)
        direction = "rtl" if mail.language in _RIGHT_TO_LEFT else "ltr"
        return pages.get_template("mail.html").render(environment=environment, mail=mail, direction=direction)

    return router


def _found(sink: MailSink, number: int) -> Mail:
    mail = sink.store.get(number)
    if mail is None:
        raise HTTPException(404)
    return mail
