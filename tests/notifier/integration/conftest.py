"""A notifier in this process, on the real database, with a mail server that answers as it is reported."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from clearinghouse_messages.envelope import RESTATED_HEADER, Envelope
from clearinghouse_messages.events import Stream, TransmissionOutcome
from clearinghouse_messages.topics import topic
from clearinghouse_runtime.mongo import Database
from clearinghouse_runtime.process import BackgroundTask
from clearinghouse_runtime.stream import Message
from notifier.application.ports import MailServer
from notifier.bootstrap import App, build
from notifier.domain.delivery import DeliveryStatus, status_of
from notifier.entrypoints.worker import Worker
from notifier.settings import Settings
from tests.notifier.support.fakes import FakeLetters
from tests.notifier.support.smtp import ScriptedServer
from tests.support.waiting import until


@asynccontextmanager
async def running(tasks: Sequence[BackgroundTask]) -> AsyncIterator[None]:
    """The parts of a process until the block ends; they end as on SIGTERM."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(_run(task, stop))
        try:
            yield
        finally:
            stop.set()


async def _run(task: BackgroundTask, stop: asyncio.Event) -> None:
    await task(stop)


class Notifier:
    """One notifier; ``other`` is a second process beside it, on the same database."""

    def __init__(self, settings: Settings) -> None:
        self.app = build(settings, letters=FakeLetters())
        self.worker = Worker(self.app)
        self._offsets = itertools.count()

    def beside(self, server: MailServer | None = None) -> App:
        """The wiring of a second process, with a mail server of its own if one is given."""
        return replace(
            self.app,
            sender_context=replace(self.app.sender_context, server=server or self.app.sender_context.server),
        )

    @asynccontextmanager
    async def working(self, app: App | None = None) -> AsyncIterator[None]:
        """Appliers and senders at work."""
        worker = self.worker if app is None else Worker(app)
        async with running(worker.local_tasks()):
            yield

    async def land(self, *events: Envelope, stream: Stream = "transmissions", restated: bool = False) -> None:
        """As the stream's wrapper lands them."""
        headers = {RESTATED_HEADER: b"1"} if restated else {}
        await self.app.backbone.land(
            [
                self.message(
                    event.model_dump_json().encode(), realm=event.realm, stream=stream, headers=headers
                )
                for event in events
            ]
        )

    def message(
        self, value: bytes, *, realm: str = "bch", stream: Stream = "transmissions", headers: Any = None
    ) -> Message:
        """A message of a topic at the next offset."""
        name = topic(self.app.settings.topic_prefix, realm, stream)
        return Message(name, 0, next(self._offsets), None, value, headers or {})

    async def reaches(self, transmission: str, wanted: DeliveryStatus, *, reported: int = 0) -> None:
        """Wait until the delivery is in a state, and at least ``reported`` outcomes were reported of it."""

        async def there() -> bool:
            delivery = await self.app.deliveries.get(transmission)
            outcomes = await self.outcomes(transmission)
            return delivery is not None and status_of(delivery) == wanted and len(outcomes) >= reported

        await until(there)

    async def outcomes(self, transmission: str) -> list[TransmissionOutcome]:
        """What was reported of a transmission, oldest first."""
        which = {"data.transmission": transmission}
        entries = self.app.backbone.ledger.entries.find(which, sort=[("seq", 1)])
        return [TransmissionOutcome.model_validate(entry["data"]) async for entry in entries]


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    """The mail server that letters are handed over to."""
    async with ScriptedServer().running() as listening:
        yield listening


@pytest.fixture
async def notifier(
    mongo_uri: str, database: Database, server: ScriptedServer, tmp_path: Path
) -> AsyncIterator[Notifier]:
    """A notifier whose collections are there; no part of it runs yet, and there is no broker."""
    no_broker = "127.0.0.1:9"
    made = Notifier(settings_for(mongo_uri, database.name, no_broker, "unused", server.port, tmp_path))
    await made.app.backbone.prepare()
    await made.app.prepare()
    yield made
    made.app.backbone.close()


@pytest.fixture
async def live(
    mongo_uri: str, database: Database, bootstrap: str, prefix: str, server: ScriptedServer, tmp_path: Path
) -> AsyncIterator[Notifier]:
    """A notifier with all parts of its worker running, on the real broker."""
    made = Notifier(settings_for(mongo_uri, database.name, bootstrap, prefix, server.port, tmp_path))
    await made.app.backbone.prepare()
    await made.app.prepare()
    await made.app.backbone.provision()
    async with running(made.worker.tasks()):
        yield made
    made.app.backbone.close()


@pytest.fixture
def process_environment(
    mongo_uri: str,
    database: Database,
    bootstrap: str,
    prefix: str,
    free_port: Callable[[], int],
    tmp_path: Path,
) -> dict[str, str]:
    """The environment variables of a process of the notifier."""
    settings = {
        "ENVIRONMENT": "development",
        "PORT": str(free_port()),
        "MANAGEMENT_PORT": str(free_port()),
        "REGISTRY_ADDRESS": "http://127.0.0.1:9",
        "SECRET": "of the tests",
        "MONGO_URI": mongo_uri,
        "DATABASE": database.name,
        "BOOTSTRAP_SERVERS": bootstrap,
        "TOPIC_PREFIX": prefix,
        "ISSUER": "http://127.0.0.1:9",
        "AUDIENCE": "clearinghouse-development",
        "DATA_DIR": str(tmp_path),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": "9",
    }
    return {**os.environ, **{f"NOTIFIER_{name}": value for name, value in settings.items()}}


def settings_for(
    mongo_uri: str, database: str, bootstrap: str, prefix: str, smtp_port: int, data_dir: Path
) -> Settings:
    """Short pauses and leases, so that faults pass quickly."""
    return Settings(
        environment="development",
        registry_address="http://127.0.0.1:9",
        secret=SecretStr("of the tests"),
        mongo_uri=SecretStr(mongo_uri),
        database=database,
        bootstrap_servers=bootstrap,
        topic_prefix=prefix,
        issuer="http://127.0.0.1:9",
        audience="clearinghouse-development",
        data_dir=data_dir,
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        smtp_tls="none",
        smtp_timeout=1.0,
        lease=1.0,
        retry_first=0.05,
        retry_maximum=0.2,
    )
