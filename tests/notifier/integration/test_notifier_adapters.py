"""The real adapters pass the contract cases that the fakes pass."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from clearinghouse_messages.events import TransmissionOutcome
from clearinghouse_runtime.idempotency import IdempotencyRecords
from clearinghouse_runtime.lease import Lease
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.mongo import Client, Database
from clearinghouse_runtime.work_queue import WorkQueue
from notifier.adapters.mongo.deliveries import SENDING, MongoDeliveries
from notifier.adapters.mongo.notifications import MongoNotifications
from notifier.adapters.smtp import SmtpServer
from notifier.application.ports import NotHandedOverError, UncertainError
from tests.notifier.support.contracts import DeliveriesCases, MailServerCases, NotificationsCases
from tests.notifier.support.fakes import ReceivedMail, ServerScript
from tests.notifier.support.samples import Clock
from tests.notifier.support.smtp import ScriptedServer


class Deliveries:
    def __init__(self, client: Client, database: Database) -> None:
        self._database = database
        self._ledger = Ledger(database, source="/test/notifier")
        self._queue = WorkQueue(database[SENDING], lease=timedelta(milliseconds=1))
        self.port = MongoDeliveries(client, database, self._queue, self._ledger, clock=Clock())

    async def prepare(self) -> None:
        await self._ledger.prepare()
        await self._queue.prepare()
        await self.port.prepare()

    async def claim(self, transmission: str) -> Lease | None:
        item = await self._queue.claim(["official", "interactive", "bulk"])
        return Lease(item.id, item.token) if item is not None and item.id == transmission else None

    async def reported(self) -> list[TransmissionOutcome]:
        entries = self._ledger.entries.find(sort=[("seq", 1)])
        return [TransmissionOutcome.model_validate(entry["data"]) async for entry in entries]


class Mail:
    def __init__(self, server: ScriptedServer) -> None:
        self._server = server
        self.port = SmtpServer("127.0.0.1", server.port, "none", sink_only=True, timeout=10)

    def behave(self, script: ServerScript) -> None:
        self._server.scripts = [script]

    def received(self) -> list[ReceivedMail]:
        return self._server.received


class TestMongoDeliveries(DeliveriesCases):
    @pytest.fixture
    async def deliveries(self, mongo_client: Client, database: Database) -> Deliveries:
        adapter = Deliveries(mongo_client, database)
        await adapter.prepare()
        return adapter


class TestMongoNotifications(NotificationsCases):
    @pytest.fixture
    async def inbox(self, mongo_client: Client, database: Database) -> MongoNotifications:
        ledger, idempotency = Ledger(database, source="/test/notifier"), IdempotencyRecords(database)
        notifications = MongoNotifications(mongo_client, database, ledger, idempotency)
        await notifications.prepare()
        return notifications


class TestSmtpServer(MailServerCases):
    @pytest.fixture
    async def mail(self) -> AsyncIterator[Mail]:
        async with ScriptedServer().running() as server:
            yield Mail(server)


async def _nothing(_: object) -> None:
    return None


async def test_outside_production_only_the_sink_is_handed_anything() -> None:
    async with ScriptedServer(extensions=()).running() as server:
        sender = SmtpServer("127.0.0.1", server.port, "none", sink_only=True, timeout=10)
        with pytest.raises(NotHandedOverError, match="not the mail sink of this environment"):
            await sender.hand_over("bch@example.org", ["a@example.mx"], b"x\r\n", commit=_nothing)
        assert server.received == []
        in_production = SmtpServer("127.0.0.1", server.port, "none", sink_only=False, timeout=10)
        await in_production.hand_over("bch@example.org", ["a@example.mx"], b"x\r\n", commit=_nothing)
        assert len(server.received) == 1


async def test_a_server_that_never_answers_to_the_content_is_uncertain() -> None:
    async with ScriptedServer(ServerScript(lost="hang", keeps=True)).running() as server:
        sender = SmtpServer("127.0.0.1", server.port, "none", sink_only=True, timeout=0.3)
        with pytest.raises(UncertainError, match="did not answer in time"):
            await sender.hand_over("bch@example.org", ["a@example.mx"], b"x\r\n", commit=_nothing)


async def test_a_server_without_the_security_that_was_asked_for_is_handed_nothing() -> None:
    async with ScriptedServer().running() as server:
        sender = SmtpServer("127.0.0.1", server.port, "starttls", sink_only=True, timeout=10)
        with pytest.raises(NotHandedOverError):
            await sender.hand_over("bch@example.org", ["a@example.mx"], b"x\r\n", commit=_nothing)
        assert server.received == []


async def test_a_server_that_takes_no_login_is_handed_nothing() -> None:
    async with ScriptedServer().running() as server:
        sender = SmtpServer("127.0.0.1", server.port, "none", True, "user", "password", timeout=10)
        with pytest.raises(NotHandedOverError) as refusal:
            await sender.hand_over("bch@example.org", ["a@example.mx"], b"x\r\n", commit=_nothing)
        assert "password" not in refusal.value.text
        assert server.received == []


async def test_no_server_at_all_is_not_a_hand_over(free_port: object) -> None:
    assert callable(free_port)
    sender = SmtpServer("127.0.0.1", free_port(), "none", sink_only=True, timeout=10)
    with pytest.raises(NotHandedOverError):
        await sender.hand_over("bch@example.org", ["a@example.mx"], b"x\r\n", commit=_nothing)
