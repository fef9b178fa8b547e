"""Other services ask the registry what a caller may do; without an answer nothing is permitted."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from fastapi import Depends
from prometheus_client import CollectorRegistry

from clearinghouse_messages.answers import DesignationAnswer, MeAnswer
from clearinghouse_runtime.auth import TokenVerifier
from clearinghouse_runtime.http import callers, create_app
from clearinghouse_runtime.roles import KEPT_SECONDS, MAX_KEPT, CallerRoles
from clearinghouse_runtime.status import secretariat_by_roles
from tests.support.issuer import AUDIENCE, ISSUER, Issuer


def designation(person: str, role: str) -> DesignationAnswer:
    return DesignationAnswer(
        id=f"{person}-{role}",
        person=person,
        realm="absch",
        role=role,
        country=None,
        start=datetime(2026, 1, 1, tzinfo=UTC),
        end=None,
        made_by="test",
        reason="test",
        ended_by=None,
        end_reason=None,
    )


class Registry:
    """What the registry answers for each token, how often it was asked, and whether it can be."""

    def __init__(self) -> None:
        self.held: dict[str, list[DesignationAnswer]] = {}
        self.asked: list[str] = []
        self.unavailable = False

    async def __call__(self, token: str) -> MeAnswer:
        self.asked.append(token)
        if self.unavailable:
            raise OSError("the registry does not answer")
        return MeAnswer(person=None, designations=self.held.get(token, []))


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def roles(registry: Registry, seconds: Seconds) -> CallerRoles:
    return CallerRoles(registry, monotonic=seconds)


async def test_an_answer_is_kept_for_five_seconds_and_then_asked_for_again(
    registry: Registry, roles: CallerRoles, seconds: Seconds
) -> None:
    registry.held["token"] = [designation("amina", "secretariat")]
    assert await roles.of("token") == registry.held["token"]
    seconds.now += KEPT_SECONDS - 0.1
    assert await roles.of("token") == registry.held["token"]
    assert registry.asked == ["token"]

    registry.held["token"] = []
    seconds.now += 0.1

    assert KEPT_SECONDS == 5
    assert await roles.of("token") == []
    assert registry.asked == ["token", "token"]


async def test_the_answer_for_one_token_is_never_given_for_another(
    registry: Registry, roles: CallerRoles
) -> None:
    registry.held["hers"] = [designation("amina", "secretariat")]
    await roles.of("hers")

    assert await roles.of("theirs") == []


async def test_without_an_answer_nothing_is_permitted_though_there_was_one_before(
    registry: Registry, roles: CallerRoles, seconds: Seconds
) -> None:
    registry.held["token"] = [designation("amina", "secretariat")]
    await roles.of("token")
    registry.unavailable = True
    seconds.now += KEPT_SECONDS

    with pytest.raises(OSError, match="does not answer"):
        await roles.of("token")
    registry.unavailable = False
    assert await roles.of("token") == registry.held["token"]


async def test_of_many_callers_only_the_last_ones_are_kept(registry: Registry, roles: CallerRoles) -> None:
    for number in range(MAX_KEPT + 1):
        await roles.of(f"token-{number}")
    registry.asked.clear()

    await roles.of("token-1")
    await roles.of("token-0")

    assert registry.asked == ["token-0"]


@pytest.fixture
def client(issuer: Issuer, roles: CallerRoles) -> httpx.AsyncClient:
    """An interface with one route for the Secretariat alone."""
    app = create_app("Test", description="test", metrics=CollectorRegistry(), infrastructure=(OSError,))
    who = callers(TokenVerifier(issuer=ISSUER, audience=AUDIENCE, fetch=issuer.fetch))
    only_secretariat = secretariat_by_roles(who.required, roles)

    @app.get("/status", dependencies=[Depends(only_secretariat)])
    async def status() -> str:
        return "as it should be"

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.mark.parametrize(
    ("held", "status"), [(["secretariat"], 200), (["publishing-authority"], 403), ([], 403)]
)
async def test_only_the_secretariat_is_let_in(
    client: httpx.AsyncClient, issuer: Issuer, registry: Registry, held: list[str], status: int
) -> None:
    token = issuer.token("first")
    registry.held[token] = [designation("mx-pa", role) for role in held]
    answer = await client.get("/status", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status


async def test_who_is_not_identified_is_not_even_asked_about(
    client: httpx.AsyncClient, registry: Registry
) -> None:
    assert (await client.get("/status")).status_code == 401
    answer = await client.get("/status", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert registry.asked == []


async def test_while_the_registry_is_unavailable_everybody_is_asked_to_try_again(
    client: httpx.AsyncClient, issuer: Issuer, registry: Registry
) -> None:
    registry.unavailable = True
    answer = await client.get("/status", headers={"Authorization": f"Bearer {issuer.token('first')}"})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
