"""A process or command that cannot run says so in one line that names the setting, and never with a traceback."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from clearinghouse_local.engines import free_port
from clearinghouse_local.manifests import SERVICES, settings_of
from clearinghouse_local.services import python, service_environment
from clearinghouse_local.settings import StackSettings, free_ports


def run(tmp_path: Path, service: str, command: list[str], mongo_uri: str) -> tuple[int, list[str]]:
    """The exit code and the lines of the error output."""
    settings = StackSettings(data_dir=tmp_path, ports=free_ports())
    env = service_environment(settings, "one", service, mongo_uri=mongo_uri)
    answer = subprocess.run(
        python([service, *command]), env=env, capture_output=True, text=True, check=False, timeout=40
    )
    return answer.returncode, answer.stderr.splitlines()


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_no_connection_string_is_named_and_not_repeated(tmp_path: Path, service: str) -> None:
    code, lines = run(tmp_path, service, ["migrate"], "mongodb//secret-password@nowhere")
    assert code == 2
    variable = f"{settings_of(service).prefix}MONGO_URI"
    assert lines == [f"{service}: cannot start: {variable} is not a connection string of MongoDB"]


@pytest.mark.parametrize("command", [["migrate"], ["dead-letters"]])
def test_an_engine_that_is_not_there_is_named_with_what_to_check(tmp_path: Path, command: list[str]) -> None:
    code, lines = run(tmp_path, "registry", command, f"mongodb://127.0.0.1:{free_port()}")
    assert code == 2
    assert lines[-1].startswith("registry: cannot start: an engine cannot be reached (")
    assert "check REGISTRY_MONGO_URI and REGISTRY_BOOTSTRAP_SERVERS" in lines[-1]
    assert not any("Traceback" in line for line in lines)
