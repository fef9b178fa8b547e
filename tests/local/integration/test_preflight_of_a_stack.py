"""What stands in a stack's way is found before anything starts, each in one line with its remedy."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from clearinghouse_local.data_folder import hold
from clearinghouse_local.engines import EngineError, port_is_free
from clearinghouse_local.preflight import preflight_errors
from clearinghouse_local.settings import StackSettings, free_ports
from clearinghouse_local.stack import Stack


@pytest.fixture
def settings(tmp_path: Path) -> StackSettings:
    return StackSettings(data_dir=tmp_path / "data", ports=free_ports())


def test_free_ports_are_free_and_never_given_twice_to_one_stack() -> None:
    for _ in range(50):
        ports = list(free_ports().values())
        assert len(set(ports)) == len(ports)
        assert all(port_is_free(port) for port in ports)


def test_a_machine_with_nothing_in_the_way_gets_no_line(settings: StackSettings) -> None:
    assert preflight_errors(settings) == []


def test_a_port_in_use_is_named_with_its_holder_and_its_setting(settings: StackSettings) -> None:
    with socket.create_server(("127.0.0.1", settings.ports["notifier-api"])):
        [line] = preflight_errors(settings)
    assert f"port {settings.ports['notifier-api']} (notifier api) is in use by " in line
    assert f"(process {os.getpid()})" in line
    assert "set CLEARINGHOUSE_NOTIFIER_API_PORT to another port" in line


def test_a_stack_on_the_same_data_is_named_rather_than_all_its_ports(settings: StackSettings) -> None:
    with (
        hold(settings.data_dir),
        socket.create_server(("127.0.0.1", settings.ports["notifier-api"])),
    ):
        [line] = preflight_errors(settings)
    assert line.startswith(f"a stack is running on the data folder {settings.data_dir} already")
    assert preflight_errors(settings) == []


@pytest.mark.parametrize("layout", [None, "1", "99"])
def test_data_of_another_version_are_never_read(settings: StackSettings, layout: str | None) -> None:
    """Before layouts were counted a folder had a lock and no layout."""
    settings.data_dir.mkdir()
    (settings.data_dir / "lock").touch()
    if layout is not None:
        (settings.data_dir / "layout").write_text(layout)
    [line] = preflight_errors(settings)
    assert f"was written by another version (layout {layout or 1}, this one has " in line
    assert f"remove it (rm -r {settings.data_dir})" in line
    with pytest.raises(EngineError, match="another version"):
        Stack(settings).start()


def test_a_data_folder_that_is_none_is_reported_in_one_line_and_an_exit_code(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    command = [
        sys.executable,
        "-m",
        "clearinghouse_local",
        "up",
        "--data",
        str(tmp_path / "file"),
        "--ports-from",
        "20100",
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert answer.returncode == 1
    assert answer.stderr == ""
    [line] = answer.stdout.splitlines()
    assert line.startswith(
        f"Cannot start: the data folder {tmp_path / 'file'} cannot be used (File exists); choose"
    )
