from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from clearinghouse_runtime.leadership import take_leadership
from clearinghouse_runtime.ledger import EntryTooLarge, Ledger
from clearinghouse_runtime.mongo import Client, Database, Session, transact
from tests.runtime.support.ledger_with_topics import entry

pytestmark = pytest.mark.also_in_containers

LEASE = timedelta(seconds=30)


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    ledger = Ledger(database, source="/test/registry")
    await ledger.prepare()
    return ledger


async def place_all(ledger: Ledger) -> None:
    leadership = await take_leadership(ledger, "test", LEASE)
    assert leadership is not None
    while await leadership.assign_positions(100):
        pass


async def test_sixteen_writers_of_one_record_count_without_a_gap(
    ledger: Ledger, mongo_client: Client
) -> None:
    async def write() -> None:
        entries = [entry("A"), entry("A")]
        await transact(mongo_client, lambda session: ledger.append(session, entries))

    await asyncio.gather(*[write() for _ in range(16)])
    await place_all(ledger)

    events = await ledger.read(after=0, limit=100)
    assert [event.seq for event in events] == list(range(1, 33))
    assert [event.position for event in events] == list(range(1, 33))


async def test_each_stream_of_each_record_counts_for_itself(ledger: Ledger, mongo_client: Client) -> None:
    entries = [entry("A"), entry("B"), entry("A", stream="requests"), entry("A")]
    await transact(mongo_client, lambda session: ledger.append(session, entries))
    await place_all(ledger)

    events = await ledger.read(after=0, limit=10, streams=("records", "requests"))

    assert {event.id: event.seq for event in events} == {
        entries[0].id: 1,
        entries[1].id: 1,
        entries[2].id: 1,
        entries[3].id: 2,
    }


async def test_a_transaction_that_fails_leaves_nothing_and_takes_no_number(
    ledger: Ledger, mongo_client: Client
) -> None:
    async def failing(session: Session) -> None:
        await ledger.append(session, [entry("A")])
        raise LookupError

    with pytest.raises(LookupError):
        await transact(mongo_client, failing)
    survivor = entry("A")
    await transact(mongo_client, lambda session: ledger.append(session, [survivor]))
    await place_all(ledger)

    [event] = await ledger.read(after=0, limit=10)
    assert (event.id, event.seq, event.position) == (survivor.id, 1, 1)


async def test_an_entry_is_read_once_it_has_its_position_and_not_before(
    ledger: Ledger, mongo_client: Client
) -> None:
    await transact(mongo_client, lambda session: ledger.append(session, [entry()]))

    assert await ledger.read(after=0, limit=10) == []
    assert (await ledger.status()).unpositioned == 1

    await place_all(ledger)
    assert len(await ledger.read(after=0, limit=10)) == 1
    assert (await ledger.status()).unpositioned == 0


async def test_reading_goes_on_after_a_position_and_keeps_to_what_was_asked_for(
    ledger: Ledger, mongo_client: Client
) -> None:
    entries = [entry("A"), entry("B"), entry("A", stream="transmissions"), entry("A")]
    await transact(mongo_client, lambda session: ledger.append(session, entries))
    await place_all(ledger)
    ids = [item.id for item in entries]

    first = await ledger.read(after=0, limit=2)
    rest = await ledger.read(after=first[-1].position, limit=2)
    only = await ledger.read(after=0, limit=10, record="A")

    assert [event.id for event in (*first, *rest)] == [ids[0], ids[1], ids[3]]
    assert [event.id for event in only] == [ids[0], ids[3]]
    assert await ledger.read(after=0, limit=10, realm="bch") == []


async def test_an_envelope_says_what_the_entry_says(ledger: Ledger, mongo_client: Client) -> None:
    written = entry(time=datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    await transact(mongo_client, lambda session: ledger.append(session, [written]))
    await place_all(ledger)

    [event] = await ledger.read(after=0, limit=1)

    assert (event.id, event.type, event.subject, event.time) == (
        written.id,
        written.type,
        written.subject,
        written.time,
    )
    assert (event.source, event.realm, event.record) == ("/test/registry", "absch", written.record)
    assert (event.cause, event.lane, event.data) == ("command", "official", written.data)
    assert event.generation == await ledger.generation()


async def test_what_no_topic_would_take_is_refused_before_it_is_committed(
    ledger: Ledger, mongo_client: Client
) -> None:
    huge = entry(data={"text": "证" * 700_000})

    with pytest.raises(EntryTooLarge):
        await transact(mongo_client, lambda session: ledger.append(session, [huge]))

    assert (await ledger.status()).unpositioned == 0


async def test_preparing_again_changes_nothing(ledger: Ledger, mongo_client: Client) -> None:
    await transact(mongo_client, lambda session: ledger.append(session, [entry()]))
    before = await ledger.status()

    await ledger.prepare()

    assert await ledger.status() == before


async def test_urgent_entries_get_their_positions_before_an_import(
    ledger: Ledger, mongo_client: Client
) -> None:
    bulk = [entry(f"B{number}", lane="bulk") for number in range(5)]
    urgent = entry("A", lane="official")
    await transact(mongo_client, lambda session: ledger.append(session, bulk))
    await transact(mongo_client, lambda session: ledger.append(session, [urgent]))
    await place_all(ledger)

    assert (await ledger.read(after=0, limit=1))[0].id == urgent.id


async def test_no_entry_gets_its_position_before_its_predecessor(
    ledger: Ledger, mongo_client: Client
) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    await transact(mongo_client, lambda session: ledger.append(session, [entry("A", lane="bulk", time=noon)]))
    await transact(mongo_client, lambda session: ledger.append(session, [entry("A", lane="interactive")]))
    earlier = entry("A", lane="official", time=noon - timedelta(hours=1))
    await transact(mongo_client, lambda session: ledger.append(session, [earlier]))
    leadership = await take_leadership(ledger, "test", LEASE)
    assert leadership is not None

    assert await leadership.assign_positions(1) == 3

    assert [event.seq for event in await ledger.read(after=0, limit=10)] == [1, 2, 3]


async def test_stating_an_unknown_entry_again_is_an_error(ledger: Ledger) -> None:
    with pytest.raises(LookupError):
        await ledger.restate("unknown")
