"""A service as one value: what it declares must be what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from clearinghouse_runtime.backbone import Backbone, build_backbone
from clearinghouse_runtime.http import create_app
from clearinghouse_runtime.manifest import Manifest, Process
from clearinghouse_runtime.service import ProcessParts, Service
from clearinghouse_runtime.settings import ServiceSettings, read_settings

MANIFEST = Manifest(
    name="tally",
    title="Tally",
    summary="Counts records",
    processes=(Process("worker", "count", management_port=8290), Process("api", "serve", 8291, port=8190)),
    consumes=("records", "requests"),
)


class Settings(ServiceSettings):
    prefix: ClassVar[str] = "TALLY_"


VARIABLES = {
    "TALLY_ENVIRONMENT": "training",
    "TALLY_MONGO_URI": "mongodb://nowhere.invalid",
    "TALLY_DATABASE": "tally",
    "TALLY_BOOTSTRAP_SERVERS": "nowhere.invalid:9092",
    "TALLY_TOPIC_PREFIX": "trg",
    "TALLY_ISSUER": "https://nowhere.invalid",
    "TALLY_AUDIENCE": "clearinghouse-training",
    "TALLY_DATA_DIR": "/nowhere",
    "TALLY_SECRET": "of the tests",
}


@dataclass(frozen=True)
class App:
    backbone: Backbone

    async def prepare(self) -> None:
        """Nothing of its own."""


def build(settings: Settings) -> App:
    return App(build_backbone(MANIFEST, settings, realms=("absch", "bch")))


def worker(app: App, _: CollectorRegistry) -> ProcessParts:
    return ProcessParts(checks=app.backbone.checks("mongo", "broker"))


def api(_: App, metrics: CollectorRegistry) -> ProcessParts:
    served: FastAPI = create_app(MANIFEST.title, description=MANIFEST.summary, metrics=metrics)
    return ProcessParts(api=served)


@pytest.fixture
def settings() -> Settings:
    return read_settings(Settings, VARIABLES)


def test_processes_that_are_not_those_of_its_manifest_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="tally: its processes are not those of its manifest"):
        Service(MANIFEST, Settings, build, {"worker": worker})


def test_its_interface_is_described_though_no_engine_is_there(settings: Settings) -> None:
    service = Service(MANIFEST, Settings, build, {"worker": worker, "api": api})
    assert service.openapi(settings)["info"]["title"] == "Tally"


def test_a_service_without_an_interface_has_no_description(settings: Settings) -> None:
    service = Service(MANIFEST, Settings, build, {"worker": worker, "api": worker})
    with pytest.raises(LookupError, match="tally serves no interface"):
        service.openapi(settings)


def test_its_common_parts_bear_the_names_of_its_environment(settings: Settings) -> None:
    backbone = build(settings).backbone
    try:
        assert backbone.group == "trg.tally"
        assert backbone.ledger.source == "/training/tally"
        assert list(backbone.topics) == [
            "trg.absch.records.v1",
            "trg.absch.requests.v1",
            "trg.bch.records.v1",
            "trg.bch.requests.v1",
        ]
        assert list(backbone.all_queues) == ["landed.records", "landed.requests"]
        assert list(backbone.checks("mongo", "issuer")) == ["mongo", "issuer"]
    finally:
        backbone.close()
