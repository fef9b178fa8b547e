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
from clearinghouse_client.identity import IssuerClient
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


class CommandSession:
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

    @property
    def drafting(self) -> Registry:
        """The registry for a draft that is made on the way to a publication.

        A key that the caller gives belongs to the publication; the draft needs one of its own, the same at each
        repetition, because a key names one command only.
        """
        key = self.options.idempotency_key
        return self.registry.under_key(f"{key}-draft") if key else self.registry

    async def notifier(self) -> Notifier:
        """The notifier that the registry names."""
        about = await self.registry.about()
        if not about.notifier:
            raise UsageError(
                f"The registry {self.address} has no notifier, so there is no inbox.",
                "Ask its operator to set REGISTRY_NOTIFIER_ADDRESS.",
            )
        return Notifier(self._connect(about.notifier))

    async def issuer(self) -> tuple[str, IssuerClient]:
        """The issuer that the registry trusts, and its address. Asked for anonymously."""
        anonymous = Registry(Connection(self.address, self.client))
        address = (await anonymous.about()).issuer
        return address, IssuerClient(address, self.client)

    def _connect(self, address: str) -> Connection:
        async def bearer() -> str | None:
            return await self.credentials.token(self.options.profile, self.address, self.client)

        return Connection(address, self.client, bearer, self.options.idempotency_key)


@asynccontextmanager
async def open_session(options: Options, host: Host) -> AsyncIterator[CommandSession]:
    """A session whose connections are closed at the end."""
    async with httpx.AsyncClient(transport=host.transport, timeout=options.timeout) as client:
        yield CommandSession(options, host, client)
