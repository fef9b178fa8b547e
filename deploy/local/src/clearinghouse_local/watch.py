"""Watching over processes: one that ends by itself is reported in one line and started again, with growing waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clearinghouse_local.engines import EngineError, Server

FIRST_WAIT = 1.0
MAX_WAIT = 30.0
HEALTHY_AFTER = 60.0
"""Which process ran for so many seconds starts with the first wait again."""


class Watcher:
    """Looks after the processes when ``look`` is called; times are in seconds of a clock that only grows."""

    def __init__(self, processes: Mapping[str, Server], report: Callable[[str], None]) -> None:
        self._processes = processes
        self._report = report
        self._due: dict[str, float] = {}
        self._waits: dict[str, float] = {}
        self._restarted: dict[str, float] = {}

    def look(self, now: float) -> None:
        """One round: notice who has ended, start again who has waited long enough."""
        for name, server in self._processes.items():
            if server.running:
                self._due.pop(name, None)
            elif name not in self._due:
                self._report(
                    f"{server.title} ended ({_how(server)}); {self._plan(name, now)}; log: {server.log}"
                )
            elif now >= self._due[name]:
                self._restart(name, server, now)

    def _plan(self, name: str, now: float) -> str:
        """Set the time of the next start, and say it."""
        lately = now - self._restarted.get(name, -HEALTHY_AFTER) < HEALTHY_AFTER
        wait = min(self._waits[name] * 2, MAX_WAIT) if lately and name in self._waits else FIRST_WAIT
        self._waits[name] = wait
        self._due[name] = now + wait
        return f"starting it again in {wait:.0f} s"

    def _restart(self, name: str, server: Server, now: float) -> None:
        self._restarted[name] = now
        try:
            server.spawn()
        except EngineError as error:
            self._report(f"{error}; {self._plan(name, now)}")
        else:
            del self._due[name]
            self._report(f"{server.title} was started again (process {server.pid})")


def _how(server: Server) -> str:
    code = server.exit_code
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
