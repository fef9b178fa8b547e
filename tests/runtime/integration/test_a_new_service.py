"""A new service is a few small files: the chassis makes it serve, land, work, measure, tell and stop."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from clearinghouse_messages.events import STREAMS
from clearinghouse_messages.topics import dead_letters, topic
from clearinghouse_runtime import mongo
from clearinghouse_runtime.ledger import Ledger
from tests.runtime.support import tally as source
from tests.runtime.support.ledger_with_topics import DEADLINE, LedgerWithTopics, entry, read_topic
from tests.runtime.support.running_tally import Tally, TallyProcess, prepared_tally
from tests.support.waiting import until

GOLDEN = Path(__file__).parents[2] / "contracts/golden/int.cbd.record.published.v1.json"
RECORD: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))["data"]


@pytest.fixture(scope="module")
async def tally(
    mongo_client: mongo.Client, mongo_uri: str, bootstrap: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Tally]:
    """The service, written and migrated; nothing of it runs yet."""
    folder, name = tmp_path_factory.mktemp("tally"), f"tally-{uuid.uuid4().hex[:12]}"
    source.write(folder)
    async with prepared_tally(
        folder, mongo_uri=mongo_uri, database=name, bootstrap=bootstrap, prefix=name
    ) as prepared:
        migrated = await prepared.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        yield prepared
    await mongo_client.drop_database(name)


@pytest.fixture(scope="module")
async def api(tally: Tally) -> AsyncIterator[TallyProcess]:
    async with tally.process("api") as running:
        yield running


@pytest.fixture(scope="module")
async def worker(tally: Tally) -> AsyncIterator[TallyProcess]:
    async with tally.process("worker") as running:
        yield running


@pytest.fixture
async def registry(
    tally: Tally, database: mongo.Database, mongo_client: mongo.Client, bootstrap: str
) -> LedgerWithTopics:
    """The ledger of another service, which states records."""
    ledger = Ledger(database, source=f"/test/{database.name}")
    await ledger.prepare()
    return LedgerWithTopics(mongo_client, ledger, bootstrap, tally.variables["TALLY_TOPIC_PREFIX"])


async def state(registry: LedgerWithTopics, record: str, data: dict[str, Any] = RECORD) -> str:
    """Have the registry state a record; the identifier of the event."""
    stated = entry(record, data=data)
    async with registry.relaying():
        await registry.append(stated)
        await registry.shipped()
    return stated.id


def own(tally: Tally, client: mongo.Client) -> mongo.Database:
    """The service's database, looked at from outside."""
    return client[tally.variables["TALLY_DATABASE"]]


async def counted(api: TallyProcess, tally: Tally) -> list[str]:
    answer = await api.public.get("/v1/tally", headers=tally.bearing("mx-pa"))
    assert answer.status_code == 200
    rows: list[str] = answer.json()
    return rows


async def letters(tally: Tally) -> list[dict[str, Any]]:
    listed = await tally.run("dead-letters", "list")
    assert listed.returncode == 0, listed.stderr
    found: list[dict[str, Any]] = json.loads(listed.stdout)
    return found


async def poisoned(tally: Tally, registry: LedgerWithTopics) -> str:
    """Have the registry state what cannot be counted; the identifier of the dead letter that it becomes."""
    event = await state(registry, "POISON", {"nothing": "that a record has"})
    wanted = f"{registry.ledger.source}|{event}"
    await until(lambda: died(tally, registry.client, wanted), within=DEADLINE)
    return wanted


async def died(tally: Tally, client: mongo.Client, letter: str) -> datetime | None:
    """When it became a dead letter, if it is one now."""
    found = await own(tally, client)["landed.records"].find_one({"_id": letter, "status": "dead"})
    return None if found is None else cast(datetime, found["dead_since"])


async def metrics(process: TallyProcess) -> list[str]:
    return (await process.management.get("/metrics")).text.splitlines()


async def test_migrating_makes_collections_indexes_and_topics_and_may_be_repeated(
    tally: Tally, mongo_client: mongo.Client, bootstrap: str
) -> None:
    again = await tally.run("migrate")
    assert again.returncode == 0, again.stderr
    database = own(tally, mongo_client)
    assert {"rows", "events", "idempotency_records", "landed.records"} <= set(
        await database.list_collection_names()
    )
    assert "due" in await database["landed.records"].index_information()
    prefix = tally.variables["TALLY_TOPIC_PREFIX"]
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        made = set(await admin.list_topics())
    finally:
        await admin.close()
    assert {dead_letters(prefix), *(topic(prefix, "absch", stream) for stream in STREAMS)} <= made


async def test_it_serves_whoever_has_a_token(tally: Tally, api: TallyProcess) -> None:
    assert (await api.public.get("/v1/tally")).status_code == 401
    assert (await api.public.get("/v1/tally", headers=tally.bearing("mx-pa"))).status_code == 200
    elsewhere = tally.issuer.token("mx-pa", audience="clearinghouse-production")
    refused = await api.public.get("/v1/tally", headers={"Authorization": f"Bearer {elsewhere}"})
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")


