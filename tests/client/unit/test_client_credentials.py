"""Profiles: who is signed in where, for how long, and who gets to see the token."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from clearinghouse_client.credentials import Credentials, Profile
from clearinghouse_client.errors import SignInError, UsageError

REGISTRY, ISSUER = "http://registry.test", "http://issuer.test"


def profile(*, seconds: float, refresh: str | None = None, variable: str | None = None) -> Profile:
    return Profile(
        registry=REGISTRY,
        issuer=ISSUER,
        user="mx-nau",
        token="first",
        expires_at=datetime.now(UTC) + timedelta(seconds=seconds),
        refresh=refresh,
        secret_variable=variable,
    )


class Issuer:
    """Gives the token ``second`` and keeps the forms it was sent."""

    def __init__(self) -> None:
        self.forms: list[dict[str, list[str]]] = []

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"token_endpoint": f"{ISSUER}/token"})
        self.forms.append(parse_qs(request.content.decode()))
        return httpx.Response(200, json={"access_token": "second", "expires_in": 300})


def test_the_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    credentials = Credentials({"XDG_CONFIG_HOME": str(tmp_path)})
    credentials.save("default", profile(seconds=60))
    assert credentials.path == tmp_path / "clearinghouse" / "credentials.json"
    assert stat.S_IMODE(credentials.path.stat().st_mode) == 0o600
    assert list(credentials.path.parent.iterdir()) == [credentials.path]


def test_profiles_stand_beside_one_another(tmp_path: Path) -> None:
    credentials = Credentials({"XDG_CONFIG_HOME": str(tmp_path)})
    credentials.save("default", profile(seconds=60))
    credentials.save("other", profile(seconds=60).model_copy(update={"user": "mx-pa"}))
    users = [found.user for name in ("default", "other") if (found := credentials.load(name))]
    assert users == ["mx-nau", "mx-pa"]


async def test_a_token_is_sent_to_its_own_registry_and_to_no_other(tmp_path: Path) -> None:
    credentials = Credentials({"XDG_CONFIG_HOME": str(tmp_path)})
    credentials.save("default", profile(seconds=60))
    client = Issuer().client()
    assert await credentials.token("default", REGISTRY, client) == "first"
    assert await credentials.token("default", "http://elsewhere.test", client) is None


async def test_a_sign_in_that_has_ended_is_noticed(tmp_path: Path) -> None:
    credentials = Credentials({"XDG_CONFIG_HOME": str(tmp_path)})
    credentials.save("default", profile(seconds=-1))
    with pytest.raises(SignInError, match="sign-in of mx-nau ended") as caught:
        await credentials.token("default", REGISTRY, Issuer().client())
    assert caught.value.next_step == "Sign in again: clearinghouse login --user mx-nau"


async def test_a_token_is_renewed_before_it_ends_and_kept(tmp_path: Path) -> None:
    credentials, issuer = Credentials({"XDG_CONFIG_HOME": str(tmp_path)}), Issuer()
    credentials.save("default", profile(seconds=5, refresh="r1"))
    assert await credentials.token("default", REGISTRY, issuer.client()) == "second"
    assert await credentials.token("default", REGISTRY, issuer.client()) == "second"
    assert [form["refresh_token"] for form in issuer.forms] == [["r1"]]


async def test_a_partner_system_signs_in_again_with_the_secret_of_its_variable(tmp_path: Path) -> None:
    variables = {"XDG_CONFIG_HOME": str(tmp_path), "SECRET": "s3cret"}
    credentials, issuer = Credentials(variables), Issuer()
    credentials.save("default", profile(seconds=-1, variable="SECRET"))
    assert await credentials.token("default", REGISTRY, issuer.client()) == "second"
    assert issuer.forms[0]["client_secret"] == ["s3cret"]
    assert "s3cret" not in credentials.path.read_text()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    credentials = Credentials({"XDG_CONFIG_HOME": str(tmp_path)})
    credentials.path.parent.mkdir()
    credentials.path.write_text("{")
    with pytest.raises(UsageError, match="cannot be read as a file of profiles"):
        credentials.load("default")
