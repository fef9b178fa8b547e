"""What every ledger of the registry, and every source of numbers, does, whatever engine it is on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import pytest

from clearinghouse_runtime.entries import LedgerEntry
from registry.application.ports import EventLedger, Numbers
from tests.registry.support.store_cases import event


class LedgerUnderTest(Protocol):
    """A ledger with what its cases need beside the port."""

    port: EventLedger

    async def commit(self, entries: Sequence[LedgerEntry]) -> None:
        """State entries; they have their positions when this returns."""

    async def to_ship_again(self) -> list[str]:
        """The entries that are to be shipped once more."""


class LedgerCases:
    """Inherited by the suite of each ledger, which gives the fixture ``ledger``."""

    async def test_entries_are_read_behind_a_position_in_order(self, ledger: LedgerUnderTest) -> None:
        await ledger.commit([event("1"), event("2"), event("3")])
        first, second, third = await ledger.port.read(after=0, limit=10)
        assert [one.id for one in (first, second, third)] == ["1", "2", "3"]
        assert first.position < second.position < third.position
        assert [one.seq for one in (first, second, third)] == [1, 2, 3]
        assert await ledger.port.read(after=first.position, limit=1) == [second]
        assert await ledger.port.read(after=third.position, limit=10) == []

    async def test_only_the_streams_and_the_realm_that_are_asked_for_are_read(
        self, ledger: LedgerUnderTest
    ) -> None:
        request = event("r", stream="requests")
        await ledger.commit([event("1"), request, event("2", realm="chm")])
        assert [one.id for one in await ledger.port.read(after=0, limit=10)] == ["1", "2"]
        asked = await ledger.port.read(after=0, limit=10, streams=("requests",))
        assert [(one.id, one.seq) for one in asked] == [("r", 1)]
        here = await ledger.port.read(after=0, limit=10, realm="chm")
        assert [one.id for one in here] == ["2"]

    async def test_entries_carry_the_name_of_their_ledger(self, ledger: LedgerUnderTest) -> None:
        await ledger.commit([event("1")])
        (read,) = await ledger.port.read(after=0, limit=10)
        assert read.generation == await ledger.port.generation()

    async def test_an_entry_can_be_stated_again_and_keeps_its_identifier(
        self, ledger: LedgerUnderTest
    ) -> None:
        await ledger.commit([event("1"), event("2")])
        await ledger.port.restate("2")
        assert await ledger.to_ship_again() == ["2"]
        assert [one.id for one in await ledger.port.read(after=0, limit=10)] == ["1", "2"]

    async def test_what_was_never_stated_cannot_be_stated_again(self, ledger: LedgerUnderTest) -> None:
        with pytest.raises(LookupError):
            await ledger.port.restate("unheard-of")


class NumbersCases:
    """Inherited by the suite of each source of numbers, which gives the fixture ``numbers``."""

    async def test_numbers_have_six_or_seven_digits_and_nobody_gets_one_twice(self, numbers: Numbers) -> None:
        reserved = await asyncio.gather(*(numbers.reserve() for _ in range(20)))
        assert len(set(reserved)) == 20
        assert all(100_000 < number < 10_000_000 for number in reserved)

    async def test_numbers_grow(self, numbers: Numbers) -> None:
        first = await numbers.reserve()
        assert await numbers.reserve() > first
