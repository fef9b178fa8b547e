"""MongoDB and Apache Kafka in containers, for the same cases that run over the processes of this machine.

Nothing is ever pulled: where no Docker Engine answers or it lacks an image, ``why_none`` says so.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient

from clearinghouse_local.engines import free_port
from clearinghouse_local.engines.kafka_probe import speaks_kafka
from tests.support.waiting import until_holds

KAFKA_IMAGE = "apache/kafka:4.1.0"
MONGO_IMAGE = "mongo:6.0"


ENGINE_SOCKET = "/var/run/docker.sock"


def why_none() -> str | None:
    """Why the engines cannot run in containers here; None where they can."""
    if not _somebody_listens():
        return f"no Docker Engine answers at {ENGINE_SOCKET}"
    try:
        engine = DockerClient().client
        known = {tag for image in engine.images.list() for tag in image.tags}
        engine.close()
    except Exception as error:  # noqa: BLE001 - whatever the client raises, no engine answers
        return f"no Docker Engine answers ({type(error).__name__})"
    missing = [image for image in (KAFKA_IMAGE, MONGO_IMAGE) if image not in known]
    return f"the Docker Engine lacks {', '.join(missing)}, and nothing is pulled" if missing else None


def _somebody_listens() -> bool:
    """Whether the engine's usual socket takes connections; its client would leave one open that does not."""
    if "DOCKER_HOST" in os.environ:
        return True
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(ENGINE_SOCKET) == 0


@contextmanager
def mongo_in_container() -> Iterator[str]:
    """The connection string of MongoDB as a one-node replica set, as long as the block lasts."""
    with (
        _without_reaper(DockerContainer(MONGO_IMAGE))
        .with_exposed_ports(27017)
        .with_command("--replSet rs0 --bind_ip_all") as container
    ):
        uri = f"mongodb://127.0.0.1:{container.get_exposed_port(27017)}/?directConnection=true"
        until_holds(lambda: _initiated(uri), f"{MONGO_IMAGE} takes no replica set")
        until_holds(lambda: _is_primary(uri), f"{MONGO_IMAGE} does not become primary")
        yield uri


@contextmanager
def kafka_in_container() -> Iterator[str]:
    """``host:port`` of Apache Kafka, as long as the block lasts."""
    port = free_port()
    container = _without_reaper(DockerContainer(KAFKA_IMAGE)).with_bind_ports(9092, port)
    for name, value in _kafka_settings(port).items():
        container.with_env(f"KAFKA_{name}", value)
    with container:
        until_holds(lambda: speaks_kafka(port), f"{KAFKA_IMAGE} does not answer")
        yield f"127.0.0.1:{port}"


def _without_reaper(container: Any) -> Any:
    """The container, ended by us: testcontainers' own helper for that would be one more image to have."""
    testcontainers_config.ryuk_disabled = True
    return container


def _kafka_settings(port: int) -> dict[str, str]:
    """With a listener of the broker's own: it asks itself about transactions at the address it advertises there."""
    return {
        "NODE_ID": "1",
        "PROCESS_ROLES": "broker,controller",
        "LISTENERS": "PLAINTEXT://:9092,INTERNAL://:19092,CONTROLLER://:9093",
        "ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port},INTERNAL://localhost:19092",
        "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "INTER_BROKER_LISTENER_NAME": "INTERNAL",
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
        with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=500) as client:
            client.admin.command("replSetInitiate", config)
    except PyMongoError:
        return False
    return True


def _is_primary(uri: str) -> bool:
    try:
        with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=500) as client:
            return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False
