"""What the issuer states: its tokens, its keys and its discovery document."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from clearinghouse_demo.persons import PERSONS, TrialPerson
from clearinghouse_local.issuer.keys import KeyRing

LIFETIME = timedelta(hours=8)


class LocalIssuer:
    """One issuer at one address, for one audience unless a caller asks for another."""

    def __init__(self, address: str, *, audience: str, keys: KeyRing) -> None:
        self.address = address
        self.audience = audience
        self.keys = keys

    def discovery(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, section 3; there is no browser flow here."""
        return {
            "issuer": self.address,
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "grant_types_supported": ["password", "client_credentials"],
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }

    def jwks(self) -> dict[str, Any]:
        """Every key that may have signed a token that still lives."""
        return {"keys": [key.public() for key in self.keys.keys]}

    def token(self, sub: str, *, audience: str | None = None, lifetime: timedelta = LIFETIME) -> str:
        """A signed access token for ``sub``: who they are, nothing of what they may do."""
        now = datetime.now(UTC)
        key = self.keys.current
        claims = {
            "iss": self.address,
            "sub": sub,
            "aud": audience or self.audience,
            "iat": now,
            "exp": now + lifetime,
            **_profile(person(sub)),
        }
        return jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid})


def person(sub: str) -> TrialPerson | None:
    """The person to try under this name."""
    return next((person for person in PERSONS if person.sub == sub), None)


def _profile(known: TrialPerson | None) -> dict[str, str]:
    if known is None:
        return {}
    profile = {"name": known.name, "email": known.email, "locale": known.language}
    return profile | ({"country": known.country} if known.country else {})
