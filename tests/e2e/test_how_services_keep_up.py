"""``GET /v1/status`` and the management ports of a running stack: what an operator looks at first."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from clearinghouse_client.identity import IssuerClient
from clearinghouse_demo.persons import PASSWORD
from clearinghouse_local.manifests import manifests
from clearinghouse_local.settings import management
from clearinghouse_local.stack import Stack
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(120)


@pytest.mark.parametrize("service", [one.name for one in manifests()])
async def test_the_secretariat_alone_sees_how_a_service_keeps_up(
    stack: Stack, http: httpx.AsyncClient, service: str
) -> None:
    issuer = IssuerClient(stack.addresses.issuer, http)
    address = f"{stack.settings.address(f'{service}-api')}/v1/status"

    async def status(person: str) -> httpx.Response:
        token = (await issuer.by_password(person, PASSWORD)).access
        return await http.get(address, headers={"Authorization": f"Bearer {token}"})

    async def at_rest() -> dict[str, Any] | None:
        answer: dict[str, Any] = (await status("secretariat")).raise_for_status().json()
        waiting = [topic["messages"] for topic in answer["lag"] or [{"messages": 1}]]
        return answer if not any([*waiting, answer["unpositioned"], answer["unshipped"]]) else None

    answer = await until(at_rest)
    assert answer["service"] == service
    assert [each["topic"] for each in answer["lag"]]
    assert answer["deadLetters"] == []
    for other in ("mx-pa", "stranger"):
        refused = await status(other)
        assert refused.status_code == 403
        assert refused.headers["content-type"] == "application/problem+json"
    assert (await http.get(address)).status_code == 401


async def test_every_process_answers_health_and_metrics_on_its_management_port_alone(
    stack: Stack, http: httpx.AsyncClient
) -> None:
    for one in manifests():
        for process in one.processes:
            name = f"{one.name}-{process.name}"
            own = stack.settings.address(management(name))
            assert (await http.get(f"{own}/healthz")).status_code == 200
            assert (await http.get(f"{own}/readyz")).status_code == 200
            assert "# HELP" in (await http.get(f"{own}/metrics")).text
            if process.port is None:
                continue
            for path in ("/healthz", "/readyz", "/metrics"):
                assert (await http.get(f"{stack.settings.address(name)}{path}")).status_code == 404
