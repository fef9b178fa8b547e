"""The registry over HTTP on a real document store, with callers named by their tokens."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from prometheus_client import CollectorRegistry

from clearinghouse_messages.documents import Document
from registry.application.migration import load_line
from registry.bootstrap import App, build
from registry.entrypoints.http.app import api
from registry.settings import Settings
from tests.support.http import client_of, common_settings, named_by_token


@asynccontextmanager
async def running_registry(
    mongo_uri: str, database: str, folder: Path, lines: Sequence[dict[str, Any]]
) -> AsyncIterator[App]:
    """The registry on a database of its own, with lines of the loading format brought over."""
    settings = Settings(
        **common_settings(mongo_uri, database, folder), public_address="http://registry.example"
    )
    app = build(settings)
    await app.backbone.prepare()
    await app.prepare()
    for line in lines:
        assert await load_line(app.context, line)
    yield dataclasses.replace(app, backbone=named_by_token(app.backbone))
    app.backbone.close()


def interface_of(app: App) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """The registry's interface, without a socket."""
    return client_of(api(app, CollectorRegistry()))


def officials(realm: str, *roles: tuple[str, str, str | None]) -> list[dict[str, Any]]:
    """Lines of the loading format: persons with their role and country, since 2020."""
    return [
        line
        for person, role, country in roles
        for line in (
            {
                "kind": "person",
                "sub": person,
                "name": person,
                "email": f"{person}@x.example",
                "language": "en",
            },
            {
                "kind": "designation",
                "person": person,
                "realm": realm,
                "role": role,
                "country": country,
                "start": "2020-01-01T00:00:00+00:00",
                "reason": "tests",
            },
        )
    ]


def published_records(realm: str, *made: tuple[str, Document]) -> list[dict[str, Any]]:
    """Lines of the loading format: records, each with who published it."""
    return [{"kind": "record", "realm": realm, "by": by, "document": document} for by, document in made]


class Client:
    """Speaks for one person."""

    def __init__(self, http: httpx.AsyncClient, person: str | None) -> None:
        self.http = http
        self.headers = {"Authorization": f"Bearer {person}"} if person else {}

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = None if body is None else json.dumps(body)
        sent = {**self.headers, **named, "content-type": "application/json"}
        return await self.http.request(method, path, content=content, headers=sent)
