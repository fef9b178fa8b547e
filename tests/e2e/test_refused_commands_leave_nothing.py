"""Whatever is refused leaves nothing behind: in no engine, asked through its own interface, in no file, in no log."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from pymongo import AsyncMongoClient

from clearinghouse_client.identity import IssuerClient
from clearinghouse_demo.persons import PASSWORD
from clearinghouse_formats import load
from clearinghouse_local.stack import Stack
from clearinghouse_messages.topics import plan
from tests.registry.support import records
from tests.registry.support.records import ref, text
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(180)

CANARY = f"canary{secrets.token_hex(8)}"
"""Stands in every value that is refused."""
ENGINES = {"mongodb", "noida", "kafka"}
"""Folders in which engines keep their own files; these are asked through the engines."""


class Caller:
    """One of the persons to try; every refusal is looked through for the canary."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient, token: str) -> None:
        self._base = stack.addresses.registry
        self._http = http
        self._token = token

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._http.request(
            method,
            f"{self._base}/v1/absch{path}",
            json=body,
            headers={"Authorization": f"Bearer {self._token}", **named},
        )

    async def refused(self, status: int, *request: Any, **headers: str) -> set[str]:
        """The paths of the faults of a refusal that says nothing of what was sent."""
        answer = await self(*request, **headers)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert CANARY not in answer.text
        assert CANARY not in str(answer.headers)
        return {error["path"] for error in answer.json().get("errors", [])}


@pytest.fixture
async def callers(stack: Stack, http: httpx.AsyncClient) -> dict[str, Caller]:
    issuer = IssuerClient(stack.addresses.issuer, http)
    return {
        name: Caller(stack, http, (await issuer.by_password(name, PASSWORD)).access)
        for name in ("mx-nau", "mx-pa", "de-nau", "stranger")
    }


def permit(uid: str, **fields: Any) -> records.Document:
    """A permit that refers to the sample records."""
    return records.permit(
        uid,
        **{
            "absCNA": ref("sample-mx-authority"),
            "providers": [ref("sample-provider-contact")],
            "entitiesToWhomPICGranted": [ref("sample-grantee-organization")],
            **fields,
        },
    )


async def test_nothing_of_a_refused_command_is_left_anywhere(
    stack: Stack, http: httpx.AsyncClient, callers: dict[str, Caller]
) -> None:
    nau, pa = callers["mx-nau"], callers["mx-pa"]
    fresh = f"refused-{secrets.token_hex(6)}"
    canary = text(CANARY)
    key = f"{CANARY}-idempotency"

    unknown = {**permit(f"{fresh}-a", title=canary), "unknownField": CANARY}
    assert "/unknownField" in await nau.refused(422, "POST", "/drafts", unknown, Idempotency_Key=key)
    flagged = permit(f"{fresh}-b", subjectMatter=canary, subjectMatterConfidential=True)
    assert await nau.refused(422, "POST", "/drafts", flagged) == {"/subjectMatter"}
    ill_formed = permit(
        f"{fresh}-c", dateOfIssuance=CANARY, usages=[ref(CANARY)], title={"en": CANARY, "xx": CANARY}
    )
    assert len(await nau.refused(422, "POST", "/drafts", ill_formed)) >= 3
    nowhere = permit(f"{fresh}-d", title=canary)
    assert await callers["de-nau"].refused(403, "POST", "/drafts", nowhere) == set()
    assert await callers["stranger"].refused(403, "POST", "/drafts", nowhere) == set()
    other_country = {**records.permit("sample-de-authority", title=canary)}
    await nau.refused(409, "POST", "/drafts", other_country)
    huge = permit(f"{fresh}-e", permitDescription={"en": CANARY + "é" * 450_000})
    await nau.refused(413, "POST", "/drafts", huge)
    await nau.refused(413, "POST", "/drafts", {"x": CANARY * 400_000})

    drafted = await nau("POST", "/drafts", permit(fresh))
    assert drafted.status_code == 201
    path = f"/drafts/{fresh}"
    changed = permit(fresh, title=canary)
    await nau.refused(412, "PUT", path, changed, If_Match='"99"')
    await nau.refused(412, "PUT", path, changed, If_Match=f'"{CANARY}"')
    await nau.refused(428, "PUT", path, changed)
    await nau.refused(
        403, "POST", f"{path}/publication", {"reason": canary}, If_Match=drafted.headers["etag"]
    )

    lacking = permit(
        fresh,
        picGranted=False,
        matEstablished=None,
        providers=[ref("nobody-of-that-name")],
        absCNA=ref("sample-provider-contact"),
    )
    replaced = await nau("PUT", path, lacking, If_Match=drafted.headers["etag"])
    assert replaced.status_code == 200
    assert await nau.refused(422, "POST", f"{path}/requests", If_Match=replaced.headers["etag"]) == {
        "/picGranted",
        "/matEstablished",
        "/providers/0/identifier",
        "/absCNA/identifier",
    }
    whole = await nau("PUT", path, permit(fresh), If_Match=replaced.headers["etag"])
    published = await pa("POST", f"{path}/publication", If_Match=whole.headers["etag"])
    assert published.status_code == 201
    again = await pa("POST", "/drafts", permit(fresh))
    assert await pa.refused(422, "POST", f"{path}/publication", If_Match=again.headers["etag"]) == {
        "/amendmentDescription"
    }

    await settled(stack, http, published.json()["identifier"])
    assert await in_documents(stack) == []
    assert await in_topics(stack) == []
    assert CANARY not in (await http.get(f"{stack.addresses.sink}/mails")).text
    assert in_files(stack.settings.data_dir) == []


