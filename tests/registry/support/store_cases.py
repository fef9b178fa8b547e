"""What every store of the registry does, whatever engine it is on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from clearinghouse_messages.events import Stream
from clearinghouse_runtime.commands import AlreadyStored, IdempotencyRecord
from clearinghouse_runtime.entries import LedgerEntry
from registry.application.ports import After, Before, ConflictError, StaleError, Store, Transaction
from registry.domain.entities import Designation, Person, Record

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def person(name: str) -> Person:
    """A person."""
    return Person(id=name, name=name, email=f"{name}@example.org", language="en")


def designation(id: str, seat: str | None, person: str = "ana") -> Designation:  # noqa: A002 - the field's name
    """A designation of a publishing authority."""
    return Designation(
        id=id,
        person=person,
        realm="absch",
        role="publishing-authority",
        country="mx",
        start=AT,
        made_by="secretariat",
        reason="by letter",
        seat=seat,
    )


def record(number: int, refers_to: tuple[str, ...] = ()) -> Record:
    """A record."""
    return Record(
        id=str(number),
        number=number,
        identifier=f"BCH-LAW-MX-{number}",
        uid=f"law-of-mexico-{number}",
        uid_key=f"law-of-mexico-{number}",
        realm="bch",
        format="biosafetyLaw",
        country="mx",
        owner="ana",
        refers_to=list(refers_to),
    )


class StoreCases:
    """Inherited by the suite of each store, which gives the fixture ``store``."""

    async def test_what_is_inserted_is_read_back_whole(self, store: Store) -> None:
        await store.transact(lambda tx: tx.insert(record(104, ("7",))))
        assert await store.get(Record, "104") == record(104, ("7",))
        assert await store.get(Record, "105") is None

    async def test_a_body_that_fails_leaves_nothing(self, store: Store) -> None:
        async def body(tx: Transaction) -> None:
            await tx.insert(person("ana"))
            raise RuntimeError("on purpose")

        with pytest.raises(RuntimeError):
            await store.transact(body)
        assert await store.get(Person, "ana") is None

    async def test_an_id_is_taken_once(self, store: Store) -> None:
        await store.transact(lambda tx: tx.insert(person("ana")))
        with pytest.raises(ConflictError) as caught:
            await store.transact(lambda tx: tx.insert(person("ana")))
        assert (caught.value.collection, caught.value.field) == ("persons", "id")

    async def test_a_unique_value_is_taken_once_but_many_may_have_none(self, store: Store) -> None:
        await store.transact(lambda tx: tx.insert(designation("1", "absch/mx")))
        await store.transact(lambda tx: tx.insert(designation("2", None)))
        await store.transact(lambda tx: tx.insert(designation("3", None)))
        with pytest.raises(ConflictError) as caught:
            await store.transact(lambda tx: tx.insert(designation("4", "absch/mx")))
        assert caught.value.field == "seat"

    async def test_replacing_increments_the_version_and_refuses_what_is_stale(self, store: Store) -> None:
        await store.transact(lambda tx: tx.insert(person("ana")))
        read = await store.get(Person, "ana")
        assert read is not None
        after = await store.transact(lambda tx: tx.replace(read.model_copy(update={"name": "Ana M"})))
        assert (after.version, after.name) == (2, "Ana M")
        with pytest.raises(StaleError):
            await store.transact(lambda tx: tx.replace(read))
        with pytest.raises(StaleError):
            await store.transact(lambda tx: tx.remove(read))
        assert await store.get(Person, "ana") == after

    async def test_find_filters_by_value_tuple_element_and_bounds_in_order(self, store: Store) -> None:
        async def body(tx: Transaction) -> None:
            for number in (3, 1, 2):
                await tx.insert(record(number, (str(number), "9")))
            for days, id_ in enumerate(("c", "b", "a")):
                start = AT + timedelta(days=days)
                await tx.insert(designation(id_, None).model_copy(update={"start": start}))

        await store.transact(body)

        async def numbers(**where: object) -> list[int]:
            return [one.number for one in await store.find(Record, where, order="number")]  # type: ignore[arg-type]  # spelled freely

        assert await numbers() == [1, 2, 3]
        assert await numbers(id=("1", "3")) == [1, 3]
        assert await numbers(refers_to="2") == [2]
        assert await numbers(refers_to="9", number=After(1)) == [2, 3]
        assert await numbers(country=None) == []
        early = await store.find(Designation, {"start": Before(AT + timedelta(days=1))})
        assert [one.id for one in early] == ["c"]
        newest = await store.find(Designation, {}, order="start", descending=True, limit=2)
        assert [one.id for one in newest] == ["a", "b"]

    async def test_of_decisions_that_rest_on_one_entity_each_sees_the_other(self, store: Store) -> None:
        await store.transact(lambda tx: tx.insert(person("ana")))

        async def add(tx: Transaction) -> None:
            read = await tx.get(Person, "ana")
            assert read is not None
            await asyncio.sleep(0)
            await tx.replace(read.model_copy(update={"name": read.name + "+"}))

        await asyncio.gather(*(store.transact(add) for _ in range(5)))
        read = await store.get(Person, "ana")
        assert read is not None
        assert (read.name, read.version) == ("ana+++++", 6)

    async def test_events_are_stated_only_when_the_transaction_commits(self, store: Store) -> None:
        async def body(tx: Transaction) -> None:
            await tx.append([event("1")])
            raise RuntimeError("on purpose")

        with pytest.raises(RuntimeError):
            await store.transact(body)
        await store.transact(lambda tx: tx.append([event("2"), event("3")]))
        assert await self.stated(store) == [("2", 1), ("3", 2)]

    async def test_a_result_is_stored_once_and_with_its_transaction(self, store: Store) -> None:
        result = IdempotencyRecord(
            "id", "hash", {"identifier": "X", "status": "draft"}, {"action": "draft"}, AT
        )

        async def stored() -> IdempotencyRecord | None:
            return await store.transact(lambda tx: tx.stored_result("id"))

        async def body(tx: Transaction) -> None:
            await tx.store_result(result)
            raise RuntimeError("on purpose")

        with pytest.raises(RuntimeError):
            await store.transact(body)
        assert await stored() is None
        await store.transact(lambda tx: tx.store_result(result))
        assert await stored() == result
        with pytest.raises(AlreadyStored):
            await store.transact(lambda tx: tx.store_result(result))

    async def stated(self, store: Store) -> list[tuple[str, int]]:
        """Identifiers and ``seq`` of the events that were stated; given by the suite."""
        raise NotImplementedError


def event(id: str, *, stream: Stream = "records", realm: str = "bch") -> LedgerEntry:  # noqa: A002 - the field's name
    """An event of one record."""
    return LedgerEntry(
        id=id,
        stream=stream,
        realm=realm,
        record="BCH-LAW-MX-104",
        type="int.cbd.record.published.v1",
        subject="BCH-LAW-MX-104-1",
        time=AT,
        cause="command",
        lane="interactive",
        data={"any": "thing"},
    )
