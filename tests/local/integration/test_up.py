"""`make up` as one meets it: it says where things are, restarts what ends, keeps data, and leaves no process behind."""

from __future__ import annotations

import json
import os
import signal
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clearinghouse_local.engines import Child
from clearinghouse_local.engines.ports import port_is_free
from clearinghouse_local.settings import Ports, free_ports, management, port_variable
from tests.support.waiting import until_holds

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def ports() -> Ports:
    return free_ports()


@pytest.fixture
def up(tmp_path: Path, ports: Ports) -> Iterator[Child]:
    command = [sys.executable, "-m", "clearinghouse_local", "up", "--data", str(tmp_path / "data")]
    chosen = {port_variable(name): str(port) for name, port in ports.items()}
    child = Child("up", command, log=tmp_path / "up.log", env={**os.environ, **chosen})
    yield child
    child.stop(grace=40)


def test_it_starts_restarts_a_process_that_ended_keeps_its_data_and_leaves_no_process(
    up: Child, ports: Ports
) -> None:
    up.spawn()
    until_holds(lambda: said(up, "Ready after"), "it gets ready")
    assert said(up, f"http://127.0.0.1:{ports['registry-api']}")
    assert said(up, "secretariat")
    first = records(ports)
    assert len(first) > 40

    place = ports[management("registry-relay")]
    relay = listener(place)
    os.kill(relay, signal.SIGKILL)
    until_holds(lambda: said(up, "registry relay ended (signal 9); starting it again"), "its end is reported")
    until_holds(lambda: ready(place), "the relay is there again")
    assert listener(place) != relay

    family = descendants(up.pid)
    assert len(family) >= 9
    os.kill(up.pid, signal.SIGINT)
    assert up.wait(40) == 0
    assert [process for process in family if alive(process)] == []

    up.spawn()
    until_holds(lambda: said(up, "Ready after"), "it gets ready again")
    assert records(ports) == first
    assert not said(up, "samples are loaded")

    family = descendants(up.pid)
    up.kill()
    until_holds(lambda: not any(alive(process) for process in family), "its processes end with it")
    until_holds(lambda: all(map(port_is_free, ports.values())), "its ports are free again", within=20)


def said(up: Child, words: str) -> bool:
    if not up.running:
        pytest.fail(f"it ended: {up.output()}")
    return any(words in line for line in up.output())


def records(ports: Ports) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = get(f"http://127.0.0.1:{ports['registry-api']}/v1/records?limit=100{cursor}")
        found += [item["identifier"] for item in page["items"]]
        if not page["next"]:
            return found
        cursor = f"&cursor={page['next']}"


def get(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(address, timeout=5) as answer:
        document: dict[str, Any] = json.load(answer)
    return document


def ready(port: int) -> bool:
    try:
        return bool(get(f"http://127.0.0.1:{port}/readyz"))
    except OSError:
        return False


def listener(port: int) -> int:
    """The process whose environment gives it this port."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            variables = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"REGISTRY_MANAGEMENT_PORT={port}".encode() in variables:
            return int(process.name)
    pytest.fail(f"nobody listens on port {port}")


def descendants(ancestor: int) -> list[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [ancestor]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found[1:]


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
