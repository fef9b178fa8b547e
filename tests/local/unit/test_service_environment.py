"""What a stack gives each process: the settings of its own service, whatever else the environment holds."""

from __future__ import annotations

import os
from pathlib import Path

from clearinghouse_local.manifests import manifests, settings_of
from clearinghouse_local.services import process_names, service_environment
from clearinghouse_local.settings import StackSettings, management, usual_ports
from clearinghouse_runtime.settings import read_settings

URI = "mongodb://127.0.0.1:1/"


def test_every_service_starts_with_what_the_stack_gives_it_and_nothing_is_unknown(tmp_path: Path) -> None:
    stack = StackSettings(data_dir=tmp_path, ports=usual_ports())
    for one in manifests():
        env = service_environment(stack, f"{one.name}-x", one.name, mongo_uri=URI, ports=(9000, 9001))
        read = read_settings(settings_of(one.name), env)
        assert (read.database, read.port, read.management_port) == (one.name, 9000, 9001)
        assert (read.topic_prefix, read.issuer) == ("dev", "http://127.0.0.1:8180")
        assert read.mongo_uri.get_secret_value() == URI
        assert read.data_dir == tmp_path / "services" / f"{one.name}-x"


def test_all_processes_of_a_stack_share_one_secret_and_no_data_folder(tmp_path: Path) -> None:
    stack = StackSettings(data_dir=tmp_path)
    read = [
        read_settings(settings_of("registry"), service_environment(stack, name, "registry", mongo_uri=URI))
        for name in ("registry-api", "registry-relay")
    ]
    assert len({settings.secret.get_secret_value() for settings in read}) == 1
    assert len({settings.data_dir for settings in read}) == 2


def test_a_service_gets_the_further_variables_of_its_own_and_never_those_of_another(tmp_path: Path) -> None:
    extra = {"REGISTRY_SWEEP_SECONDS": "5", "NOTIFIER_LEASE": "2", "TZ": "UTC"}
    stack = StackSettings(data_dir=tmp_path, extra=extra)
    env = service_environment(stack, "notifier-api", "notifier", mongo_uri=URI)
    assert (env["NOTIFIER_LEASE"], env["TZ"]) == ("2", "UTC")
    assert not any(name.startswith("REGISTRY_") for name in env)
    assert env["PATH"] == os.environ["PATH"]


def test_every_process_of_every_manifest_has_its_ports_in_a_stack() -> None:
    ports = usual_ports()
    declared = {f"{one.name}-{process.name}": process for one in manifests() for process in one.processes}
    assert process_names() == list(declared)
    for name, process in declared.items():
        assert ports.get(name) == process.port
        assert ports[management(name)] == process.management_port
