"""In this folder the engines are containers: the same cases, over ``container_mongo_uri`` and ``container_bootstrap``.

Everything here skips, with the reason, where no Docker Engine answers or an image is missing: nothing is pulled.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pymongo
import pytest
from pymongo.errors import PyMongoError
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient

from clearinghouse_local.engines import free_port
from clearinghouse_local.engines.kafka_probe import speaks_kafka
from clearinghouse_runtime import mongo

KAFKA_IMAGE = "apache/kafka:4.1.0"
MONGO_IMAGE = "mongo:6.0"
_DEADLINE_SECONDS = 90


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "containers" in item.path.parts:
            item.add_marker(pytest.mark.containers)


@pytest.fixture(scope="session")
def docker_images() -> None:
    """Skips unless a Docker Engine answers and has both images."""
    testcontainers_config.ryuk_disabled = True  # its image is one more that would have to be there
    try:
        engine = DockerClient().client
        engine.ping()
    except Exception as error:  # noqa: BLE001 - whatever the client raises, no engine answers
        pytest.skip(f"no Docker Engine answers ({type(error).__name__})")
    known = {tag for image in engine.images.list() for tag in image.tags}
    missing = [image for image in (KAFKA_IMAGE, MONGO_IMAGE) if image not in known]
    if missing:
        pytest.skip(f"the Docker Engine lacks {', '.join(missing)}; nothing is pulled")


@pytest.fixture(scope="session")
def container_mongo_uri(docker_images: None) -> Iterator[str]:
    """MongoDB in a container, a one-node replica set."""
    container = DockerContainer(MONGO_IMAGE).with_exposed_ports(27017)
    with container.with_command("--replSet rs0 --bind_ip_all") as started:
        uri = f"mongodb://127.0.0.1:{started.get_exposed_port(27017)}/?directConnection=true"
        _until(lambda: _initiated(uri), "MongoDB in its container takes no replica set")
        _until(lambda: _is_primary(uri), "MongoDB in its container does not become primary")
        yield uri


@pytest.fixture(scope="session")
def container_bootstrap(docker_images: None) -> Iterator[str]:
    """Apache Kafka in a container."""
    port = free_port()
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(9092, port)
    for name, value in _kafka_settings(port).items():
        container.with_env(f"KAFKA_{name}", value)
    with container:
        _until(lambda: speaks_kafka(port), "Apache Kafka in its container does not answer")
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="session")
def mongo_uri(container_mongo_uri: str) -> str:
    return container_mongo_uri


@pytest.fixture(scope="session")
def bootstrap(container_bootstrap: str) -> str:
    return container_bootstrap


@pytest.fixture(scope="session")
async def mongo_client(mongo_uri: str) -> AsyncIterator[mongo.Client]:
    client = mongo.connect(mongo_uri)
    yield client
    client.close()


def _kafka_settings(port: int) -> dict[str, str]:
    return {
        "NODE_ID": "1",
        "PROCESS_ROLES": "broker,controller",
        "LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "AUTO_CREATE_TOPICS_ENABLE": "false",
        "GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "OFFSETS_TOPIC_NUM_PARTITIONS": "4",
        "OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "TRANSACTION_STATE_LOG_NUM_PARTITIONS": "4",
        "TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "TRANSACTION_STATE_LOG_MIN_ISR": "1",
    }


def _initiated(uri: str) -> bool:
    config = {"_id": "rs0", "members": [{"_id": 0, "host": "localhost:27017"}]}
    try:
        with pymongo.MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=500) as client:
            client.admin.command("replSetInitiate", config)
    except PyMongoError:
        return False
    return True


def _is_primary(uri: str) -> bool:
    try:
        with pymongo.MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=500) as client:
            return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(otherwise)
        time.sleep(0.2)
