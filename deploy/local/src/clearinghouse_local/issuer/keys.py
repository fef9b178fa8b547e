"""The issuer's signing keys, kept in a folder: the newest signs, all are published."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

_BITS = 2048


@dataclass(frozen=True)
class Key:
    """One RSA key pair under its identifier."""

    kid: str
    private: rsa.RSAPrivateKey

    def public(self) -> dict[str, Any]:
        """The public half as a JSON Web Key (RFC 7517)."""
        document: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {**document, "kid": self.kid, "use": "sig", "alg": "RS256"}


class KeyRing:
    """All keys of one issuer, oldest first; makes the first one itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.keys = [_load(file) for file in sorted(folder.glob("*.pem"))]
        if not self.keys:
            self.rotate()

    @property
    def current(self) -> Key:
        """The key that signs."""
        return self.keys[-1]

    def rotate(self) -> Key:
        """Make a new key that signs from now on; those before it stay published."""
        kid = f"{len(self.keys) + 1:04}-{uuid.uuid4().hex[:8]}"
        key = Key(kid, rsa.generate_private_key(public_exponent=65537, key_size=_BITS))
        pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        half_written = self._folder / f"{kid}.new"
        with open(os.open(half_written, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - Path.open cannot set the mode
            file.write(pem)
        half_written.rename(self._folder / f"{kid}.pem")
        self.keys.append(key)
        return key


def _load(file: Path) -> Key:
    private = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"{file} does not hold an RSA key; move it away, then start again")
    return Key(file.stem, private)
