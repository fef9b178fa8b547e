"""A whole service in a few small files, as somebody new to the project would write it: it counts records."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "__init__.py": '"""Counts the records of the clearing-houses, and what is added by hand."""\n',
    "__main__.py": '''\
"""``python -m tally api|worker|migrate|dead-letters``."""
from tally.entrypoints.service import SERVICE

raise SystemExit(SERVICE.run())
''',
    "manifest.py": '''\
"""What it says of itself."""
from clearinghouse_runtime.manifest import Manifest, Process

API = Process("api", "serve HTTP", port=8190, management_port=8290)
WORKER = Process("worker", "land records and count them", management_port=8291)
MANIFEST = Manifest("tally", "Tally", "Counts records", (API, WORKER), consumes=("records",))
''',
    "settings.py": '''\
"""Its settings, from environment variables ``TALLY_*``."""
from typing import ClassVar

from clearinghouse_runtime.settings import ServiceSettings

class Settings(ServiceSettings):
    """Beside what all services have: where permission is asked."""
    prefix: ClassVar[str] = "TALLY_"
    registry_address: str
''',
    "bootstrap.py": '''\
"""How it is wired."""
from dataclasses import dataclass

from clearinghouse_runtime.backbone import Backbone, build_backbone
from clearinghouse_runtime.mongo import Collection, ensure_collection
from clearinghouse_runtime.roles import CallerRoles, ask_for_roles
from tally.manifest import MANIFEST
from tally.settings import Settings

@dataclass(frozen=True)
class App:
    backbone: Backbone
    rows: Collection
    roles: CallerRoles

    async def prepare(self) -> None:
        await ensure_collection(self.backbone.database, self.rows.name)

def build(settings: Settings) -> App:
    backbone = build_backbone(MANIFEST, settings, realms=("absch",))
    return App(backbone, backbone.database["rows"], CallerRoles(ask_for_roles(settings.registry_address)))
''',
    "entrypoints/service.py": '''\
"""What its processes run."""
import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from prometheus_client import CollectorRegistry

from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.envelope import LANES, Envelope
from clearinghouse_messages.events import decode
from clearinghouse_runtime.commands import Caller, Question, UnitOfWork, execute
from clearinghouse_runtime.interface import interface
from clearinghouse_runtime.service import ProcessParts, Service
from clearinghouse_runtime.status import secretariat_by_roles
from clearinghouse_runtime.transactions import MongoTransaction
from clearinghouse_runtime.work import work
from clearinghouse_runtime.work_queue import Item
from tally.bootstrap import App, build
from tally.manifest import MANIFEST
from tally.settings import Settings

@dataclass(frozen=True)
class Add:
    what: str

async def ask_again(unit: UnitOfWork[MongoTransaction], question: Question) -> None:
    """Whoever is identified may add."""

def api(app: App, metrics: CollectorRegistry) -> ProcessParts:
    served, who = interface(
        app.backbone,
        metrics,
        description=MANIFEST.summary,
        only_secretariat=lambda who: secretariat_by_roles(who.required, app.roles),
    )
    pipeline = app.backbone.pipeline(app.backbone.transact, ask_again)

    @served.get("/v1/tally", dependencies=[Depends(who.required)])
    async def tally() -> list[str]:
        return [row["what"] async for row in app.rows.find(sort=[("what", 1)])]

    @served.post("/v1/tally/{what}")
    async def add(what: str, by: Annotated[Caller, Depends(who.command)]) -> Receipt:
        async def handle(unit: UnitOfWork[MongoTransaction]) -> Receipt:
            unit.permitted({"person": unit.caller.person})
            row = {"_id": unit.provenance.derive("row"), "what": what}
            await app.rows.insert_one(row, session=unit.tx.session)
            return Receipt(identifier=what, status="counted")

        return await execute(pipeline, by, Add(what), handle)

    return ProcessParts(api=served, checks=app.backbone.checks("mongo", "issuer"))

def worker(app: App, metrics: CollectorRegistry) -> ProcessParts:
    landed, queue = asyncio.Event(), app.backbone.landed["records"].queue

    async def count(item: Item) -> None:
        event = Envelope.model_validate(item.payload["envelope"])
        if decode(event) is not None:
            await app.rows.update_one({"_id": event.id}, {"$set": {"what": event.subject}}, upsert=True)

    async def counting(stop: asyncio.Event) -> None:
        await work(queue, count, lanes=LANES, stop=stop, wakeup=landed)

    tasks = [*app.backbone.landing_tasks(landed), counting]
    return ProcessParts(tasks, checks=app.backbone.checks("mongo", "broker"))

SERVICE = Service(MANIFEST, Settings, build, {"api": api, "worker": worker})
''',
}


def write(folder: Path) -> None:
    """Write the service's package below a folder."""
    for name, text in FILES.items():
        file = folder / "tally" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
