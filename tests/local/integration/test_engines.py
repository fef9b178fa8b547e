"""Each engine goes on with its data after a stop, a kill, on another port, and says why it cannot start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pymongo
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from clearinghouse_local.engines import (
    Broker,
    DocumentStore,
    EngineError,
    KafkaBroker,
    MongoServer,
    NoidaBroker,
    SecantusServer,
    missing_for_kafka,
    missing_for_mongod,
)

STORES = [
    pytest.param(
        MongoServer,
        id="mongod",
        marks=pytest.mark.skipif(missing_for_mongod() is not None, reason=str(missing_for_mongod())),
    ),
    pytest.param(SecantusServer, id="secantus"),
]
BROKERS = [
    pytest.param(NoidaBroker, id="noida"),
    pytest.param(
        KafkaBroker,
        id="kafka",
        marks=pytest.mark.skipif(missing_for_kafka() is not None, reason=str(missing_for_kafka())),
    ),
]


@pytest.mark.parametrize("engine", STORES)
def test_a_document_store_keeps_its_data_when_killed_and_moved_to_another_port(
    engine: type[DocumentStore], tmp_path: Path, free_port: Callable[[], int]
) -> None:
    store = engine(tmp_path / "data", free_port())
    store.start()
    _insert(store, 1)
    store.kill()
    moved = engine(tmp_path / "data", free_port())
    moved.start()
    try:
        _insert(moved, 2)
        with pymongo.MongoClient[dict[str, int]](moved.uri) as client:
            rows = client.get_database("x").get_collection("rows").find().sort("_id")
            assert [row["_id"] for row in rows] == [1, 2]
    finally:
        moved.stop()
    assert moved.exit_code == 0


def _insert(store: DocumentStore, number: int) -> None:
    with pymongo.MongoClient[dict[str, int]](store.uri, w="majority", journal=True) as client:
        client.get_database("x").get_collection("rows").insert_one({"_id": number})


@pytest.mark.parametrize("engine", BROKERS)
async def test_a_broker_that_was_killed_is_there_again(
    engine: type[Broker], tmp_path: Path, free_port: Callable[[], int]
) -> None:
    broker = engine(tmp_path / "data", free_port())
    broker.start()
    await _topics(broker, create="one")
    broker.kill()
    assert not broker.running
    broker.start()
    try:
        await _topics(broker, create="two")
    finally:
        broker.stop()


async def test_the_small_broker_keeps_its_topics_when_it_is_stopped(
    tmp_path: Path, free_port: Callable[[], int]
) -> None:
    broker = NoidaBroker(tmp_path / "data", free_port())
    broker.start()
    await _topics(broker, create="one")
    broker.stop()
    broker.start()
    try:
        assert "one" in await _topics(broker, create="two")
    finally:
        broker.stop()


async def _topics(broker: Broker, *, create: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(create, num_partitions=1, replication_factor=1)])
        names: list[str] = await admin.list_topics()
    finally:
        await admin.close()
    return names


def test_a_paused_engine_stays_and_goes_on(tmp_path: Path, free_port: Callable[[], int]) -> None:
    broker = NoidaBroker(tmp_path / "data", free_port())
    broker.start()
    process = broker.pid
    broker.pause()
    assert broker.running
    broker.resume()
    broker.wait_ready(5)
    assert broker.pid == process
    broker.stop()
    assert not broker.running


def test_a_port_in_use_is_reported_with_its_holder(tmp_path: Path, free_port: Callable[[], int]) -> None:
    port = free_port()
    first = NoidaBroker(tmp_path / "first", port)
    first.start()
    try:
        with pytest.raises(EngineError, match=rf"port {port} is in use by noida-db \(process {first.pid}\)"):
            NoidaBroker(tmp_path / "second", port).start()
    finally:
        first.stop()


def test_a_broken_data_folder_is_reported_in_one_line(tmp_path: Path, free_port: Callable[[], int]) -> None:
    data = tmp_path / "data"
    data.write_text("not a folder")
    with pytest.raises(EngineError, match=r"its data folder .* cannot be used") as told:
        NoidaBroker(data, free_port()).start()
    assert "\n" not in str(told.value)
