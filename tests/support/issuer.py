"""An OpenID issuer in memory, whose keys a test chooses."""

from __future__ import annotations

import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://issuer.example"
AUDIENCE = "clearinghouse-development"


class Issuer:
    """States tokens and answers ``fetch``, as the verifier asks it; ``unavailable`` makes it fail."""

    def __init__(self) -> None:
        self.keys: dict[str, rsa.RSAPrivateKey] = {}
        self.reads = 0
        self.unavailable = False

    def add_key(self, kid: str) -> None:
        """Publish one more key."""
        self.keys[kid] = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def token(self, kid: str, key: rsa.RSAPrivateKey | None = None, **claims: Any) -> str:
        """A token with these claims beside the usual ones; times are seconds from now, None leaves one out."""
        now = int(time.time())
        claims = {
            name: now + value if name in ("exp", "nbf") and isinstance(value, int) else value
            for name, value in claims.items()
        }
        content = {"iss": ISSUER, "aud": AUDIENCE, "sub": "mx-pa", "iat": now, "exp": now + 60, **claims}
        content = {name: value for name, value in content.items() if value is not None}
        return jwt.encode(content, key or self.keys[kid], algorithm="RS256", headers={"kid": kid})

    async def fetch(self, address: str) -> dict[str, Any]:
        """The discovery document or the keys. Raises OSError while it is unavailable."""
        if self.unavailable:
            raise OSError("the issuer is unavailable")
        if address == f"{ISSUER}/.well-known/openid-configuration":
            return {"jwks_uri": f"{ISSUER}/keys"}
        assert address == f"{ISSUER}/keys"
        self.reads += 1
        published = []
        for kid, key in self.keys.items():
            jwk = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
            published.append({**jwk, "kid": kid, "use": "sig", "alg": "RS256"})
        return {"keys": published}
