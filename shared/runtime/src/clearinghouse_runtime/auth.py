"""Who is calling: bearer tokens checked against an OpenID issuer's published keys.

A token says who someone is (``sub``), never what they may do. Source: OpenID Connect Discovery 1.0, RFC 7517,
RFC 9068. Keys rotate: an unknown key identifier makes the keys be read again, at most once in a while, and a
key that the issuer no longer publishes is forgotten.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import jwt

ALGORITHMS = ("RS256", "PS256", "ES256")
Fetch = Callable[[str], Awaitable[dict[str, Any]]]
"""Reads a JSON document from an address; raises OSError when the issuer cannot be reached."""


class InvalidTokenError(Exception):
    """The token is not one of ours; the message says why in words fit for the caller."""


@dataclass(frozen=True)
class Identity:
    """Who the token names."""

    subject: str
    name: str = ""


async def fetch_json(address: str) -> dict[str, Any]:
    """Read a JSON object over HTTP. Raises OSError when the other side cannot be reached or answers with an error."""
    try:
        async with httpx.AsyncClient(timeout=5, follow_redirects=False) as client:
            response = await client.get(address)
            response.raise_for_status()
            document = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise OSError(f"the issuer does not answer as one ({type(error).__name__})") from error
    if not isinstance(document, dict):
        raise OSError("the issuer does not answer as one (no JSON object)")
    return document


class TokenVerifier:
    """Checks signature, issuer, audience, times. One for each process; keys are cached in it."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        fetch: Fetch = fetch_json,
        keys_live: float = 3600.0,
        reread_after: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch = fetch
        self._keys_live = keys_live
        self._reread_after = reread_after
        self._monotonic = monotonic
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def verify(self, token: str) -> Identity:
        """The identity that a token proves. Raises InvalidTokenError, or OSError when the issuer cannot be reached."""
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise InvalidTokenError("the token cannot be read") from None
        key = await self._key(str(header.get("kid", "")))
        if key is None:
            raise InvalidTokenError("the token is signed with a key that the issuer does not publish")
        try:
            claims = jwt.decode(
                token,
                key.key,
                algorithms=list(ALGORITHMS),
                audience=self._audience,
                issuer=self._issuer,
                leeway=10,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except jwt.ExpiredSignatureError:
            raise InvalidTokenError("the token has expired; log in again") from None
        except jwt.InvalidAudienceError:
            raise InvalidTokenError("the token is meant for another environment or service") from None
        except (jwt.PyJWTError, TypeError):  # TypeError: its algorithm is not one of the key's kind
            raise InvalidTokenError("the token is not valid for this service") from None
        return Identity(subject=str(claims["sub"]), name=str(claims.get("name", "")))

    async def check(self) -> None:
        """Raise OSError when the issuer's keys cannot be read; for ``/readyz``."""
        if not self._keys:
            async with self._reading:
                await self._read()

    async def _key(self, kid: str) -> jwt.PyJWK | None:
        age = self._monotonic() - self._read_at
        if age > self._keys_live or (kid not in self._keys and age > self._reread_after):
            async with self._reading:
                age = self._monotonic() - self._read_at
                if age > self._keys_live or (kid not in self._keys and age > self._reread_after):
                    await self._read()
        return self._keys.get(kid)

    async def _read(self) -> None:
        discovery = await self._fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        document = await self._fetch(str(discovery.get("jwks_uri", "")))
        try:
            keys = jwt.PyJWKSet.from_dict(document).keys
        except jwt.PyJWTError as error:
            raise OSError("the issuer publishes no usable keys") from error
        self._keys = {key.key_id: key for key in keys if key.key_id}
        self._read_at = self._monotonic()
