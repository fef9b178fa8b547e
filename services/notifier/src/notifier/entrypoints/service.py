"""The notifier as a service: what each of its processes runs."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from clearinghouse_runtime.service import ProcessParts, Service
from notifier.bootstrap import App, build
from notifier.entrypoints.http import api
from notifier.entrypoints.metrics import DeliveryMetrics
from notifier.entrypoints.worker import Worker
from notifier.manifest import MANIFEST
from notifier.settings import Settings


def _api(app: App, metrics: CollectorRegistry) -> ProcessParts:
    return ProcessParts(api=api(app, metrics), checks=app.backbone.checks("mongo", "issuer"))


def _worker(app: App, metrics: CollectorRegistry) -> ProcessParts:
    deliveries = DeliveryMetrics(app.deliveries, metrics, clock=app.backbone.clock)
    tasks = [*Worker(app).tasks(), deliveries.run]
    return ProcessParts(tasks, checks=app.backbone.checks("mongo", "broker"))


SERVICE = Service(
    manifest=MANIFEST, settings=Settings, build=build, processes={"api": _api, "worker": _worker}
)
