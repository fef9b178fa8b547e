"""The issuer over HTTP. Source of the token endpoint and its errors: RFC 6749, sections 4.3, 4.4 and 5."""

from __future__ import annotations

import base64
import binascii
import hmac
from urllib.parse import parse_qsl, unquote_plus

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, PackageLoader

from clearinghouse_demo.persons import PARTNER_SYSTEMS, PASSWORD, PERSONS
from clearinghouse_local.issuer.issuer import LIFETIME, LocalIssuer, person

BANNER = "FOR TRYING OUT ONLY"
_MAX_BYTES = 10_000


def create_app(issuer: LocalIssuer) -> FastAPI:
    """The application over an issuer."""
    app = FastAPI(title=f"Local issuer: {BANNER}", openapi_url=None)
    pages = Environment(loader=PackageLoader("clearinghouse_local.issuer"), autoescape=True)
    template = pages.get_template("page.html")

    @app.get("/healthz")
    @app.get("/readyz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "notice": BANNER}

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, object]:
        return issuer.discovery()

    @app.get("/jwks")
    async def jwks() -> dict[str, object]:
        return issuer.jwks()

    @app.post("/rotate")
    async def rotate() -> dict[str, str]:
        return {"kid": issuer.keys.rotate().kid}

    @app.post("/token")
    async def token(request: Request) -> JSONResponse:
        body = await request.body()
        form = dict(parse_qsl(body[:_MAX_BYTES].decode("latin-1"), encoding="utf-8"))
        form |= _basic(request.headers.get("authorization", ""))
        return _answer(issuer, form)

    @app.get("/", response_class=HTMLResponse)
    async def page() -> str:
        return template.render(banner=BANNER, password=PASSWORD, systems=PARTNER_SYSTEMS, persons=PERSONS)

    return app


def _answer(issuer: LocalIssuer, form: dict[str, str]) -> JSONResponse:
    match form.get("grant_type"):
        case "password":
            sub, secret, wrong = form.get("username", ""), form.get("password", ""), "invalid_grant"
            known = person(sub) is not None
        case "client_credentials":
            sub, secret, wrong = form.get("client_id", ""), form.get("client_secret", ""), "invalid_client"
            known = sub in PARTNER_SYSTEMS
        case None:
            return _json({"error": "invalid_request", "error_description": "grant_type is missing"}, 400)
        case _:
            return _json({"error": "unsupported_grant_type"}, 400)
    if not (known and hmac.compare_digest(secret.encode(), PASSWORD.encode())):
        return _json({"error": wrong}, 401 if wrong == "invalid_client" else 400)
    access = issuer.token(sub, audience=form.get("audience"))
    lifetime = int(LIFETIME.total_seconds())
    return _json({"access_token": access, "token_type": "Bearer", "expires_in": lifetime}, 200)


def _json(content: dict[str, object], status: int) -> JSONResponse:
    return JSONResponse(content, status_code=status, headers={"Cache-Control": "no-store"})


def _basic(header: str) -> dict[str, str]:
    """Client credentials of HTTP Basic (RFC 6749, 2.3.1); nothing when there are none that can be read."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": unquote_plus(client), "client_secret": unquote_plus(secret)}
