"""The only place where adapters are picked and wired, and where realms plug in what is theirs alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from clearinghouse_formats import Catalogue, extensions, load
from clearinghouse_messages.envelope import Envelope
from clearinghouse_runtime.backbone import Backbone, QueueOptions, build_backbone
from clearinghouse_runtime.commands import Pipeline
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from clearinghouse_runtime.retry import RetryPolicy
from clearinghouse_runtime.roles import CallerRoles, ask_for_roles
from notifier.adapters.letters.jinja import JinjaLetters
from notifier.adapters.mongo.deliveries import SENDING, MongoDeliveries
from notifier.adapters.mongo.notifications import MongoNotifications
from notifier.adapters.smtp import SmtpServer
from notifier.application.apply import MailIdentity
from notifier.application.inbox import ask_again
from notifier.application.letters import NotifierExtension
from notifier.application.ports import Deliveries, InboxTransaction, Letters, Notifications
from notifier.application.send import SenderContext
from notifier.domain.addresses import mailbox_key
from notifier.manifest import MANIFEST
from notifier.settings import Settings


@dataclass(frozen=True)
class App:
    """The notifier, wired."""

    settings: Settings
    backbone: Backbone
    notifications: Notifications
    pipeline: Pipeline[InboxTransaction]
    deliveries: Deliveries
    letters: Letters
    mail_identity: MailIdentity
    sender_context: SenderContext
    retry_policy: RetryPolicy
    roles: CallerRoles

    preparations: Sequence[Callable[[], Awaitable[None]]]

    async def prepare(self) -> None:
        """Make the notifier's own collections and indexes (idempotent)."""
        for prepare in self.preparations:
            await prepare()


def recipient_of(envelope: Envelope) -> str:
    """The record and the recipient of a transmission; the record alone where it names no addresses."""
    emails = envelope.data.get("emails")
    named = [email for email in emails if isinstance(email, str)] if isinstance(emails, list) else []
    return mailbox_key(envelope.record, named)


def build(settings: Settings, *, letters: Letters | None = None) -> App:
    """Wire the notifier for these settings; nothing is contacted yet. ``letters``: others than the declared."""
    catalogue = load()
    backbone = build_backbone(
        MANIFEST,
        settings,
        realms=tuple(catalogue.realms),
        landed={
            "requests": QueueOptions(ordered=True),
            # In order within each recipient of a record, so that one slow address holds up no other.
            "transmissions": QueueOptions(ordered=True, key=recipient_of),
        },
        queues={SENDING: QueueOptions(ordered=True)},
    )
    client, database, ledger = backbone.client, backbone.database, backbone.ledger
    sending = backbone.queues[SENDING]
    deliveries = MongoDeliveries(client, database, sending, ledger, clock=backbone.clock)
    notifications = MongoNotifications(client, database, ledger, backbone.idempotency)
    return App(
        settings=settings,
        backbone=backbone,
        notifications=notifications,
        pipeline=backbone.pipeline(notifications.transact, ask_again),
        deliveries=deliveries,
        letters=letters or realm_letters(catalogue),
        mail_identity=MailIdentity(
            settings.environment,
            settings.mail_domain,
            {slug: realm.mail_identity for slug, realm in catalogue.realms.items()},
        ),
        sender_context=SenderContext(
            deliveries, mail_server(settings), backbone.clock, infrastructure=INFRASTRUCTURE
        ),
        retry_policy=RetryPolicy(
            timedelta(seconds=settings.retry_first), timedelta(seconds=settings.retry_maximum)
        ),
        roles=CallerRoles(ask_for_roles(settings.registry_address)),
        preparations=(deliveries.prepare, notifications.prepare),
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


def realm_letters(catalogue: Catalogue) -> JinjaLetters:
    """The letters of each realm that adds some to the notifier."""
    found = extensions("notifier", catalogue.realms, NotifierExtension)
    return JinjaLetters({realm: extension.letters for realm, extension in found.items()}, catalogue)
