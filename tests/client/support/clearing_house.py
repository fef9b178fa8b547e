"""A registry, notifier and issuer small enough to hold in a dictionary, over the client's own transport.

What they answer is built from the types that the services answer with, so that it cannot differ from them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
from pydantic import BaseModel
from typer.testing import CliRunner, Result

from clearinghouse_client.__main__ import app
from clearinghouse_client.models import FormatSchema
from clearinghouse_client.session import Host
from clearinghouse_messages.answers import (
    AboutAnswer,
    AttemptAnswer,
    DesignationAnswer,
    DraftAnswer,
    DraftsAnswer,
    EventsAnswer,
    InboxAnswer,
    MeAnswer,
    NotificationAnswer,
    Receipt,
    RecordAnswer,
    ReplyAnswer,
    RequestAnswer,
    RequestsAnswer,
    RoleAnswer,
    TransmissionAnswer,
    TransmissionsAnswer,
    WarningAnswer,
)
from clearinghouse_messages.documents import Document
from clearinghouse_messages.problems import MEDIA_TYPE, Fault, ProblemDetails
from tests.support.answers import AT, IDENTIFIER, certificate_answer

ADDRESS = "http://registry.test"
RECORD = "ABSCH-DEV-IRCC-MX-104"
DRAFTS, REQUESTS = "/v1/absch/drafts", "/v1/absch/requests"


def answer(model: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> httpx.Response:
    """A document as the services send it."""
    return httpx.Response(status, json=model.model_dump(mode="json", by_alias=True), headers=headers)


def problem(status: int, slug: str, *faults: Fault) -> httpx.Response:
    """A refusal, as RFC 9457 has it."""
    details = ProblemDetails(type=f"/problems/{slug}", title=slug, status=status, errors=faults)
    return httpx.Response(
        status, content=json.dumps(details.document()), headers={"Content-Type": MEDIA_TYPE}
    )


class ClearingHouse:
    """One realm; documents are kept as they are sent.

    ``refusals`` holds answers by method and path that come instead; ``sent`` every request so far.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drafts: dict[str, DraftAnswer] = {}
        self.requests: dict[str, RequestAnswer] = {}
        self.published: Document | None = None
        self.read: set[str] = set()
        self.refusals: dict[str, httpx.Response] = {}
        self.sent: list[httpx.Request] = []
        self.variables = {"XDG_CONFIG_HOME": str(folder)}

    def run(self, *arguments: str, typed: str | None = None) -> Result:
        """Run the program with these arguments; ``typed`` is its standard input."""
        host = Host(variables=self.variables, transport=httpx.MockTransport(self._answer))
        given = [*arguments, "--registry", ADDRESS]
        return CliRunner().invoke(app, given, obj=host, input=typed, env={"COLUMNS": "200"})

    def file(self, document: Any) -> str:
        """A file that holds the document."""
        path = self.folder / "record.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return str(path)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        method, path = request.method, request.url.path
        refusal = self.refusals.get(f"{method} {path}")
        if refusal is not None:
            return refusal
        route = next((run for start, run in self._routes().items() if path.startswith(start)), None)
        return route(request) if route else problem(404, "not-found")

    def _routes(self) -> dict[str, Callable[[httpx.Request], httpx.Response]]:
        return {
            "/.well-known": lambda _: httpx.Response(200, json={"token_endpoint": f"{ADDRESS}/token"}),
            "/token": self._token,
            "/v1/about": lambda _: answer(ABOUT),
            "/v1/me": lambda _: answer(MeAnswer(person=None, designations=[DESIGNATION])),
            "/v1/inbox": self._inbox,
            "/v1/formats/": lambda _: answer(FormatSchema(properties={name: {} for name in FIELDS})),
            "/v1/records/": self._records,
            "/v1/events": lambda _: answer(EventsAnswer(generation="g1", events=[], next=7)),
            DRAFTS: self._drafts,
            REQUESTS: self._requests,
        }

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = parse_qs(request.content.decode())
        if form.get("password") == ["try-it"] or form.get("client_secret") == ["s3cret"]:
            token = "token-of-" + form["grant_type"][0]
            return httpx.Response(200, json={"access_token": token, "expires_in": 300})
        refusal = {"error": "invalid_grant", "error_description": "wrong name or password"}
        return httpx.Response(400, json=refusal)

    def _inbox(self, request: httpx.Request) -> httpx.Response:
        match request.url.path.split("/")[3:]:
            case []:
                rows = [NOTIFICATION.model_copy(update={"read": NOTIFICATION.id in self.read})]
                unread = request.url.params["status"] == "unread"
                return answer(InboxAnswer(items=[row for row in rows if not (unread and row.read)]))
            case [NOTIFICATION.id, "read"]:
                self.read.add(NOTIFICATION.id)
                return answer(Receipt(identifier=NOTIFICATION.id, status="read"))
            case _:
                return problem(404, "not-found")

    def _drafts(self, request: httpx.Request) -> httpx.Response:
        match [request.method, *request.url.path.split("/")[4:]]:
            case ["GET"]:
                return answer(DraftsAnswer(items=list(self.drafts.values())))
            case ["POST"]:
                return self._create(json.loads(request.content))
            case [method, uid, *rest] if uid in self.drafts:
                draft = self.drafts[uid]
                if method == "GET":
                    return answer(draft, headers={"ETag": draft.etag})
                if request.headers.get("If-Match") != draft.etag:
                    return problem(412, "stale")
                return self._change(draft, rest, request)
            case _:
                return problem(404, "not-found")

    def _create(self, document: Document) -> httpx.Response:
        uid = document["header"]["identifier"]
        if uid in self.drafts:
            return problem(409, "draft-exists")
        self.drafts[uid] = DraftAnswer(
            uid=uid,
            record=RECORD,
            realm="absch",
            format="absPermit",
            country="mx",
            author="mx-nau",
            updated_by="mx-nau",
            updated_at=AT,
            revises=None,
            etag='"1"',
            locked_by=None,
            document=document,
            warnings=[WARNING],
            actions=["replace", "discard", "request"],
        )
        return _drafted(self.drafts[uid], 201)

    def _change(self, draft: DraftAnswer, rest: list[str], request: httpx.Request) -> httpx.Response:
        match rest:
            case ["requests"]:
                opened = REQUEST.model_copy(update={"uid": draft.uid})
                self.requests[opened.request] = opened
                return answer(_receipt_of(opened), 201)
            case ["publication"]:
                self.published = draft.document
                return answer(published(), 201)
            case _:
                changed = {"document": json.loads(request.content), "etag": '"2"'}
                self.drafts[draft.uid] = draft.model_copy(update=changed)
                return _drafted(self.drafts[draft.uid], 200)

    def _records(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/transmissions"):
            return answer(TransmissionsAnswer(items=[TRANSMISSION]))
        return answer(record(PERMIT))

    def _requests(self, request: httpx.Request) -> httpx.Response:
        match request.url.path.split("/")[4:]:
            case []:
                status = request.url.params["status"]
                return answer(
                    RequestsAnswer(items=[each for each in self.requests.values() if each.status == status])
                )
            case [name, *rest] if name in self.requests:
                return self._decide(self.requests[name], rest)
            case _:
                return problem(404, "not-found")

    def _decide(self, known: RequestAnswer, rest: list[str]) -> httpx.Response:
        match rest:
            case ["approval"]:
                return answer(published())
            case ["rejection"]:
                return answer(_receipt_of(known.model_copy(update={"status": "rejected"})))
            case ["recall"]:
                return answer(_receipt_of(known.model_copy(update={"status": "recalled"})))
            case _:
                return answer(known)


def _drafted(draft: DraftAnswer, status: int) -> httpx.Response:
    address = f"{DRAFTS}/{draft.uid}"
    receipt = Receipt(
        identifier=draft.record,
        status="draft",
        etag=draft.etag,
        warnings=draft.warnings,
        links={"draft": address},
    )
    return answer(receipt, status, {"ETag": draft.etag, "Location": address})


def _receipt_of(request: RequestAnswer) -> Receipt:
    links = {"request": f"{REQUESTS}/{request.request}", "draft": f"{DRAFTS}/{request.uid}"}
    return Receipt(identifier=request.request, status=request.status, links=links)


def published() -> Receipt:
    """What a publication answers."""
    address = f"/v1/records/{IDENTIFIER}"
    return Receipt(
        identifier=IDENTIFIER,
        status="current",
        revision=1,
        transmissions=4,
        links={
            "record": address,
            "transmissions": f"{address}/transmissions",
            "page": f"{ADDRESS}/{IDENTIFIER}",
        },
    )


def record(document: Document) -> RecordAnswer:
    """The published record with that content."""
    return certificate_answer(document, uid=document["header"]["identifier"], address=ADDRESS)


PERMIT: Document = {
    "header": {"identifier": "mx-permit-0001", "schema": "absPermit", "languages": ["es", "en"]},
    "government": {"identifier": "mx"},
    "title": {"es": "Permiso"},
}
FIELDS = ("header", "title", "amendmentIntent", "amendmentDescription")
WARNING = WarningAnswer(path="/absCNA", code="incomplete", message="an authority is needed to publish")
ABOUT = AboutAnswer(
    environment="development",
    realms=["absch"],
    issuer=ADDRESS,
    audience="clearinghouse-development",
    notifier=ADDRESS,
    generation="g1",
    version="0.1.0",
)
DESIGNATION = DesignationAnswer(
    id="d1",
    person="mx-pa",
    realm="absch",
    role="publishing-authority",
    country="mx",
    start=AT,
    end=None,
    made_by="mx-nfp",
    reason="Designated",
    ended_by=None,
    end_reason=None,
)
REQUEST = RequestAnswer(
    request="r1",
    record=RECORD,
    uid="mx-permit-0001",
    realm="absch",
    format="absPermit",
    country="mx",
    title={"es": "Permiso"},
    status="open",
    author="mx-nau",
    opened_at=AT,
    expires_at=AT + timedelta(weeks=12),
    decided_by=None,
    decided_at=None,
    reason=None,
    actions=["approve", "reject"],
)
NOTIFICATION = NotificationAnswer(
    id="i1",
    type="int.cbd.request.opened.v1",
    request="r1",
    record=RECORD,
    realm="absch",
    format="absPermit",
    country="mx",
    title={"es": "Permiso"},
    role="publishing-authority",
    at=AT,
    read=False,
    request_status="open",
)
TRANSMISSION = TransmissionAnswer(
    transmission="t1",
    kind="certificate",
    identifier=IDENTIFIER,
    roles=[RoleAnswer(role="provider", provision="certificate.provider", country="mx", name="Ejido")],
    language="es",
    status="delivered",
    owed_at=AT,
    settled_at=AT,
    emails=["ejido@mx.example"],
    attempts=[
        AttemptAnswer(
            number=1,
            status="accepted",
            server="sink",
            started_at=AT,
            ended_at=AT,
            message_id="<t1@registry.test>",
            replies=[ReplyAnswer(address="ejido@mx.example", code=250, text="queued", accepted=True)],
        )
    ],
)
