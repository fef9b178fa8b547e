"""The only place where adapters are picked and wired, and where realms plug in what is theirs alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec

from clearinghouse_formats import load
from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.topics import Stream, dead_letters, plan, topic
from clearinghouse_runtime.auth import TokenVerifier
from clearinghouse_runtime.dead_letters import DeadLetters
from clearinghouse_runtime.inbox import Inbox
from clearinghouse_runtime.mongo import INFRASTRUCTURE, Client, Database, connect
from clearinghouse_runtime.outbox import Ledger, Relay
from clearinghouse_runtime.provision import provision
from clearinghouse_runtime.work import WorkQueue
from notifier.adapters.mongo.deliveries import SENDING, MongoDeliveries
from notifier.adapters.mongo.notices import MongoNotices
from notifier.adapters.smtp import SmtpServer
from notifier.application.apply import Identity
from notifier.application.letters import DeclaredLetters
from notifier.application.ports import Letters
from notifier.application.send import Desk, Patience
from notifier.domain.addresses import mailbox_key
from notifier.settings import Settings

LANDED: tuple[Stream, ...] = ("records", "requests", "transmissions")
"""The streams that the notifier follows, each with an inbox of its own: order is kept within a stream."""


@dataclass(frozen=True)
class App:
    """The notifier, wired. ``client`` is closed by whoever built it."""

    settings: Settings
    client: Client
    database: Database
    realms: tuple[str, ...]
    inboxes: Mapping[Stream, Inbox]
    sending: WorkQueue
    notices: MongoNotices
    deliveries: MongoDeliveries
    letters: Letters
    identity: Identity
    desk: Desk
    patience: Patience
    ledger: Ledger
    relay: Relay
    dead_letters: DeadLetters
    verifier: TokenVerifier

    def topics(self) -> dict[str, Inbox]:
        """The topics that are consumed, each with the inbox that it lands in."""
        prefix = self.settings.topic_prefix
        return {
            topic(prefix, realm, stream): inbox
            for realm in self.realms
            for stream, inbox in self.inboxes.items()
        }

    async def migrate(self) -> None:
        """Make collections, indexes and topics (idempotent)."""
        await self.prepare()
        topics = plan(self.settings.topic_prefix, self.realms)
        await provision(self.settings.bootstrap, topics, self.settings.replication)

    async def prepare(self) -> None:
        """Make the collections and indexes (idempotent)."""
        await self.ledger.prepare()
        await self.sending.prepare()
        await self.deliveries.prepare()
        await self.notices.prepare()
        for inbox in self.inboxes.values():
            await inbox.prepare()


def landing_place(database: Database, stream: Stream, lease: timedelta) -> Inbox:
    """The inbox of a stream: in order within a record, and of transmissions within each recipient of it."""
    name = f"inbox.{stream}"
    if stream != "transmissions":
        return Inbox(database, name=name, ordered=True, lease=lease)
    return Inbox(database, name=name, ordered=True, lease=lease, key=recipient_of)


def recipient_of(envelope: Envelope) -> str:
    """The record and the recipient of a transmission; the record alone where it names no addresses."""
    emails = envelope.data.get("emails")
    named = [email for email in emails if isinstance(email, str)] if isinstance(emails, list) else []
    return mailbox_key(envelope.record, named)


def build(settings: Settings, *, letters: Letters | None = None) -> App:
    """Wire the notifier for these settings; nothing is contacted yet. ``letters``: others than the declared."""
    catalogue = load()
    client = connect(settings.mongo_uri.get_secret_value())
    database = client[settings.database]
    ledger = Ledger(database, source=f"/{settings.environment}/notifier")
    lease = timedelta(seconds=settings.lease)
    sending = WorkQueue(database[SENDING], lease=lease, ordered=True)
    deliveries = MongoDeliveries(client, database, sending, ledger, clock=now)
    inboxes = {stream: landing_place(database, stream, lease) for stream in LANDED}
    return App(
        settings=settings,
        client=client,
        database=database,
        realms=tuple(catalogue.realms),
        inboxes=inboxes,
        sending=sending,
        notices=MongoNotices(database),
        deliveries=deliveries,
        letters=letters or declared_letters(catalogue.realms),
        identity=Identity(
            settings.environment,
            settings.mail_domain,
            {slug: realm.mail_identity for slug, realm in catalogue.realms.items()},
        ),
        desk=Desk(deliveries, mail_server(settings), now, away=INFRASTRUCTURE),
        patience=Patience(timedelta(seconds=settings.retry_first), timedelta(seconds=settings.retry_cap)),
        ledger=ledger,
        relay=Relay(
            ledger,
            bootstrap=settings.bootstrap,
            prefix=settings.topic_prefix,
            name=settings.scoped("notifier-outbox"),
        ),
        dead_letters=DeadLetters(
            database,
            source="notifier",
            queues={SENDING: sending},
            inboxes={f"inbox.{stream}": inbox for stream, inbox in inboxes.items()},
            bootstrap=settings.bootstrap,
            topic=dead_letters(settings.topic_prefix),
        ),
        verifier=TokenVerifier(issuer=settings.issuer, audience=settings.audience),
    )


def mail_server(settings: Settings) -> SmtpServer:
    """The mail server; outside production it can only be the environment's sink."""
    password = settings.smtp_password
    return SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_tls,
        sink_only=settings.environment != "production",
        username=settings.smtp_username,
        password=None if password is None else password.get_secret_value(),
        ca_file=None if settings.smtp_ca_file is None else str(settings.smtp_ca_file),
        timeout=settings.smtp_timeout,
    )


def declared_letters(realms: Iterable[str]) -> DeclaredLetters:
    """The letters of each realm whose part of the notifier (the package of its name) has some."""
    letters = DeclaredLetters()
    for realm in realms:
        name = f"{__package__}.{realm}"
        if _is_here(name) and _is_here(f"{name}.letters"):
            module: Letters = import_module(f"{name}.letters")
            letters.register(realm, module)
    return letters


def now() -> datetime:
    """The clock of the evidence (UTC), to the millisecond that the store keeps."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _is_here(module: str) -> bool:
    spec = find_spec(module)
    # A folder whose sources were removed may still hold caches; it has no origin.
    return spec is not None and spec.origin is not None
