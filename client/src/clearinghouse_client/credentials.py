"""Who is signed in where: profiles in one file that only its owner can read.

The file is ``$XDG_CONFIG_HOME/clearinghouse/credentials.json`` (``~/.config`` without that variable), mode
0600. It holds tokens, never a password or a client secret. A profile belongs to one registry, and its token
is sent to no other.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from clearinghouse_client.errors import ClientError, SignInError, UsageError
from clearinghouse_client.identity import IssuerClient, Token

MARGIN = timedelta(seconds=20)
"""A token that ends sooner is renewed before it is used."""


class Profile(BaseModel):
    """A sign-in: at which registry, by which issuer, as whom, and the token."""

    model_config = ConfigDict(hide_input_in_errors=True, frozen=True)

    registry: str
    issuer: str
    user: str
    token: str
    expires_at: datetime
    refresh: str | None = None
    secret_variable: str | None = None
    """The environment variable that holds a partner system's secret, to sign in again by itself."""

    def with_token(self, token: Token) -> Profile:
        """The same sign-in with a new token."""
        return self.model_copy(
            update={"token": token.access, "expires_at": token.expires_at, "refresh": token.refresh}
        )


class _File(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    profiles: dict[str, Profile] = {}


class Credentials:
    """The file of profiles."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        home = variables.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        self.path = Path(home) / "clearinghouse" / "credentials.json"

    def load(self, name: str) -> Profile | None:
        """The profile of that name, if somebody signed in under it."""
        return self._read().profiles.get(name)

    def save(self, name: str, profile: Profile) -> None:
        """Keep a profile; the file is replaced whole and never readable by others."""
        file = self._read()
        file.profiles[name] = profile
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.path.with_suffix(f".{os.getpid()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(file.model_dump_json(indent=2))
        fresh.replace(self.path)

    async def token(self, name: str, registry: str, client: httpx.AsyncClient) -> str | None:
        """The access token of a profile for its registry, renewed if need be; None when nobody signed in."""
        profile = self.load(name)
        if profile is None or profile.registry != registry:
            return None
        if profile.expires_at - MARGIN > datetime.now(UTC):
            return profile.token
        renewed = profile.with_token(await self._renew(profile, IssuerClient(profile.issuer, client)))
        self.save(name, renewed)
        return renewed.token

    async def _renew(self, profile: Profile, issuer: IssuerClient) -> Token:
        next_step = f"Sign in again: clearinghouse login --user {profile.user}"
        ended = f"The sign-in of {profile.user} ended at {profile.expires_at:%Y-%m-%d %H:%M:%S} UTC."
        if profile.secret_variable is not None:
            secret = self._variables.get(profile.secret_variable)
            if secret is None:
                raise SignInError(
                    ended,
                    f"Set the environment variable {profile.secret_variable} to the secret, or sign in again.",
                )
            return await issuer.by_client_credentials(profile.user, secret)
        if profile.refresh is None:
            raise SignInError(ended, next_step)
        try:
            return await issuer.by_refresh(profile.refresh)
        except SignInError as error:
            raise ClientError(f"{ended} {error.message}", next_step) from None

    def _read(self) -> _File:
        try:
            return _File.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return _File()
        except (OSError, ValidationError):
            raise UsageError(
                f"{self.path} cannot be read as a file of profiles.", "Remove it and sign in again."
            ) from None
