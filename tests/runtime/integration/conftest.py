"""A queue, and a prepared ledger with its topics, on the session's broker or on one that a test may hurt."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from clearinghouse_local import engines
from clearinghouse_messages.topics import plan
from clearinghouse_runtime import mongo
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.provision import provision
from clearinghouse_runtime.work_queue import WorkQueue
from tests.runtime.support.ledger_with_topics import LedgerWithTopics

PublishedAt = Callable[[str], Awaitable[LedgerWithTopics]]


@pytest.fixture
def published_at(mongo_client: mongo.Client, database: mongo.Database, prefix: str) -> PublishedAt:
    """Prepares a ledger and its topics on a given broker."""

    async def make(bootstrap: str) -> LedgerWithTopics:
        ledger = Ledger(database, source="/test/registry")
        await ledger.prepare()
        await provision(bootstrap, plan(prefix, ("absch",)))
        return LedgerWithTopics(mongo_client, ledger, bootstrap, prefix)

    return make


@pytest.fixture
async def published(published_at: PublishedAt, bootstrap: str) -> LedgerWithTopics:
    """A ledger and its topics on the session's broker."""
    return await published_at(bootstrap)


@pytest.fixture
async def queue(database: mongo.Database) -> WorkQueue:
    """A queue that is not ordered, without items."""
    queue = WorkQueue(database["work"])
    await queue.prepare()
    return queue


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[engines.Broker]:
    """A broker of the session's kind that the test may stop, kill and rob of its data."""
    noida = os.environ.get("CLEARINGHOUSE_BROKER") == "noida" or engines.missing_for_kafka() is not None
    kind = engines.NoidaBroker if noida else engines.KafkaBroker
    broker = kind(tmp_path / "broker", engines.free_port())
    broker.start()
    yield broker
    broker.stop()
