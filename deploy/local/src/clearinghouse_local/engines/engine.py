"""What engines have in common: a port, a data folder, a start that ends when the protocol is answered."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from clearinghouse_local.engines.child import Child, EngineError
from clearinghouse_local.engines.ports import HOST, holder_of, port_is_free

_POLL_SECONDS = 0.05


class Engine(ABC):
    """An engine as a process on the loopback interface, with its data in one folder."""

    title: ClassVar[str]
    """What it is, for people: ``MongoDB 6.0.5``."""

    def __init__(self, data_dir: Path, port: int, *, log: Path | None = None) -> None:
        self.data_dir = data_dir
        self.port = port
        self.log = log or data_dir.with_name(f"{data_dir.name}.log")
        self._child = Child(self.title, self._command(), log=self.log, cwd=data_dir)

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
        """Exit code of the last run; None while it runs."""
        return self._child.exit_code

    def start(self, timeout: float = 60) -> None:
        """Start on the data that is there; return when the protocol is answered (``timeout`` in seconds)."""
        self.spawn()
        self.wait_ready(timeout)

    def spawn(self) -> None:
        """The first half of ``start``: make the data folder, start the process."""
        if not port_is_free(self.port):
            holder = holder_of(self.port)
            raise EngineError(
                f"{self.title}: port {self.port} is in use" + (f" by {holder}" if holder else "")
            )
        try:
            self._prepare()
        except OSError as error:
            raise EngineError(
                f"{self.title}: its data folder {self.data_dir} cannot be used ({error.strerror}); "
                f"give it back to you (chown) or move it away"
            ) from None
        self._child.spawn()

    def wait_ready(self, timeout: float = 60) -> None:
        """The second half of ``start``; EngineError with the reason if it fails, and nothing left running."""
        deadline = time.monotonic() + timeout
        while not self._answers():
            if not self.running:
                raise EngineError(
                    f"{self.title} ended while starting (exit code {self.exit_code}): {self._why()}"
                )
            if time.monotonic() > deadline:
                self._child.kill()
                raise EngineError(f"{self.title} did not answer within {timeout:.0f} s: {self._why()}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End it in good order; kill it if that takes more than 15 s."""
        self._child.stop()

    def kill(self) -> None:
        """End it at once (SIGKILL), as a crash would."""
        self._child.kill()

    def pause(self) -> None:
        """Hold it (SIGSTOP)."""
        self._child.pause()

    def resume(self) -> None:
        """Let it go on (SIGCONT)."""
        self._child.resume()

    def output(self) -> list[str]:
        """What it wrote since its last start."""
        return self._child.output()

    @abstractmethod
    def _command(self) -> list[str]:
        """The program and its arguments."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether it can be worked with now. May do what a first start needs (initiate, elect)."""

    def _prepare(self) -> None:
        """What has to be on disk before the process starts."""
        self.data_dir.mkdir(parents=True, exist_ok=True)

    def _reasons(self, lines: list[str]) -> list[str]:
        """Of its output, the lines that tell a person why it failed."""
        return lines

    def _why(self) -> str:
        lines = self.output()
        reasons = self._reasons(lines) or lines or ["it wrote nothing"]
        return f"{' | '.join(reasons[-3:])} (data {self.data_dir}; whole log {self.log})"


class DocumentStore(Engine):
    """An engine that speaks MongoDB's protocol with transactions and change streams."""

    @property
    def uri(self) -> str:
        """Connection string. Direct: a one-node replica set needs no discovery."""
        return f"mongodb://{HOST}:{self.port}/?directConnection=true"


class Broker(Engine):
    """An engine that speaks Kafka's protocol."""

    @property
    def bootstrap(self) -> str:
        """``host:port`` for clients."""
        return f"{HOST}:{self.port}"
