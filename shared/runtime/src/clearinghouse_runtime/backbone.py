"""What every service is made of before anything of its own: database, ledger, relay, landed events, dead letters."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.events import Stream
from clearinghouse_messages.topics import dead_letters, plan, topic
from clearinghouse_runtime.auth import TokenVerifier
from clearinghouse_runtime.clock import Clock, utc_now
from clearinghouse_runtime.commands import CommandTransaction, Pipeline, Question, UnitOfWork
from clearinghouse_runtime.dead_letters import DeadLetters
from clearinghouse_runtime.health import Check, reachable
from clearinghouse_runtime.idempotency import IdempotencyRecords
from clearinghouse_runtime.landed import LandedEvents
from clearinghouse_runtime.ledger import Ledger
from clearinghouse_runtime.manifest import Manifest
from clearinghouse_runtime.mongo import Client, Database, Session, connect, transact
from clearinghouse_runtime.process import BackgroundTask
from clearinghouse_runtime.provision import provision
from clearinghouse_runtime.relay import Relay
from clearinghouse_runtime.settings import ServiceSettings
from clearinghouse_runtime.stream import Message, run_landing
from clearinghouse_runtime.transactions import MongoTransaction
from clearinghouse_runtime.work_queue import WorkQueue

T = TypeVar("T")
Tx = TypeVar("Tx", bound=CommandTransaction)


def record_of(envelope: Envelope) -> str:
    """The key of most events: the record that they are of."""
    return envelope.record


@dataclass(frozen=True)
class QueueOptions:
    """How a queue is worked off: in order within a key or not, and which key a landed event has."""

    ordered: bool = False
    key: Callable[[Envelope], str] = record_of


@dataclass(frozen=True)
class Backbone:
    """The common parts of one service, wired; nothing is contacted yet. ``close`` ends its connections."""

    manifest: Manifest
    settings: ServiceSettings
    realms: tuple[str, ...]
    client: Client
    database: Database
    ledger: Ledger
    relay: Relay
    landed: Mapping[Stream, LandedEvents]
    """What was consumed, by stream."""
    queues: Mapping[str, WorkQueue]
    """The service's own queues, by name."""
    idempotency: IdempotencyRecords
    dead_letters: DeadLetters
    verifier: TokenVerifier
    clock: Clock = utc_now
    new_id: Callable[[], str] = field(default=lambda: str(uuid.uuid4()))

    @property
    def group(self) -> str:
        """The service's consumer group on Kafka."""
        return self.settings.scoped(self.manifest.name)

    @property
    def topics(self) -> dict[str, LandedEvents]:
        """The topics that are consumed, each with where its events land."""
        prefix = self.settings.topic_prefix
        return {
            topic(prefix, realm, stream): landed
            for realm in self.realms
            for stream, landed in self.landed.items()
        }

    @property
    def all_queues(self) -> dict[str, WorkQueue]:
        """Every queue of the service by its name, those of landed events included."""
        return {f"landed.{stream}": landed.queue for stream, landed in self.landed.items()} | dict(
            self.queues
        )

    async def prepare(self) -> None:
        """Make collections and indexes (idempotent)."""
        await self.ledger.prepare()
        await self.idempotency.prepare()
        for landed in self.landed.values():
            await landed.prepare()
        for queue in self.queues.values():
            await queue.prepare()

    async def provision(self) -> None:
        """Make the topics of the whole plan that are missing (idempotent)."""
        topics = plan(self.settings.topic_prefix, self.realms)
        await provision(self.settings.bootstrap_servers, topics, self.settings.replication)

    async def land(self, messages: Sequence[Message]) -> None:
        """Each message to where the events of its stream land."""
        by_topic: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            by_topic[message.topic].append(message)
        for name, arrived in by_topic.items():
            await self.topics[name].land(arrived)

    def landing_tasks(self, wakeup: asyncio.Event) -> list[BackgroundTask]:
        """Land what the service consumes, setting ``wakeup`` each time, and report dead letters."""
        return [self._landing(wakeup), self.dead_letters.run]

    def _landing(self, wakeup: asyncio.Event) -> BackgroundTask:
        async def land(messages: Sequence[Message]) -> None:
            await self.land(messages)
            wakeup.set()

        async def run(stop: asyncio.Event) -> None:
            await run_landing(
                app_id=self.group,
                bootstrap_servers=self.settings.bootstrap_servers,
                topics=list(self.topics),
                data_dir=self.settings.data_dir,
                land=land,
                stop=stop,
            )

        return run

    async def transact(self, body: Callable[[MongoTransaction], Awaitable[T]]) -> T:
        """Run ``body`` in a transaction, for a service without reads and writes of its own kind in it."""

        async def within(session: Session) -> T:
            return await body(MongoTransaction(session, self.ledger, self.idempotency))

        return await transact(self.client, within)

    def pipeline(
        self,
        transact: Callable[[Callable[[Tx], Awaitable[Receipt]]], Awaitable[Receipt]],
        ask_again: Callable[[UnitOfWork[Tx], Question], Awaitable[None]],
    ) -> Pipeline[Tx]:
        """The pipeline of the service's commands; ``transact`` runs a body in one of their transactions."""
        secret = self.settings.secret.get_secret_value().encode()
        return Pipeline(self.clock, self.new_id, secret, transact, ask_again)

    def checks(self, *engines: str) -> dict[str, Check]:
        """The checks of some engines (``mongo``, ``broker``, ``issuer``) for ``/readyz``."""
        known: dict[str, Check] = {
            "mongo": self.ledger.generation,
            "broker": reachable(self.settings.bootstrap_servers),
            "issuer": self.verifier.check,
        }
        return {engine: known[engine] for engine in engines}

    def close(self) -> None:
        """End the connections to the database."""
        self.client.close()


def build_backbone(
    manifest: Manifest,
    settings: ServiceSettings,
    *,
    realms: Sequence[str],
    landed: Mapping[Stream, QueueOptions] | None = None,
    queues: Mapping[str, QueueOptions] | None = None,
) -> Backbone:
    """Wire the common parts. ``landed`` and ``queues`` say how streams and own queues are worked off."""
    client = connect(settings.mongo_uri.get_secret_value())
    database = client[settings.database]
    lease = timedelta(seconds=settings.lease)
    ledger = Ledger(database, source=f"/{settings.environment}/{manifest.name}")
    options = {stream: (landed or {}).get(stream, QueueOptions()) for stream in manifest.consumes}
    landing = {
        stream: LandedEvents(database, name=f"landed.{stream}", ordered=how.ordered, lease=lease, key=how.key)
        for stream, how in options.items()
    }
    own = {
        name: WorkQueue(database[name], lease=lease, ordered=how.ordered)
        for name, how in (queues or {}).items()
    }
    return Backbone(
        manifest=manifest,
        settings=settings,
        realms=tuple(realms),
        client=client,
        database=database,
        ledger=ledger,
        relay=Relay(
            ledger,
            bootstrap_servers=settings.bootstrap_servers,
            prefix=settings.topic_prefix,
            name=settings.scoped(f"{manifest.name}-relay"),
        ),
        landed=landing,
        queues=own,
        idempotency=IdempotencyRecords(database),
        dead_letters=DeadLetters(
            database,
            source=manifest.name,
            queues=own,
            landed={f"landed.{stream}": events for stream, events in landing.items()},
            bootstrap_servers=settings.bootstrap_servers,
            topic=dead_letters(settings.topic_prefix),
        ),
        verifier=TokenVerifier(issuer=settings.issuer, audience=settings.audience),
    )
