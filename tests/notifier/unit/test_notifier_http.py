from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from prometheus_client import CollectorRegistry

from clearinghouse_messages.answers import DesignationAnswer, MeAnswer
from clearinghouse_messages.events import Audience, RequestApproved, RequestEvent
from clearinghouse_runtime.auth import TokenVerifier
from clearinghouse_runtime.commands import Pipeline
from clearinghouse_runtime.roles import CallerRoles
from notifier.application.inbox import ask_again
from notifier.bootstrap import build
from notifier.domain.delivery import AddressReply, begin, end
from notifier.domain.notifications import notifications_of, request_status_after
from notifier.entrypoints.http import api as interface
from notifier.entrypoints.metrics import DeliveryMetrics
from notifier.settings import Settings
from tests.notifier.support import samples
from tests.notifier.support.fakes import FakeDeliveries, FakeNotifications
from tests.support.http import common_settings
from tests.support.issuer import AUDIENCE, ISSUER, Issuer

ISSUED = Issuer()
ISSUED.add_key("first")


async def _roles(token: str) -> MeAnswer:
    person = jwt.decode(token, options={"verify_signature": False})["sub"]
    role = "secretariat" if person == "secretariat" else "publishing-authority"
    held = DesignationAnswer(
        id="1",
        person=person,
        realm="bch",
        role=role,
        country=None,
        start=samples.NOON,
        end=None,
        made_by="tests",
        reason="tests",
        ended_by=None,
        end_reason=None,
    )
    return MeAnswer(person=None, designations=[held])


