"""A process that ends by itself is reported once and started again, each time after a longer wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearinghouse_local.engines import Server
from clearinghouse_local.watch import HEALTHY_AFTER, MAX_WAIT, Watcher


class Fragile(Server):
    """Runs as long as the test says."""

    title = "registry relay"

    def __init__(self) -> None:
        super().__init__(1024, log=Path("relay.log"), cwd=Path())
        self.up = True
        self.starts = 0

    @property
    def running(self) -> bool:
        return self.up

    @property
    def exit_code(self) -> int | None:
        return None if self.up else -9

    @property
    def pid(self) -> int:
        return 4711

    def spawn(self) -> None:
        self.starts += 1
        self.up = True

    def _command(self) -> list[str]:
        return []

    def _answers(self) -> bool:
        return self.up

    def _prepare(self) -> None:
        raise NotImplementedError


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def server() -> Fragile:
    return Fragile()


@pytest.fixture
def watcher(server: Fragile, told: list[str]) -> Watcher:
    return Watcher({"registry-relay": server}, told.append)


def test_a_process_that_runs_is_left_alone(watcher: Watcher, server: Fragile, told: list[str]) -> None:
    watcher.look(0)
    assert (server.starts, told) == (0, [])


def test_a_process_that_ended_is_reported_in_one_line_and_started_after_a_wait(
    watcher: Watcher, server: Fragile, told: list[str]
) -> None:
    server.up = False
    watcher.look(0)
    watcher.look(0.5)
    assert told == ["registry relay ended (signal 9); starting it again in 1 s; log: relay.log"]
    assert server.starts == 0
    watcher.look(1)
    assert server.starts == 1
    assert told[1:] == ["registry relay was started again (process 4711)"]


def test_the_wait_doubles_up_to_its_limit_while_it_keeps_ending(watcher: Watcher, server: Fragile) -> None:
    waits = []
    now = 0.0
    for _ in range(8):
        server.up = False
        watcher.look(now)
        starts, ended = server.starts, now
        while server.starts == starts:
            now += 0.5
            watcher.look(now)
        waits.append(now - ended)
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    assert MAX_WAIT == 30


def test_who_ran_well_for_a_while_waits_shortly_again(
    watcher: Watcher, server: Fragile, told: list[str]
) -> None:
    for begin in (0.0, 2.0):
        server.up = False
        watcher.look(begin)
        watcher.look(begin + 10)
    assert server.starts == 2
    server.up = False
    watcher.look(12 + HEALTHY_AFTER)
    assert told[-1].startswith("registry relay ended (signal 9); starting it again in 1 s")


def test_a_process_that_someone_else_started_meanwhile_is_not_started_twice(
    watcher: Watcher, server: Fragile
) -> None:
    server.up = False
    watcher.look(0)
    server.up = True
    watcher.look(1)
    watcher.look(2)
    assert server.starts == 0