async def test_health_and_metrics_are_on_the_management_port_alone(
    api: TallyProcess, worker: TallyProcess
) -> None:
    for process, engines in ((api, {"mongo", "issuer"}), (worker, {"mongo", "broker"})):
        assert (await process.management.get("/healthz")).json() == {"status": "ok"}
        ready = await process.management.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, dict.fromkeys(engines, "ok"))
        assert any(line.startswith("work_open{") for line in await metrics(process))
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await api.public.get(path)).status_code == 404
    assert (await api.management.get("/v1/tally")).status_code == 404


async def test_an_event_that_another_service_states_lands_and_is_worked_off(
    tally: Tally, api: TallyProcess, worker: TallyProcess, registry: LedgerWithTopics
) -> None:
    record = f"R-{uuid.uuid4().hex}"
    event = await state(registry, record)

    async def shown() -> bool:
        return f"{record}-1" in await counted(api, tally)

    await until(shown, within=DEADLINE)
    database = own(tally, registry.client)
    assert await database["rows"].find_one({"_id": event}) == {"_id": event, "what": f"{record}-1"}
    landed = await database["landed.records"].find_one({"_id": f"{registry.ledger.source}|{event}"})
    assert landed is not None
    assert landed["status"] == "done"


async def test_a_command_sent_again_under_its_key_acts_once(tally: Tally, api: TallyProcess) -> None:
    what = f"by-hand-{uuid.uuid4().hex}"
    key = {"Idempotency-Key": uuid.uuid4().hex}
    headers = {**tally.bearing("mx-pa"), **key}
    first = await api.public.post(f"/v1/tally/{what}", headers=headers)
    again = await api.public.post(f"/v1/tally/{what}", headers=headers)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert (await counted(api, tally)).count(what) == 1
    other = await api.public.post(f"/v1/tally/{what}-2", headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert (await api.public.post(f"/v1/tally/{what}", headers=key)).status_code == 401


async def test_a_poison_event_is_a_dead_letter_that_is_reported_listed_shown_measured_and_replayed(
    tally: Tally, worker: TallyProcess, registry: LedgerWithTopics
) -> None:
    letter = await poisoned(tally, registry)
    first = await died(tally, registry.client, letter)
    listed = await letters(tally)
    assert letter in {one["id"] for one in listed}
    prefix = tally.variables["TALLY_TOPIC_PREFIX"]

    async def told() -> bool:
        messages = await read_topic(registry.bootstrap, dead_letters(prefix))
        return letter in {json.loads(message.value or b"{}")["id"] for message in messages}

    await until(told, within=DEADLINE)

    async def measured() -> bool:
        shown = await metrics(worker)
        [dead] = [line for line in shown if line.startswith('dead_letters{queue="landed.records"}')]
        return float(dead.split()[1]) == len(listed)

    await until(measured, within=DEADLINE)

    shown = json.loads((await tally.run("dead-letters", "show", letter)).stdout)
    assert (shown["source"], shown["queue"], shown["record"]) == ("tally", "landed.records", "POISON")
    assert shown["payload"]["envelope"]["data"] == {"nothing": "that a record has"}

    replayed = await tally.run("dead-letters", "replay", letter)
    assert json.loads(replayed.stdout)["replayed"] is True

    async def dead_again() -> bool:
        return await died(tally, registry.client, letter) not in (None, first)

    await until(dead_again, within=DEADLINE)
    nothing = await tally.run("dead-letters", "replay", "unknown")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert nothing.stderr.startswith("tally: there is no such dead letter")


async def test_only_the_secretariat_sees_how_it_keeps_up(
    tally: Tally, api: TallyProcess, worker: TallyProcess, registry: LedgerWithTopics
) -> None:
    await poisoned(tally, registry)
    assert (await api.public.get("/v1/status")).status_code == 401
    refused = await api.public.get("/v1/status", headers=tally.bearing("mx-pa"))
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")

    async def nothing_behind() -> dict[str, Any] | None:
        answer = await api.public.get("/v1/status", headers=tally.bearing("secretariat"))
        assert answer.status_code == 200
        status: dict[str, Any] = answer.json()
        return status if status["lag"] and not status["lag"][0]["messages"] else None

    status = await until(nothing_behind, within=DEADLINE)
    assert status["service"] == "tally"
    assert [one["topic"] for one in status["lag"]] == [
        topic(tally.variables["TALLY_TOPIC_PREFIX"], "absch", "records")
    ]
    [dead] = status["deadLetters"]
    assert dead["queue"] == "landed.records"
    assert dead["count"] == len(await letters(tally))


async def test_a_setting_that_is_unknown_is_refused_in_one_line(tally: Tally) -> None:
    for command in ("api", "migrate"):
        refused = await tally.run(command, TALLY_NONSENSE="a-value-nobody-may-see")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert (
            refused.stderr
            == "tally: cannot start: TALLY_NONSENSE is not a setting, correct the name or remove it\n"
        )


@pytest.mark.parametrize("name", ["api", "worker"])
async def test_asked_to_end_a_process_does_so_within_ten_seconds_and_in_good_order(
    tally: Tally, name: str
) -> None:
    async with tally.process(name, called=f"second-{name}") as process:
        began = time.monotonic()
        await asyncio.to_thread(process.server.stop)
        assert process.server.exit_code == 0
        assert time.monotonic() - began < 10
    assert not [line for line in process.server.output() if '"level": "error"' in line]
