"""What every command of the program shares: its options, where it runs, and the connections it opens."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from clearinghouse_client.api import Notifier, Registry
from clearinghouse_client.connection import Connection
from clearinghouse_client.credentials import Credentials
from clearinghouse_client.errors import UsageError
from clearinghouse_client.identity import Issuer
from clearinghouse_client.output import Output

REGISTRY = "http://127.0.0.1:8100"


@dataclass(frozen=True)
class Options:
    """The options that every command takes."""

    registry: str | None = None
    profile: str = "default"
    realm: str | None = None
    json: bool = False
    timeout: float = 30.0
    """Seconds to wait for each answer."""
    idempotency_key: str | None = None


@dataclass(frozen=True)
class Host:
    """The machine the program runs on: its environment variables, and its network (None: the real one)."""

    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)
    transport: httpx.AsyncBaseTransport | None = None


class Session:
    """One run of one command."""

    def __init__(self, options: Options, host: Host, client: httpx.AsyncClient) -> None:
        self.options = options
        self.host = host
        self.client = client
        self.credentials = Credentials(host.variables)
        self.output = Output(options.json)
        profile = self.credentials.load(options.profile) if options.registry is None else None
        self.address = (options.registry or (profile.registry if profile else REGISTRY)).rstrip("/")
        self.registry = Registry(self._connect(self.address))

    @property
    def realm(self) -> str:
        """The realm that the command is about: the one asked for, else the ABS Clearing-House."""
        return self.options.realm or "absch"

    async def notifier(self) -> Notifier:
        """The notifier that the registry names."""
        about = await self.registry.about()
        if about.notifier is None:
            raise UsageError("This registry names no notifier, so there is no inbox to read.")
        return Notifier(self._connect(about.notifier))

    async def issuer(self) -> tuple[str, Issuer]:
        """The issuer that the registry trusts, and its address. Asked for anonymously."""
        anonymous = Registry(Connection(self.address, self.client))
        address = (await anonymous.about()).issuer
        return address, Issuer(address, self.client)

    def _connect(self, address: str) -> Connection:
        async def bearer() -> str | None:
            return await self.credentials.token(self.options.profile, self.address, self.client)

        return Connection(address, self.client, bearer, self.options.idempotency_key)


@asynccontextmanager
async def open_session(options: Options, host: Host) -> AsyncIterator[Session]:
    """A session whose connections are closed at the end."""
    async with httpx.AsyncClient(transport=host.transport, timeout=options.timeout) as client:
        yield Session(options, host, client)
