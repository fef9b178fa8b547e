"""What the interfaces of all services are tested with: settings, callers named by their tokens, no sockets."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from clearinghouse_runtime.auth import Identity, InvalidTokenError, TokenVerifier
from clearinghouse_runtime.backbone import Backbone


class NamedByToken(TokenVerifier):
    """The token is the person's name: how tokens are checked has tests of its own."""

    async def verify(self, token: str) -> Identity:
        """Every token but ``expired`` is good."""
        if token == "expired":
            raise InvalidTokenError("the token has expired; log in again")
        return Identity(token)


def named_by_token(backbone: Backbone) -> Backbone:
    """The same backbone, with callers named by their tokens."""
    return dataclasses.replace(backbone, verifier=NamedByToken(issuer="", audience=""))


def common_settings(mongo_uri: str, database: str, folder: Path) -> dict[str, Any]:
    """The settings that every service needs. Nothing is at the broker's address."""
    return {
        "environment": "development",
        "mongo_uri": SecretStr(mongo_uri),
        "database": database,
        "bootstrap_servers": "127.0.0.1:1",
        "topic_prefix": "dev",
        "issuer": "http://issuer.example",
        "audience": "test",
        "data_dir": folder,
        "secret": SecretStr("of the tests"),
    }


@asynccontextmanager
async def client_of(interface: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an interface, without a socket."""
    transport = httpx.ASGITransport(interface, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