async def settled(stack: Stack, http: httpx.AsyncClient, identifier: str) -> None:
    """Wait until all that follows a publication has happened, so that the search comes after it."""

    async def every_letter_is_there() -> bool:
        address = f"{stack.addresses.registry}/v1/records/{identifier}/transmissions"
        items = (await http.get(address)).json()["items"]
        return len(items) == 4 and all(item["status"] == "delivered" for item in items)

    await until(every_letter_is_there, within=60)


async def in_documents(stack: Stack) -> list[str]:
    """The collections of every database in which the canary stands."""
    found = []
    async with AsyncMongoClient[dict[str, Any]](stack.mongo.uri) as client:
        for database in await client.list_database_names():
            for collection in await client[database].list_collection_names():
                try:
                    documents = await client[database][collection].find({}).to_list()
                except Exception:  # noqa: BLE001 - a view of the engine's own that cannot be read
                    continue
                if CANARY in str(documents):
                    found.append(f"{database}.{collection}")
    return found


async def in_topics(stack: Stack) -> list[str]:
    """The topics, consumer offsets aside, in whose messages the canary stands."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stack.broker.bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    found: set[str] = set()
    try:
        planned = plan(stack.settings.topic_prefix, tuple(load().realms))
        kept = {topic for topic in await consumer.topics() if not topic.startswith("__")}
        assert kept == {topic.name for topic in planned}
        consumer.assign(
            [TopicPartition(topic.name, part) for topic in planned for part in range(topic.partitions)]
        )
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(consumer.assignment())
        read = 0
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, messages in (await consumer.getmany(timeout_ms=300)).items():
                read += len(messages)
                if any(
                    CANARY.encode() in (message.key or b"") + (message.value or b"") for message in messages
                ):
                    found.add(place.topic)
        assert read > 50, "the sample records alone are more than that"
    finally:
        await consumer.stop()
    return sorted(found)


def in_files(folder: Path) -> list[str]:
    """The files of the stack, logs among them, in which the canary stands."""
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file() and not ENGINES & set(path.relative_to(folder).parts)
    ]
    assert any(path.suffix == ".log" for path in files)
    return [str(path) for path in files if CANARY.encode() in path.read_bytes()]
