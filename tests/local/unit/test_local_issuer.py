"""The local issuer: tokens of its persons, keys that rotate and stay published, refusals as RFC 6749 has them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from clearinghouse_demo.persons import PASSWORD
from clearinghouse_local.issuer import KeyRing, LocalIssuer
from clearinghouse_local.issuer.web import create_app
from clearinghouse_runtime.auth import InvalidTokenError, TokenVerifier

ADDRESS = "http://issuer.test"


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    issuer = LocalIssuer(ADDRESS, audience="clearinghouse-development", keys=KeyRing(tmp_path / "keys"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(issuer)), base_url=ADDRESS
    ) as client:
        yield client


def verifier(web: httpx.AsyncClient, audience: str = "clearinghouse-development") -> TokenVerifier:
    async def fetch(address: str) -> dict[str, object]:
        document: dict[str, object] = (await web.get(address)).json()
        return document

    return TokenVerifier(issuer=ADDRESS, audience=audience, fetch=fetch)


async def token(web: httpx.AsyncClient, **form: str) -> str:
    given = {"grant_type": "password", "username": "mx-pa", "password": PASSWORD} | form
    answer = await web.post("/token", data=given)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.json()["access_token"])


async def test_a_person_gets_a_token_that_our_services_accept(web: httpx.AsyncClient) -> None:
    identity = await verifier(web).verify(await token(web))
    assert (identity.subject, identity.name) == ("mx-pa", "Javier Ortega")


async def test_a_token_for_one_audience_is_none_for_another(web: httpx.AsyncClient) -> None:
    with pytest.raises(InvalidTokenError):
        await verifier(web, "clearinghouse-training").verify(await token(web))
    await verifier(web, "clearinghouse-training").verify(await token(web, audience="clearinghouse-training"))


async def test_tokens_of_before_a_rotation_and_after_it_are_both_accepted(web: httpx.AsyncClient) -> None:
    before = await token(web)
    kid = (await web.post("/rotate")).json()["kid"]
    after = await token(web)
    assert kid in [key["kid"] for key in (await web.get("/jwks")).json()["keys"]]
    for one in (before, after):
        assert (await verifier(web).verify(one)).subject == "mx-pa"


def test_keys_outlive_the_process_and_nobody_else_reads_them(tmp_path: Path) -> None:
    first = KeyRing(tmp_path)
    first.rotate()
    again = KeyRing(tmp_path)
    assert [key.kid for key in again.keys] == [key.kid for key in first.keys]
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


async def test_a_partner_system_logs_in_with_its_credentials(web: httpx.AsyncClient) -> None:
    basic = b64encode(f"partner-system:{PASSWORD}".encode()).decode()
    answer = await web.post(
        "/token", data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    identity = await verifier(web).verify(answer.json()["access_token"])
    assert identity.subject == "partner-system"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password", "username": "mx-pa", "password": "wrong"}, 400, "invalid_grant"),
        ({"grant_type": "password", "username": "nobody", "password": PASSWORD}, 400, "invalid_grant"),
        (
            {"grant_type": "client_credentials", "client_id": "mx-pa", "client_secret": PASSWORD},
            401,
            "invalid_client",
        ),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        ({}, 400, "invalid_request"),
    ],
)
async def test_a_refusal_names_its_kind(
    web: httpx.AsyncClient, form: dict[str, str], status: int, error: str
) -> None:
    answer = await web.post("/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_it_says_plainly_what_it_is_for(web: httpx.AsyncClient) -> None:
    assert "FOR TRYING OUT ONLY" in (await web.get("/")).text
