"""What holds for every service that there is: one list names them, and their manifests agree with the tree."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from clearinghouse_local.manifests import SERVICES, manifests, service_of, settings_of
from clearinghouse_local.settings import usual_ports
from clearinghouse_messages.events import STREAMS
from clearinghouse_runtime.manifest import Manifest

ROOT = Path(__file__).parents[2]

each_service = pytest.mark.parametrize("manifest", manifests(), ids=lambda manifest: manifest.name)


def test_every_folder_of_services_is_in_the_one_list_and_the_list_names_no_other() -> None:
    folders = [path.name.replace("-", "_") for path in (ROOT / "services").iterdir() if path.is_dir()]
    packages = [path.parent.name for path in ROOT.glob("services/*/src/*/__init__.py")]
    assert sorted(SERVICES) == sorted(folders) == sorted(packages)


def test_the_manifest_of_a_service_bears_the_name_of_its_package() -> None:
    assert [manifest.name for manifest in manifests()] == list(SERVICES)


@each_service
def test_a_service_is_what_its_manifest_says_of_it(manifest: Manifest) -> None:
    service = service_of(manifest.name)
    assert service.manifest is manifest
    assert service.settings is settings_of(manifest.name)
    assert manifest.title
    assert all(process.summary for process in manifest.processes)


@each_service
def test_the_settings_of_a_service_begin_with_its_name_in_capitals(manifest: Manifest) -> None:
    assert settings_of(manifest.name).prefix == f"{manifest.name.upper()}_"


def test_no_service_would_take_the_settings_of_another_for_its_own() -> None:
    prefixes = [settings_of(name).prefix for name in SERVICES]
    assert [pair for pair in permutations(prefixes, 2) if pair[0].startswith(pair[1])] == []


def test_no_two_servers_of_a_stack_have_the_same_port() -> None:
    ports = [
        port
        for manifest in manifests()
        for process in manifest.processes
        for port in (process.port, process.management_port)
        if port is not None
    ]
    assert len(set(ports)) == len(ports)
    assert len(set(usual_ports().values())) == len(usual_ports())


@each_service
def test_the_processes_of_a_service_have_each_a_name_of_its_own(manifest: Manifest) -> None:
    names = [process.name for process in manifest.processes]
    assert len(set(names)) == len(names)
    assert not set(names) & {"migrate", "dead-letters"}


def test_every_stream_is_stated_by_one_service_and_nobody_consumes_one_that_is_not() -> None:
    stated = [stream for manifest in manifests() for stream in manifest.produces]
    assert sorted(stated) == sorted(STREAMS)
    assert {stream for manifest in manifests() for stream in manifest.consumes} <= set(stated)
