"""The notifier over HTTP on a real document store, with callers named by their tokens."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from clearinghouse_runtime.auth import Identity, TokenVerifier
from notifier.bootstrap import App, build
from notifier.entrypoints.http import api
from notifier.settings import Settings


class NamedByToken(TokenVerifier):
    """The token is the person's name: how tokens are checked has tests of its own."""

    async def verify(self, token: str) -> Identity:
        """Every token is good."""
        return Identity(token)


@asynccontextmanager
async def running_notifier(mongo_uri: str, database: str, folder: Path) -> AsyncIterator[App]:
    """The notifier on a database of its own."""
    settings = Settings(
        environment="development",
        mongo_uri=SecretStr(mongo_uri),
        database=database,
        bootstrap_servers="127.0.0.1:1",
        topic_prefix="dev",
        issuer="http://issuer.example",
        audience="test",
        registry_address="http://127.0.0.1:1",
        data_dir=folder,
        secret=SecretStr("of the tests"),
        smtp_host="127.0.0.1",
        smtp_port=1,
    )
    app = build(settings)
    await app.backbone.prepare()
    await app.prepare()
    verified = dataclasses.replace(app.backbone, verifier=NamedByToken(issuer="", audience=""))
    yield dataclasses.replace(app, backbone=verified)
    app.backbone.close()


@asynccontextmanager
async def interface_of(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """The notifier's interface, without a socket."""
    transport = httpx.ASGITransport(api(app, CollectorRegistry()), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
