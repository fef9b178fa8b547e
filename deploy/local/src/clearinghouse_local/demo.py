"""`make demo`: the client's demo against the stack that runs, or against one that is started for it."""

from __future__ import annotations

import signal
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

import clearinghouse_demo as client_demo
from clearinghouse_local.checks import notes
from clearinghouse_local.engines import EngineError
from clearinghouse_local.settings import Ports, StackSettings
from clearinghouse_local.stack import Stack, running_stack
from clearinghouse_local.telling import hindered, noted, say


def demo(settings: StackSettings, arguments: Sequence[str], console: Console) -> int:
    """Do the main job once, with the client's own ``arguments``; the exit code."""
    there = running_stack(settings.data_dir)
    if there is not None and _answers(there.registry):
        say(console, f"Using the stack at {there.registry}")
        return client_demo.main(arguments, there)
    say(console, "No stack answers; starting one on free ports for this run")
    with tempfile.TemporaryDirectory(prefix="clearinghouse-demo-") as folder:
        return _with_own_stack(
            StackSettings(data_dir=Path(folder), engines=settings.engines, ports=Ports.free()),
            arguments,
            console,
        )


def _with_own_stack(settings: StackSettings, arguments: Sequence[str], console: Console) -> int:
    for line in notes():
        noted(console, line)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    try:
        with running(settings, console) as stack:
            say(console, f"The stack is ready after {time.monotonic() - began:.1f} s")
            return client_demo.main(arguments, stack.addresses)
    except EngineError as error:
        hindered(console, str(error))
        return 1
    except KeyboardInterrupt:
        return 130


@contextmanager
def running(settings: StackSettings, console: Console) -> Iterator[Stack]:
    """A stack, as long as the block lasts."""
    stack = Stack(settings)
    try:
        with console.status("Starting the stack"):
            stack.start()
        yield stack
    finally:
        stack.stop()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=3):  # noqa: S310 - an address of ours
            return True
    except (urllib.error.URLError, OSError):
        return False
