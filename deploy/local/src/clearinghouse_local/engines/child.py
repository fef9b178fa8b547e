"""A process of ours: started, stopped, killed and paused by its own handle, and gone when we are gone."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_PR_SET_PDEATHSIG = 1


class EngineError(Exception):
    """An engine or process cannot run; the message is one line that says why and what to do."""


class Child:
    """One program under our handle. Its output goes to ``log``, which is appended to."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._command = list(command)
        self._env = dict(env) if env is not None else None
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None
        self._log_starts_at = 0

    @property
    def pid(self) -> int:
        """The process id of the running program; EngineError when it does not run."""
        if self._process is None or self._process.poll() is not None:
            raise EngineError(f"{self.name} is not running")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the program runs (a paused one does)."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Exit code of the last run, negative for a signal; None while it runs or before the first start."""
        return self._process.poll() if self._process is not None else None

    def spawn(self) -> None:
        """Start the program without waiting for it to be of use."""
        if self.running:
            raise EngineError(f"{self.name} is running already (process {self.pid})")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._log_starts_at = log.tell()
            # A parent-death signal is tied to the thread that forked, so one thread that lives as long as
            # this process does all the forking.
            self._process = (
                _spawner()
                .submit(
                    subprocess.Popen,
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=self._env,
                    cwd=self._cwd,
                    start_new_session=True,  # Ctrl-C is ours to hand on, in order
                    preexec_fn=_end_with_parent(),
                )
                .result()
            )

    def stop(self, grace: float = 15) -> None:
        """Ask the program to end (SIGTERM), wait ``grace`` seconds, then kill it. Nothing if it has ended."""
        if self._process is None or not self.running:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
            self._process.send_signal(signal.SIGCONT)
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the program at once (SIGKILL), as a crash would, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def pause(self) -> None:
        """Hold the program (SIGSTOP): its connections stay open and nothing answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused program go on (SIGCONT)."""
        os.kill(self.pid, signal.SIGCONT)

    def wait(self, timeout: float) -> int:
        """Wait until the program ends by itself; its exit code. EngineError after ``timeout`` seconds."""
        if self._process is None:
            raise EngineError(f"{self.name} was not started")
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise EngineError(f"{self.name} did not end within {timeout:.0f} s") from None

    def output(self) -> list[str]:
        """The lines that the program wrote since its last start."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as log:
            log.seek(self._log_starts_at)
            return log.read().decode(errors="replace").splitlines()


@functools.cache
def _spawner() -> ThreadPoolExecutor:
    executor = ThreadPoolExecutor(1, thread_name_prefix="spawner")
    executor.submit(threading.current_thread).result()
    return executor


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux the kernel kills the child when we are killed; elsewhere a killed parent leaves it behind."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return ask_kernel
