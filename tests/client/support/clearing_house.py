"""A registry, notifier and issuer small enough to hold in a dictionary, over the client's own transport."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
from typer.testing import CliRunner, Result

from clearinghouse_client.__main__ import app
from clearinghouse_client.session import Host

ADDRESS = "http://registry.test"
IDENTIFIER = "ABSCH-DEV-IRCC-MX-104-1"
Answer = httpx.Response


def problem(status: int, slug: str, *faults: dict[str, str]) -> Answer:
    """A refusal, as RFC 9457 has it."""
    document = {"type": f"/problems/{slug}", "title": slug, "status": status, "errors": list(faults)}
    return Answer(status, json=document)


class ClearingHouse:
    """One realm; documents are kept as they are sent.

    ``refusals`` holds answers by method and path that come instead; ``sent`` every request so far.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drafts: dict[str, dict[str, Any]] = {}
        self.requests: dict[str, dict[str, Any]] = {}
        self.published: dict[str, Any] | None = None
        self.refusals: dict[str, Answer] = {}
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

    def _answer(self, request: httpx.Request) -> Answer:
        self.sent.append(request)
        method, path = request.method, request.url.path
        refusal = self.refusals.get(f"{method} {path}")
        if refusal is not None:
            return refusal
        route = next((run for start, run in self._routes().items() if path.startswith(start)), None)
        return route(request) if route else problem(404, "not-found")

    def _routes(self) -> dict[str, Callable[[httpx.Request], Answer]]:
        return {
            "/.well-known": lambda _: Answer(200, json={"token_endpoint": f"{ADDRESS}/token"}),
            "/token": self._token,
            "/v1/about": lambda _: Answer(200, json=ABOUT),
            "/v1/me": lambda _: Answer(200, json={"designations": [{"role": "publishing-authority"}]}),
            "/v1/inbox": lambda _: Answer(200, json={"items": [ROW]}),
            "/v1/formats/": lambda _: Answer(200, json={"properties": {name: {} for name in FIELDS}}),
            "/v1/records/": self._records,
            "/v1/events": lambda _: Answer(200, json={"generation": "g1", "events": [], "next": 7}),
            "/v1/absch/drafts": self._drafts,
            "/v1/absch/requests": self._requests,
        }

    def _token(self, request: httpx.Request) -> Answer:
        form = parse_qs(request.content.decode())
        if form.get("password") == ["try-it"] or form.get("client_secret") == ["s3cret"]:
            return Answer(200, json={"access_token": "token-of-" + form["grant_type"][0], "expires_in": 300})
        return Answer(400, json={"error": "invalid_grant", "error_description": "wrong name or password"})

    def _drafts(self, request: httpx.Request) -> Answer:
        _, _, _, _, *rest = request.url.path.split("/")
        if request.method == "POST" and not rest:
            return self._create(json.loads(request.content))
        draft = self.drafts.get(rest[0])
        if draft is None:
            return problem(404, "not-found")
        if request.method == "GET":
            return Answer(200, json=draft)
        if request.headers.get("If-Match") != draft["etag"]:
            return problem(412, "stale")
        if rest[1:] == ["requests"]:
            self.requests["r1"] = {**REQUEST, "uid": draft["uid"]}
            return Answer(201, json=self.requests["r1"])
        if rest[1:] == ["publication"]:
            return self._publish(draft)
        draft.update(document=json.loads(request.content), etag='"2"')
        return Answer(200, json=draft)

    def _create(self, document: dict[str, Any]) -> Answer:
        uid = document["header"]["identifier"]
        if uid in self.drafts:
            return problem(409, "draft-exists")
        self.drafts[uid] = {
            "uid": uid,
            "realm": "absch",
            "format": "absPermit",
            "etag": '"1"',
            "document": document,
        }
        return Answer(201, json=self.drafts[uid])

    def _publish(self, draft: dict[str, Any]) -> Answer:
        self.published = draft["document"]
        return Answer(201, json={"record": record(draft["document"]), "transmissions": 4})

    def _records(self, request: httpx.Request) -> Answer:
        if request.url.path.endswith("/transmissions"):
            return Answer(200, json={"items": [TRANSMISSION]})
        return Answer(200, json=record(PERMIT))

    def _requests(self, request: httpx.Request) -> Answer:
        match request.url.path.split("/")[4:]:
            case []:
                return Answer(200, json={"items": list(self.requests.values())})
            case [_, "approval"]:
                return Answer(200, json={"record": record(PERMIT), "transmissions": 4})
            case [_, "rejection"]:
                return Answer(200, json={**REQUEST, "state": "rejected", **json.loads(request.content)})
            case _:
                return Answer(200, json={**REQUEST, "state": "recalled"})


def record(document: dict[str, Any]) -> dict[str, Any]:
    """The published record with that content."""
    return {
        "identifier": IDENTIFIER,
        "uid": document["header"]["identifier"],
        "number": 104,
        "revision": 1,
        "realm": "absch",
        "format": "absPermit",
        "status": "current",
        "statement": "This is the current revision.",
        "title": {"es": "Permiso"},
        "content": document,
    }


PERMIT: dict[str, Any] = {
    "header": {"identifier": "mx-permit-0001", "schema": "absPermit", "languages": ["es", "en"]},
    "government": {"identifier": "mx"},
    "title": {"es": "Permiso"},
}
FIELDS = ("header", "title", "amendmentIntent", "amendmentDescription")
ABOUT = {
    "environment": "development",
    "realms": ["absch"],
    "issuer": ADDRESS,
    "generation": "g1",
    "notifier": ADDRESS,
}
REQUEST = {
    "request": "r1",
    "uid": "mx-permit-0001",
    "realm": "absch",
    "format": "absPermit",
    "state": "open",
    "title": {"es": "Permiso"},
}
ROW = {"id": "i1", "kind": "int.cbd.request.opened.v1", "request": "r1", "title": {"es": "Permiso"}}
TRANSMISSION = {
    "transmission": "t1",
    "kind": "certificate",
    "identifier": IDENTIFIER,
    "roles": [{"role": "provider", "provision": "certificate.provider", "country": "mx", "name": "Ejido"}],
    "language": "es",
    "state": "delivered",
    "emails": ["ejido@mx.example"],
    "attempts": [{"number": 1, "answers": [{"address": "ejido@mx.example", "code": 250, "text": "queued"}]}],
}
