"""The fakes pass the contract cases that the real adapters pass."""

from __future__ import annotations

import pytest

from clearinghouse_messages.events import TransmissionOutcome
from notifier.application.ports import Hold
from tests.notifier.support.contracts import DeliveriesCases, MailServerCases, NoticesCases
from tests.notifier.support.fakes import (
    Behaviour,
    FakeDeliveries,
    FakeMailServer,
    FakeNotices,
    Received,
)


class Deliveries:
    def __init__(self) -> None:
        self.port = FakeDeliveries()

    async def claim(self, transmission: str) -> Hold | None:
        return self.port.claim(transmission)

    async def told(self) -> list[TransmissionOutcome]:
        return self.port.told


class Mail:
    def __init__(self) -> None:
        self.port = FakeMailServer()

    def behave(self, behaviour: Behaviour) -> None:
        self.port.behaviours = [behaviour]

    def received(self) -> list[Received]:
        return self.port.received


class TestFakeDeliveries(DeliveriesCases):
    @pytest.fixture
    def deliveries(self) -> Deliveries:
        return Deliveries()


class TestFakeNotices(NoticesCases):
    @pytest.fixture
    def inbox(self) -> FakeNotices:
        return FakeNotices()


class TestFakeMailServer(MailServerCases):
    @pytest.fixture
    def mail(self) -> Mail:
        return Mail()
