"""The only place where adapters are picked and wired, and where realms plug in what is theirs alone."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec

from clearinghouse_formats import Catalogue, load
from clearinghouse_messages.topics import dead_letters, plan, topic
from clearinghouse_runtime.auth import TokenVerifier
from clearinghouse_runtime.dead_letters import DeadLetters
from clearinghouse_runtime.inbox import Inbox
from clearinghouse_runtime.mongo import Client, Database, connect
from clearinghouse_runtime.outbox import Ledger, Relay
from clearinghouse_runtime.provision import provision
from clearinghouse_runtime.settings import IDENTIFIER_MARKS
from registry.adapters.mongo.store import MongoNumbers, MongoStore
from registry.application.context import Context, TransmissionRule, register
from registry.settings import Settings


@dataclass(frozen=True)
class Plugged:
    """What the realms add to the core."""

    rules: Mapping[tuple[str, str], TransmissionRule]
    provisions: Mapping[str, str]


@dataclass(frozen=True)
class App:
    """The registry, wired. ``client`` is closed by whoever built it."""

    settings: Settings
    context: Context
    client: Client
    database: Database
    store: MongoStore
    ledger: Ledger
    relay: Relay
    inbox: Inbox
    dead_letters: DeadLetters
    verifier: TokenVerifier

    @property
    def outcome_topics(self) -> list[str]:
        """What the registry consumes: the outcomes of its transmissions."""
        prefix = self.settings.topic_prefix
        return [topic(prefix, realm, "transmission-outcomes") for realm in self.context.catalogue.realms]

    async def migrate(self) -> None:
        """Make collections, indexes and topics (idempotent)."""
        await self.store.prepare()
        await self.ledger.prepare()
        await self.inbox.prepare()
        realms = tuple(self.context.catalogue.realms)
        await provision(
            self.settings.bootstrap, plan(self.settings.topic_prefix, realms), self.settings.replication
        )


def build(settings: Settings) -> App:
    """Wire the registry for these settings; nothing is contacted yet."""
    client = connect(settings.mongo_uri.get_secret_value())
    database = client[settings.database]
    ledger = Ledger(database, source=f"/{settings.environment}/registry")
    store = MongoStore(client, database, ledger)
    catalogue = load()
    plugged = plugged_in(catalogue)
    context = Context(
        store=store,
        ledger=ledger,
        numbers=MongoNumbers(database),
        catalogue=catalogue,
        clock=now,
        new_id=lambda: str(uuid.uuid4()),
        secret=settings.secret.get_secret_value().encode(),
        mark=IDENTIFIER_MARKS[settings.environment],
        public_address=settings.public_address,
        rules=plugged.rules,
        provisions=plugged.provisions,
    )
    relay = Relay(
        ledger,
        bootstrap=settings.bootstrap,
        prefix=settings.topic_prefix,
        name=settings.scoped("registry-relay"),
    )
    verifier = TokenVerifier(issuer=settings.issuer, audience=settings.audience)
    inbox = Inbox(database, name="inbox")
    dead = DeadLetters(
        database,
        source="registry",
        queues={},
        inboxes={"inbox": inbox},
        bootstrap=settings.bootstrap,
        topic=dead_letters(settings.topic_prefix),
    )
    return App(settings, context, client, database, store, ledger, relay, inbox, dead, verifier)


def plugged_in(catalogue: Catalogue) -> Plugged:
    """What each realm adds: ``RULES`` and ``PROVISIONS`` of the package that bears its name, where there is one."""
    rules: list[TransmissionRule] = []
    provisions: dict[str, str] = {}
    for realm in catalogue.realms:
        name = f"{__package__}.{realm}"
        if find_spec(name) is not None:
            part = import_module(name)
            rules += part.RULES
            provisions |= part.PROVISIONS
    return Plugged(register(rules), provisions)


def now() -> datetime:
    """The clock of business deadlines (UTC), to the millisecond that the store keeps."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
