"""A server as a process of its own: it listens on a port, and its start ends when it can be worked with."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from clearinghouse_local.engines.child import Child, EngineError
from clearinghouse_local.engines.ports import holder_of, port_is_free

_POLL_SECONDS = 0.05


class Server(ABC):
    """One server under our handle, on the loopback interface."""

    title: str
    """What it is, for people: ``MongoDB 6.0.5``."""

    def __init__(self, port: int, *, log: Path, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        self.port = port
        self.log = log
        self._child = Child(self.title, self._command(), log=log, cwd=cwd, env=env)

    @property
    def pid(self) -> int:
        """Process id; EngineError when it does not run."""
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the process runs (a paused one does)."""
        return self._child.running

    @property
    def exit_code(self) -> int | None:
        """Exit code of the last run, negative for a signal; None while it runs."""
        return self._child.exit_code

    def start(self, timeout: float = 90) -> None:
        """Start on the data that is there; return when it can be worked with (``timeout`` in seconds)."""
        self.spawn()
        self.wait_ready(timeout)

    def spawn(self) -> None:
        """The first half of ``start``: lay out what it needs on disk, start the process."""
        if not port_is_free(self.port):
            holder = holder_of(self.port)
            raise EngineError(
                f"{self.title}: port {self.port} is in use{f' by {holder}' if holder else ''}; end that first"
            )
        self._prepare()
        self._child.spawn()

    def wait_ready(self, timeout: float = 90) -> None:
        """The second half of ``start``; EngineError with the reason if it fails, and nothing left running."""
        deadline = time.monotonic() + timeout
        while not self._answers():
            if not self.running:
                raise EngineError(
                    f"{self.title} ended while starting (exit code {self.exit_code}): {self.failure()}"
                )
            if time.monotonic() > deadline:
                self._child.kill()
                raise EngineError(f"{self.title} did not answer within {timeout:.0f} s: {self.failure()}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End it in good order; kill it if that takes more than 15 s."""
        self._child.stop()

    def kill(self) -> None:
        """End it at once (SIGKILL), as a crash would."""
        self._child.kill()

    def pause(self) -> None:
        """Hold it (SIGSTOP): its connections stay open and nothing answers."""
        self._child.pause()

    def resume(self) -> None:
        """Let it go on (SIGCONT)."""
        self._child.resume()

    def output(self) -> list[str]:
        """What it wrote since its last start."""
        return self._child.output()

    def failure(self) -> str:
        """The last lines that say why it failed, on one line, and where the whole log is."""
        lines = self.output()
        reasons = self._reasons(lines) or lines or ["it wrote nothing"]
        return f"{' | '.join(reasons[-3:])} (whole log: {self.log})"

    @abstractmethod
    def _command(self) -> list[str]:
        """The program and its arguments."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether it can be worked with now. May do what a first start needs (initiate, elect)."""

    @abstractmethod
    def _prepare(self) -> None:
        """Lay out on disk what has to be there before the process starts."""

    def _reasons(self, lines: list[str]) -> list[str]:
        """Of its output, the lines that show a person why it failed."""
        return lines
