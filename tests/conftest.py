"""Fixtures of all suites: real engines, a fresh database and topic prefix a test, no sockets in unit tests.

``CLEARINGHOUSE_BROKER=noida|kafka`` forces the broker; no test knows which one it got. A test marked
``also_in_containers`` runs a second time with the engines in containers, where there are any.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_socket

from clearinghouse_local import engines
from clearinghouse_local.settings import StackSettings, free_ports
from clearinghouse_local.sink import MailSink
from clearinghouse_local.stack import Stack
from clearinghouse_runtime import mongo
from tests.support import containers


def _broker_choice() -> str:
    forced = os.environ.get("CLEARINGHOUSE_BROKER")
    if forced not in (None, "", "noida", "kafka"):
        raise pytest.UsageError(f"CLEARINGHOUSE_BROKER is {forced!r}; noida or kafka")
    return forced or ("kafka" if engines.missing_for_kafka() is None else "noida")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "also_in_containers: runs over containers of the engines once more")


def pytest_report_header() -> list[str]:
    broker = engines.KafkaBroker.title if _broker_choice() == "kafka" else engines.NoidaBroker.title
    lacking = engines.missing_for_mongod()
    store = engines.MongoServer.title if lacking is None else f"{engines.SecantusServer.title} ({lacking})"
    return [f"engines: {store}, {broker}"]


@pytest.fixture(autouse=True)
def _no_sockets_in_unit_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    if "unit" not in request.path.parts:
        yield
        return
    pytest_socket.disable_socket(allow_unix_socket=True)  # asyncio's own pair is one
    yield
    pytest_socket.enable_socket()


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Gives a port of the loopback interface that is free; each call another."""
    return engines.free_port


@pytest.fixture(scope="session")
def engine_place(request: pytest.FixtureRequest) -> str:
    """Where the engines of a test run: ``processes`` of this machine or, for marked tests once more, ``containers``."""
    place: str = request.param
    lacking = containers.why_none() if place == "containers" else None
    if lacking is not None:
        pytest.skip(lacking)
    return place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that use the whole stack come last, so that it does not run beside all the others."""
    items.sort(key=lambda item: "stack" in getattr(item, "fixturenames", ()))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_place" not in metafunc.fixturenames:
        return
    places = [pytest.param("processes", id=pytest.HIDDEN_PARAM)]
    if metafunc.definition.get_closest_marker("also_in_containers") is not None:
        places.append(pytest.param("containers", id="containers", marks=pytest.mark.containers))
    metafunc.parametrize("engine_place", places, indirect=True, scope="session")


@pytest.fixture(scope="session")
def mongo_uri(engine_place: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Connection string of the session's document store."""
    if engine_place == "containers":
        with containers.mongo_in_container() as uri:
            yield uri
        return
    store = engines.document_store(tmp_path_factory.mktemp("documents"), engines.free_port())
    store.start()
    yield store.uri
    store.stop()


@pytest.fixture(scope="session")
def bootstrap(engine_place: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``host:port`` of the session's broker; a test that hurts a broker makes one of its own."""
    if engine_place == "containers":
        with containers.kafka_in_container() as address:
            yield address
        return
    data = tmp_path_factory.mktemp("broker") / "data"
    broker: engines.Broker
    if _broker_choice() == "kafka":
        broker = engines.KafkaBroker(data, engines.free_port())
    else:
        broker = engines.NoidaBroker(data, engines.free_port())
    broker.start()
    yield broker.bootstrap
    broker.stop()


@pytest.fixture(scope="session")
def small_broker(engine_place: str) -> bool:
    """Whether the session's broker is the small one: only for what that is known not to do."""
    return engine_place == "processes" and _broker_choice() == "noida"


@pytest.fixture(scope="session")
async def mongo_client(mongo_uri: str) -> AsyncIterator[mongo.Client]:
    """One client for the session, closed at its end."""
    client = mongo.connect(mongo_uri)
    yield client
    client.close()


@pytest.fixture
async def database(mongo_client: mongo.Client) -> AsyncIterator[mongo.Database]:
    """A database of its own for the test, dropped afterwards."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield mongo_client[name]
    await mongo_client.drop_database(name)


@pytest.fixture
def prefix() -> str:
    """A topic prefix that no other test has."""
    return f"t{uuid.uuid4().hex[:10]}"


@pytest.fixture
async def mail_sink(tmp_path: Path) -> AsyncIterator[MailSink]:
    """A mail server of the test's own, listening on ``mail_sink.port`` and without mails yet.

    ``await mail_sink.received(2)`` waits for mails, ``mail_sink.behave(Behaviour(mode="defer"))`` makes faults,
    ``stop`` and ``start`` take it away and bring it back on the same port.
    """
    sink = MailSink(tmp_path / "mails")
    await sink.start()
    yield sink
    await sink.stop()


SHORT_TIMES = {
    "NOTIFIER_LEASE": "2",
    "NOTIFIER_RETRY_FIRST": "0.2",
    "NOTIFIER_RETRY_MAXIMUM": "1",
    "REGISTRY_SWEEP_SECONDS": "5",
}
"""Times of a stack under test, so that nobody waits for what takes half a minute in production."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole stack with sample records, on the broker that the session has chosen."""
    settings = StackSettings(
        data_dir=tmp_path_factory.mktemp("stack"),
        engines="real" if _broker_choice() == "kafka" else "embedded",
        ports=free_ports(),
        extra=SHORT_TIMES,
    )
    running = Stack(settings)
    running.start()
    yield running
    running.stop()