def _bearer(person: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {ISSUED.token('first', sub=person)}"}


GIVEN: dict[str, Any] = {
    **common_settings("mongodb://127.0.0.1:1", "notifier", Path("unused")),
    "registry_address": "http://127.0.0.1:5",
    "smtp_host": "127.0.0.1",
    "smtp_port": 4,
}


@pytest.fixture
def inbox() -> FakeNotifications:
    return FakeNotifications()


@pytest.fixture
async def api(inbox: FakeNotifications) -> AsyncIterator[httpx.AsyncClient]:
    verifier = TokenVerifier(issuer=ISSUER, audience=AUDIENCE, fetch=ISSUED.fetch)
    app = build(Settings(**GIVEN))
    backbone = replace(app.backbone, verifier=verifier)
    app = replace(
        app,
        backbone=backbone,
        notifications=inbox,
        pipeline=Pipeline(backbone.clock, backbone.new_id, b"of the tests", inbox.transact, ask_again),
        roles=CallerRoles(_roles),
    )
    transport = httpx.ASGITransport(interface(app, CollectorRegistry()), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://notifier.test") as client:
        yield client
    app.backbone.close()


async def _reported(inbox: FakeNotifications, event: object, *, seq: int = 1) -> None:
    assert isinstance(event, RequestEvent)
    landed = samples.envelope(event, seq=seq, at=samples.NOON + timedelta(minutes=seq))
    await inbox.add(
        notifications_of(landed, event),
        request=event.request,
        request_status=request_status_after(event),
        seq=seq,
    )


async def test_a_person_sees_what_they_were_notified_of(
    api: httpx.AsyncClient, inbox: FakeNotifications
) -> None:
    await _reported(inbox, samples.request_event())
    answer = await api.get("/v1/inbox", headers=_bearer("mx-pa"))
    assert answer.status_code == 200
    (row,) = answer.json()["items"]
    assert row.pop("id")
    assert row == {
        "type": "int.cbd.request.opened.v1",
        "request": "request-1",
        "record": samples.RECORD,
        "realm": "bch",
        "format": "biosafetyLaw",
        "country": "mx",
        "title": {"es": "Ley 104"},
        "role": "publishing-authority",
        "at": "2026-11-22T12:01:00Z",
        "read": False,
        "requestStatus": "open",
    }
    assert (await api.get("/v1/inbox", headers=_bearer("de-pa"))).json() == {"items": []}


async def test_a_row_that_was_read_is_among_all_and_not_among_unread(
    api: httpx.AsyncClient, inbox: FakeNotifications
) -> None:
    await _reported(inbox, samples.request_event())
    me = _bearer("mx-pa")
    (row,) = (await api.get("/v1/inbox", headers=me)).json()["items"]
    answer = await api.post(f"/v1/inbox/{row['id']}/read", headers=me)
    assert (answer.status_code, answer.json()["identifier"], answer.json()["status"]) == (
        200,
        row["id"],
        "read",
    )
    assert (await api.get("/v1/inbox?status=unread", headers=me)).json() == {"items": []}
    (again,) = (await api.get("/v1/inbox?status=all", headers=me)).json()["items"]
    assert again == {**row, "read": True}


async def test_the_newest_row_comes_first_and_the_older_follows_the_request(
    api: httpx.AsyncClient, inbox: FakeNotifications
) -> None:
    await _reported(inbox, samples.request_event())
    audience = [Audience(person="mx-pa", role="publishing-authority")]
    await _reported(inbox, samples.request_event(RequestApproved, audience=audience), seq=2)
    rows = (await api.get("/v1/inbox?status=all", headers=_bearer("mx-pa"))).json()["items"]
    assert [(row["type"], row["requestStatus"]) for row in rows] == [
        ("int.cbd.request.approved.v1", "approved"),
        ("int.cbd.request.opened.v1", "approved"),
    ]
    first = (await api.get("/v1/inbox?limit=1", headers=_bearer("mx-pa"))).json()["items"]
    assert first == rows[:1]


async def test_nobody_reads_for_another(api: httpx.AsyncClient, inbox: FakeNotifications) -> None:
    await _reported(inbox, samples.request_event())
    (row,) = (await api.get("/v1/inbox", headers=_bearer("mx-pa"))).json()["items"]
    answer = await api.post(f"/v1/inbox/{row['id']}/read", headers=_bearer("de-pa"))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/inbox"), ("POST", "/v1/inbox/x/read")])
async def test_an_inbox_is_for_those_who_prove_who_they_are(
    api: httpx.AsyncClient, method: str, path: str
) -> None:
    assert (await api.request(method, path)).status_code == 401
    assert (await api.request(method, path, headers={"Authorization": "Bearer x.y.z"})).status_code == 401


async def test_only_the_secretariat_sees_how_the_service_keeps_up(api: httpx.AsyncClient) -> None:
    assert (await api.get("/v1/status")).status_code == 401
    refused = await api.get("/v1/status", headers=_bearer("mx-pa"))
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")


async def test_bad_parameters_are_named_and_not_repeated(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/inbox?status=hostile&limit=0", headers=_bearer("mx-pa"))
    assert answer.status_code == 422
    assert {fault["path"] for fault in answer.json()["errors"]} == {"/query/status", "/query/limit"}
    assert "hostile" not in answer.text


async def test_metrics_follow_the_deliveries() -> None:
    deliveries, metrics = FakeDeliveries(), CollectorRegistry()
    followed = DeliveryMetrics(deliveries, metrics, clock=lambda: samples.NOON + timedelta(minutes=2))
    await followed.read()
    assert metrics.get_sample_value("notifier_oldest_unsettled_seconds") == 0
    await deliveries.owe(samples.delivery())
    said = [AddressReply("nfp@example.mx", "accepted", 250, "OK")]
    await deliveries.owe(
        end(begin(samples.delivery(lane="bulk"), "mail:25", samples.NOON), said, samples.NOON)
    )
    await followed.read()
    owed = {"status": "owed", "lane": "official"}
    assert metrics.get_sample_value("notifier_deliveries", owed) == 1
    delivered = {"status": "delivered", "lane": "bulk"}
    assert metrics.get_sample_value("notifier_deliveries", delivered) == 1
    assert metrics.get_sample_value("notifier_oldest_unsettled_seconds") == 120
