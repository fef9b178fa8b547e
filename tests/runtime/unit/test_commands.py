"""What every command may rely on: once under one key, never without permission, and nothing left when refused."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass

import pytest

from clearinghouse_messages.answers import Receipt, WarningAnswer
from clearinghouse_runtime.commands import Caller, CommandHandler, IdempotencyRecord, UnitOfWork, execute
from clearinghouse_runtime.entries import LedgerEntry
from clearinghouse_runtime.problems import Problem, forbidden
from tests.runtime.support.commands import BASE, NOON, Memory, MemoryTransaction

Unit = UnitOfWork[MemoryTransaction]

AMINA = Caller("amina", "key-of-amina")


@dataclass(frozen=True)
class Count:
    what: str


@dataclass(frozen=True)
class Forget:
    what: str


def entry(unit: Unit, what: str) -> LedgerEntry:
    return LedgerEntry(
        id=unit.provenance.derive(what),
        stream="records",
        realm="absch",
        record=what,
        type="int.cbd.record.published.v1",
        subject=what,
        time=unit.provenance.at,
        cause=unit.provenance.cause,
        lane="official",
        data={},
    )


def counting(what: str) -> CommandHandler[MemoryTransaction]:
    """Permit, count, state an event."""

    async def handle(unit: Unit) -> Receipt:
        unit.permitted({"action": "count"})
        await unit.tx.count(what)
        unit.entries.append(entry(unit, what))
        return Receipt(
            identifier=what,
            status="counted",
            warnings=[WarningAnswer(path="/a", code="b", message="c")],
            links={"count": "/v1/count"},
        )

    return handle


async def count(memory: Memory, caller: Caller, what: str) -> Receipt:
    return await execute(memory.pipeline(), caller, Count(what), counting(what))


@pytest.fixture
def memory() -> Memory:
    return Memory()


async def test_sent_twice_under_one_key_a_command_acts_once_and_answers_the_same(memory: Memory) -> None:
    first = await count(memory, AMINA, "apples")
    again = await count(memory, AMINA, "apples")

    assert again == first
    assert memory.counted == ["apples"]
    assert [stated.record for stated in memory.entries] == ["apples"]


async def test_without_a_key_each_command_is_one_of_its_own(memory: Memory) -> None:
    for _ in range(2):
        await count(memory, Caller("amina"), "apples")

    assert memory.counted == ["apples", "apples"]
    assert memory.stored == {}


@pytest.mark.parametrize("other", [Count("pears"), Forget("apples")])
async def test_another_command_under_the_same_key_is_refused(memory: Memory, other: object) -> None:
    await count(memory, AMINA, "apples")

    with pytest.raises(Problem) as refused:
        await execute(memory.pipeline(), AMINA, other, counting("pears"))

    assert (refused.value.status, refused.value.slug) == (422, "idempotency-key-reused")
    assert memory.counted == ["apples"]
    assert memory.asked_again == []


async def test_the_key_of_one_caller_is_not_that_of_another(memory: Memory) -> None:
    await count(memory, AMINA, "apples")
    await count(memory, Caller("robin", AMINA.idempotency_key), "pears")

    assert memory.counted == ["apples", "pears"]


async def test_a_repeat_is_asked_for_permission_again_with_the_question_of_the_first(memory: Memory) -> None:
    await count(memory, AMINA, "apples")
    assert memory.asked_again == []
    memory.permitted = False

    with pytest.raises(Problem) as refused:
        await count(memory, AMINA, "apples")

    assert refused.value.status == 403
    assert memory.asked_again == [{"action": "count"}]


async def test_a_refused_command_leaves_nothing_and_its_key_is_free(memory: Memory) -> None:
    async def refuse(unit: Unit) -> Receipt:
        unit.permitted({"action": "count"})
        await unit.tx.count("apples")
        unit.entries.append(entry(unit, "apples"))
        raise forbidden("Not today.")

    with pytest.raises(Problem):
        await execute(memory.pipeline(), AMINA, Count("apples"), refuse)
    assert (memory.counted, memory.entries, memory.stored) == ([], [], {})

    await count(memory, AMINA, "apples")
    assert memory.counted == ["apples"]


async def test_sent_twice_at_once_a_command_acts_once_and_both_get_the_receipt(memory: Memory) -> None:
    both_began = asyncio.Barrier(2)
    tries: list[str] = []

    async def handle(unit: Unit) -> Receipt:
        tries.append("begun")
        await both_began.wait()
        return await counting("apples")(unit)

    async with asyncio.timeout(10):
        one, other = await asyncio.gather(
            *(execute(memory.pipeline(), AMINA, Count("apples"), handle) for _ in range(2))
        )

    assert len(tries) == 2
    assert one == other
    assert memory.counted == ["apples"]
    assert len(memory.entries) == 1


async def test_a_handler_that_asks_for_no_permission_is_an_error_and_does_nothing(memory: Memory) -> None:
    async def careless(unit: Unit) -> Receipt:
        await unit.tx.count("apples")
        return Receipt(identifier="apples", status="counted")

    with pytest.raises(AssertionError, match="Count asked for no permission"):
        await execute(memory.pipeline(), AMINA, Count("apples"), careless)

    assert (memory.counted, memory.stored) == ([], {})


async def test_what_is_made_once_stays_the_same_on_every_try_and_nothing_is_stated_twice(
    memory: Memory,
) -> None:
    memory.conflicts = 2
    made: list[int] = []
    seen: list[tuple[int, str, str]] = []

    async def number() -> int:
        made.append(len(made) + 1)
        return made[-1]

    async def handle(unit: Unit) -> Receipt:
        given = await unit.once("number", number)
        assert await unit.once("number", number) == given
        seen.append((given, unit.provenance.derive("uid"), unit.provenance.at.isoformat()))
        return await counting("apples")(unit)

    await execute(memory.pipeline(), AMINA, Count("apples"), handle)

    assert made == [1]
    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert [stated.record for stated in memory.entries] == ["apples"]


async def test_the_provenance_says_who_when_and_why(memory: Memory) -> None:
    seen: list[Unit] = []

    async def handle(unit: Unit) -> Receipt:
        seen.append(unit)
        return await counting("apples")(unit)

    await execute(memory.pipeline(), Caller("amina", traceparent="00-trace"), Count("apples"), handle)

    [unit] = seen
    assert (unit.provenance.by, unit.provenance.at, unit.provenance.cause) == ("amina", NOON, "command")
    assert (unit.provenance.base, unit.provenance.traceparent) == (BASE, "00-trace")


async def test_what_is_kept_of_a_command_shows_nothing_of_its_content_caller_or_key(memory: Memory) -> None:
    await count(memory, AMINA, "apples")
    [kept] = memory.stored.values()

    hashes = json.dumps([kept.id, kept.command])
    assert not any(word in hashes for word in ("amina", "key-of", "apples", "Count"))
    assert kept.at == NOON
    assert kept.question == {"action": "count"}


async def test_the_hashes_of_a_command_need_the_secret(memory: Memory) -> None:
    other = Memory()
    await count(memory, AMINA, "apples")
    await execute(other.pipeline(b"another secret"), AMINA, Count("apples"), counting("apples"))

    def kept(of: Memory) -> IdempotencyRecord:
        return next(iter(of.stored.values()))

    assert {kept(memory).id, kept(memory).command}.isdisjoint({kept(other).id, kept(other).command})
    assert asdict(kept(memory))["receipt"] == asdict(kept(other))["receipt"]


async def test_a_command_that_is_no_dataclass_is_an_error(memory: Memory) -> None:
    with pytest.raises(TypeError, match="dataclass"):
        await execute(memory.pipeline(), AMINA, "apples", counting("apples"))
