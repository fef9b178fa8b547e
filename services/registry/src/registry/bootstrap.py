"""The only place where adapters are picked and wired, and where realms plug in what is theirs alone."""

from __future__ import annotations

from dataclasses import dataclass

from clearinghouse_formats import extensions, load
from clearinghouse_runtime.backbone import Backbone, build_backbone
from clearinghouse_runtime.settings import IDENTIFIER_MARKS
from registry.adapters.mongo.store import MongoNumbers, MongoStore
from registry.application.context import Context, RegistryExtension, provisions_of, rules_of
from registry.manifest import MANIFEST
from registry.settings import Settings


@dataclass(frozen=True)
class App:
    """The registry, wired."""

    settings: Settings
    backbone: Backbone
    store: MongoStore
    context: Context

    async def prepare(self) -> None:
        """Make the registry's own collections and indexes (idempotent)."""
        await self.store.prepare()


def build(settings: Settings) -> App:
    """Wire the registry for these settings; nothing is contacted yet."""
    catalogue = load()
    realms = extensions("registry", catalogue.realms, RegistryExtension).values()
    backbone = build_backbone(MANIFEST, settings, realms=tuple(catalogue.realms))
    store = MongoStore(backbone.client, backbone.database, backbone.ledger, backbone.idempotency)
    context = Context(
        store=store,
        ledger=backbone.ledger,
        numbers=MongoNumbers(backbone.database),
        catalogue=catalogue,
        clock=backbone.clock,
        new_id=backbone.new_id,
        secret=settings.secret.get_secret_value().encode(),
        mark=IDENTIFIER_MARKS[settings.environment],
        public_address=settings.public_address,
        rules=rules_of(realms),
        provisions=provisions_of(realms),
    )
    return App(settings, backbone, store, context)
