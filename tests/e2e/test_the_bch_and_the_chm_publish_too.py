"""A law of the BCH and a resource of the CHM go the same way, each to the topic of its own realm."""

from __future__ import annotations

import httpx
import pytest

from clearinghouse_demo.demo_run import new_run, sign_in, uid_of
from clearinghouse_local.stack import Stack
from tests.e2e.support import on_topic
from tests.registry.support import records
from tests.registry.support.records import ref

pytestmark = pytest.mark.timeout(120)

AUTHORITY = "sample-mx-authority-biosafety"


async def test_a_law_is_requested_approved_and_on_the_stream_of_the_bch(
    stack: Stack, http: httpx.AsyncClient
) -> None:
    author = (await sign_in(stack.addresses, http, "mx-nau")).registry
    authority = (await sign_in(stack.addresses, http, "mx-pa")).registry
    law = records.law(f"law-{new_run()}", authorities=[ref(AUTHORITY)])
    draft = await author.create_draft("bch", law)
    request = await author.request_publication("bch", uid_of(law), draft.etag)
    made = await authority.approve("bch", request.identifier)
    assert made.identifier.startswith("BCH-DEV-LAW-MX-")
    event = await on_topic(stack, "bch", made.identifier.rpartition("-")[0])
    assert (event.type, event.realm, event.seq) == ("int.cbd.record.published.v1", "bch", 1)
    assert await author.transmissions(made.identifier) == []


async def test_a_resource_is_drafted_by_anyone_and_published_by_the_secretariat_of_the_chm(
    stack: Stack, http: httpx.AsyncClient
) -> None:
    anyone = (await sign_in(stack.addresses, http, "stranger")).registry
    secretariat = (await sign_in(stack.addresses, http, "secretariat")).registry
    guide = records.resource(f"guide-{new_run()}")
    draft = await anyone.create_draft("chm", guide)
    request = await anyone.request_publication("chm", uid_of(guide), draft.etag)
    made = await secretariat.approve("chm", request.identifier)
    assert made.identifier.startswith("CHM-DEV-VLR-SCBD-")
    event = await on_topic(stack, "chm", made.identifier.rpartition("-")[0])
    assert (event.realm, event.data["format"]) == ("chm", "resource")
