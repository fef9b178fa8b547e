"""The registry as a service: what each of its processes runs, and its operators' commands."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from clearinghouse_runtime.service import OperatorCommand, ProcessParts, Service
from registry.bootstrap import App, build
from registry.entrypoints import loading
from registry.entrypoints.http.app import api
from registry.entrypoints.worker import Worker
from registry.manifest import MANIFEST
from registry.settings import Settings


def _api(app: App, metrics: CollectorRegistry) -> ProcessParts:
    return ProcessParts(api=api(app, metrics), checks=app.backbone.checks("mongo", "issuer"))


def _relay(app: App, _: CollectorRegistry) -> ProcessParts:
    return ProcessParts([app.backbone.relay.run], checks=app.backbone.checks("mongo", "broker"))


def _worker(app: App, _: CollectorRegistry) -> ProcessParts:
    return ProcessParts(Worker(app).tasks(), checks=app.backbone.checks("mongo", "broker"))


SERVICE = Service(
    manifest=MANIFEST,
    settings=Settings,
    build=build,
    processes={"api": _api, "relay": _relay, "worker": _worker},
    commands=[
        OperatorCommand(
            "load",
            "bring over persons, designations and records (JSON lines)",
            loading.add_arguments,
            loading.load,
        )
    ],
)
