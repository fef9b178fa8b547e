from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from prometheus_client import CollectorRegistry

from clearinghouse_messages.events import Audience, RequestApproved
from clearinghouse_runtime.auth import TokenVerifier
from notifier.domain.delivery import Verdict, begin, end
from notifier.domain.notices import RequestEvent, condition, notices
from notifier.entrypoints.figures import Figures
from notifier.entrypoints.http import make_app
from tests.notifier.support import samples
from tests.notifier.support.fakes import FakeDeliveries, FakeNotices

ISSUER = "http://issuer.test"
AUDIENCE = "clearinghouse-development"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


async def _issuer(address: str) -> dict[str, Any]:
    if address.endswith("openid-configuration"):
        return {"jwks_uri": f"{ISSUER}/keys"}
    public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    return {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}


def _bearer(person: str) -> dict[str, str]:
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": person, "iat": 0, "exp": 9_999_999_999}
    return {"Authorization": f"Bearer {jwt.encode(claims, KEY, 'RS256', headers={'kid': 'k1'})}"}


@pytest.fixture
def inbox() -> FakeNotices:
    return FakeNotices()


@pytest.fixture
async def api(inbox: FakeNotices) -> AsyncIterator[httpx.AsyncClient]:
    verifier = TokenVerifier(issuer=ISSUER, audience=AUDIENCE, fetch=_issuer)
    app = make_app(inbox, verifier, checks={}, metrics=CollectorRegistry())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://notifier.test") as client:
        yield client


async def _told(inbox: FakeNotices, event: object, *, seq: int = 1) -> None:
    assert isinstance(event, RequestEvent)
    landed = samples.envelope(event, seq=seq, at=samples.NOON + timedelta(minutes=seq))
    await inbox.tell(notices(landed, event), request=event.request, request_state=condition(event), seq=seq)


async def test_a_person_sees_what_he_was_told(api: httpx.AsyncClient, inbox: FakeNotices) -> None:
    await _told(inbox, samples.request_event())
    answer = await api.get("/v1/inbox", headers=_bearer("mx-pa"))
    assert answer.status_code == 200
    (row,) = answer.json()["items"]
    assert row.pop("id")
    assert row == {
        "kind": "int.cbd.request.opened.v1",
        "request": "request-1",
        "record": samples.RECORD,
        "realm": "bch",
        "format": "biosafetyLaw",
        "country": "mx",
        "title": {"es": "Ley 104"},
        "role": "publishing-authority",
        "at": "2026-11-22T12:01:00Z",
        "read": False,
        "requestState": "open",
    }
    assert (await api.get("/v1/inbox", headers=_bearer("de-pa"))).json() == {"items": []}


async def test_a_row_that_was_read_is_among_all_and_not_among_unread(
    api: httpx.AsyncClient, inbox: FakeNotices
) -> None:
    await _told(inbox, samples.request_event())
    me = _bearer("mx-pa")
    (row,) = (await api.get("/v1/inbox", headers=me)).json()["items"]
    assert (await api.post(f"/v1/inbox/{row['id']}/read", headers=me)).status_code == 204
    assert (await api.get("/v1/inbox?state=unread", headers=me)).json() == {"items": []}
    (again,) = (await api.get("/v1/inbox?state=all", headers=me)).json()["items"]
    assert again == {**row, "read": True}


async def test_the_newest_row_comes_first_and_the_older_follows_the_request(
    api: httpx.AsyncClient, inbox: FakeNotices
) -> None:
    await _told(inbox, samples.request_event())
    audience = [Audience(person="mx-pa", role="publishing-authority")]
    await _told(inbox, samples.request_event(RequestApproved, audience=audience), seq=2)
    rows = (await api.get("/v1/inbox?state=all", headers=_bearer("mx-pa"))).json()["items"]
    assert [(row["kind"], row["requestState"]) for row in rows] == [
        ("int.cbd.request.approved.v1", "approved"),
        ("int.cbd.request.opened.v1", "approved"),
    ]
    first = (await api.get("/v1/inbox?limit=1", headers=_bearer("mx-pa"))).json()["items"]
    assert first == rows[:1]


async def test_nobody_reads_for_another(api: httpx.AsyncClient, inbox: FakeNotices) -> None:
    await _told(inbox, samples.request_event())
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


async def test_bad_parameters_are_named_and_not_repeated(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/inbox?state=hostile&limit=0", headers=_bearer("mx-pa"))
    assert answer.status_code == 422
    assert {fault["path"] for fault in answer.json()["errors"]} == {"/query/state", "/query/limit"}
    assert "hostile" not in answer.text


async def test_figures_follow_the_deliveries() -> None:
    deliveries, metrics = FakeDeliveries(), CollectorRegistry()
    figures = Figures(
        deliveries, metrics, clock=lambda: samples.NOON + timedelta(minutes=2), away=(ConnectionError,)
    )
    await figures.read()
    assert metrics.get_sample_value("notifier_oldest_pending_seconds") == 0
    await deliveries.owe(samples.delivery())
    said = [Verdict("nfp@example.mx", "accepted", 250, "OK")]
    await deliveries.owe(
        end(begin(samples.delivery(lane="bulk"), "mail:25", samples.NOON), said, samples.NOON)
    )
    await figures.read()
    owed = {"state": "owed", "lane": "official"}
    assert metrics.get_sample_value("notifier_deliveries", owed) == 1
    delivered = {"state": "delivered", "lane": "bulk"}
    assert metrics.get_sample_value("notifier_deliveries", delivered) == 1
    assert metrics.get_sample_value("notifier_oldest_pending_seconds") == 120
