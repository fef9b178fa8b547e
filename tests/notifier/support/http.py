"""The notifier over HTTP on a real document store, with callers named by their tokens."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
from prometheus_client import CollectorRegistry

from notifier.bootstrap import App, build
from notifier.entrypoints.http import api
from notifier.settings import Settings
from tests.support.http import client_of, common_settings, named_by_token


@asynccontextmanager
async def running_notifier(mongo_uri: str, database: str, folder: Path) -> AsyncIterator[App]:
    """The notifier on a database of its own."""
    settings = Settings(
        **common_settings(mongo_uri, database, folder),
        registry_address="http://127.0.0.1:1",
        smtp_host="127.0.0.1",
        smtp_port=1,
    )
    app = build(settings)
    await app.backbone.prepare()
    await app.prepare()
    yield dataclasses.replace(app, backbone=named_by_token(app.backbone))
    app.backbone.close()


def interface_of(app: App) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """The notifier's interface, without a socket."""
    return client_of(api(app, CollectorRegistry()))
