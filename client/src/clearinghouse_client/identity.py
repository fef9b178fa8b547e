"""Signing in at the OpenID issuer that a registry names.

Source: OpenID Connect Discovery 1.0; RFC 6749, sections 4.3 (password, for trying out), 4.4 (client
credentials, for partner systems), 6 (refresh) and 5.2 (errors).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from clearinghouse_client.errors import SignInError, UnreachableError

CLIENT = "clearinghouse-client"
"""How this program names itself to an issuer, when a person signs in."""


@dataclass(frozen=True)
class Token:
    """An access token, until when it is good, and what renews it (if the issuer gave anything)."""

    access: str
    expires_at: datetime
    refresh: str | None = None


class IssuerClient:
    """One OpenID issuer, as a client sees it."""

    def __init__(self, address: str, client: httpx.AsyncClient) -> None:
        self._address = address.rstrip("/")
        self._client = client

    async def by_password(self, user: str, password: str) -> Token:
        """A token for a person who gives their password here."""
        return await self._token(
            {
                "grant_type": "password",
                "client_id": CLIENT,
                "username": user,
                "password": password,
                "scope": "openid",
            }
        )

    async def by_client_credentials(self, client_id: str, secret: str) -> Token:
        """A token for a partner system."""
        return await self._token(
            {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        )

    async def by_refresh(self, refresh: str) -> Token:
        """A new token for a person who signed in before."""
        return await self._token(
            {"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": refresh}
        )

    async def _token(self, form: dict[str, str]) -> Token:
        discovery = await self._json("GET", f"{self._address}/.well-known/openid-configuration", None)
        answer = await self._json("POST", str(discovery.get("token_endpoint", "")), form)
        access = answer.get("access_token")
        if not isinstance(access, str):
            raise UnreachableError(
                f"The issuer {self._address} answered without an access token.",
                "Check that the address that the registry names is an OpenID issuer.",
            )
        seconds = float(answer.get("expires_in", 300))
        refresh = answer.get("refresh_token")
        return Token(
            access=access,
            expires_at=datetime.now(UTC) + timedelta(seconds=seconds),
            refresh=refresh if isinstance(refresh, str) else None,
        )

    async def _json(self, method: str, address: str, form: dict[str, str] | None) -> dict[str, Any]:
        try:
            response = await self._client.request(method, address, data=form)
            answer = response.json()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnreachableError(
                f"Cannot reach the issuer {self._address} ({type(error).__name__}).",
                "Check whether the issuer runs (make up).",
            ) from None
        except ValueError:
            answer = None
        if response.is_client_error and isinstance(answer, dict):
            said = answer.get("error_description") or answer.get("error") or "no reason given"
            raise SignInError(f"The issuer refused the sign-in: {said}", "Check the name and the password.")
        if not response.is_success or not isinstance(answer, dict):
            raise UnreachableError(
                f"The issuer {self._address} answered with status {response.status_code} and no token.",
                "Try again in a moment.",
            )
        return answer
