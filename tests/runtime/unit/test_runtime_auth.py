"""Tokens are checked against an issuer's keys, which come and go."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from clearinghouse_runtime.auth import InvalidTokenError, TokenVerifier
from tests.support.issuer import AUDIENCE, ISSUER, Issuer


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(issuer: Issuer, clock: Clock) -> TokenVerifier:
    return TokenVerifier(issuer=ISSUER, audience=AUDIENCE, fetch=issuer.fetch, monotonic=clock)


async def test_a_token_of_the_issuer_proves_who_someone_is(issuer: Issuer, verifier: TokenVerifier) -> None:
    assert (await verifier.verify(issuer.token("first"))).subject == "mx-pa"
    await verifier.verify(issuer.token("first", aud=["other", AUDIENCE]))
    assert issuer.reads == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "clearinghouse-production"},
        {"iss": "https://elsewhere.example"},
        {"exp": -60},
        {"exp": None},
        {"sub": None},
        {"iat": None},
        {"nbf": 600},
    ],
)
async def test_another_audience_or_issuer_or_a_wrong_time_is_refused(
    issuer: Issuer, verifier: TokenVerifier, claims: dict[str, Any]
) -> None:
    with pytest.raises(InvalidTokenError):
        await verifier.verify(issuer.token("first", **claims))


async def test_a_forged_signature_is_refused(issuer: Issuer, verifier: TokenVerifier) -> None:
    forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(InvalidTokenError):
        await verifier.verify(issuer.token("first", key=forger))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_token_without_a_key_pair_is_refused(verifier: TokenVerifier, algorithm: str) -> None:
    secret = "" if algorithm == "none" else "a secret that anybody could have chosen"
    token = jwt.encode({"sub": "mx-pa"}, secret, algorithm=algorithm, headers={"kid": "first"})
    with pytest.raises(InvalidTokenError):
        await verifier.verify(token)


async def test_an_algorithm_that_is_not_of_the_keys_kind_is_refused(
    issuer: Issuer, verifier: TokenVerifier
) -> None:
    header, payload, signature = issuer.token("first").split(".")
    fields = json.loads(base64.urlsafe_b64decode(header + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**fields, "alg": "ES256"}).encode()).decode().rstrip("=")
    with pytest.raises(InvalidTokenError):
        await verifier.verify(f"{forged}.{payload}.{signature}")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 50])
async def test_what_is_no_token_is_refused(verifier: TokenVerifier, token: str) -> None:
    with pytest.raises(InvalidTokenError):
        await verifier.verify(token)


async def test_a_new_key_is_learnt_and_one_that_is_withdrawn_is_forgotten(
    issuer: Issuer, verifier: TokenVerifier, clock: Clock
) -> None:
    old = issuer.token("first")
    await verifier.verify(old)
    issuer.add_key("second")
    del issuer.keys["first"]
    clock.now += 10
    await verifier.verify(issuer.token("second"))
    with pytest.raises(InvalidTokenError):
        await verifier.verify(old)


async def test_unknown_keys_do_not_make_us_ask_the_issuer_for_each_token(
    issuer: Issuer, verifier: TokenVerifier
) -> None:
    await verifier.verify(issuer.token("first"))
    forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for number in range(20):
        with pytest.raises(InvalidTokenError):
            await verifier.verify(issuer.token(f"made-up-{number}", key=forger))
    assert issuer.reads == 1


async def test_an_issuer_that_is_unavailable_is_no_fault_of_the_token(
    issuer: Issuer, verifier: TokenVerifier
) -> None:
    issuer.unavailable = True
    with pytest.raises(OSError, match="unavailable"):
        await verifier.verify(issuer.token("first"))
    with pytest.raises(OSError, match="unavailable"):
        await verifier.check()
