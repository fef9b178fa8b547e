"""The fakes pass the contract cases that the real adapters pass."""

from __future__ import annotations

import pytest

from clearinghouse_messages.events import TransmissionOutcome
from clearinghouse_runtime.lease import Lease
from tests.notifier.support.contracts import (
    DeliveriesCases,
    LettersCases,
    MailServerCases,
    NotificationsCases,
)
from tests.notifier.support.fakes import (
    FakeDeliveries,
    FakeLetters,
    FakeMailServer,
    FakeNotifications,
    ReceivedMail,
    ServerScript,
)


class Deliveries:
    def __init__(self) -> None:
        self.port = FakeDeliveries()

    async def claim(self, transmission: str) -> Lease | None:
        return self.port.claim(transmission)

    async def reported(self) -> list[TransmissionOutcome]:
        return self.port.reported


class Mail:
    def __init__(self) -> None:
        self.port = FakeMailServer()

    def behave(self, script: ServerScript) -> None:
        self.port.scripts = [script]

    def received(self) -> list[ReceivedMail]:
        return self.port.received


class TestFakeDeliveries(DeliveriesCases):
    @pytest.fixture
    def deliveries(self) -> Deliveries:
        return Deliveries()


class TestFakeNotifications(NotificationsCases):
    @pytest.fixture
    def inbox(self) -> FakeNotifications:
        return FakeNotifications()


class TestFakeLetters(LettersCases):
    @pytest.fixture
    def letters(self) -> FakeLetters:
        return FakeLetters()


class TestFakeMailServer(MailServerCases):
    @pytest.fixture
    def mail(self) -> Mail:
        return Mail()
