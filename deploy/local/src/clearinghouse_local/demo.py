"""`make demo`: the demo against the stack that runs, or against one that is started for it."""

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

import clearinghouse_demo
from clearinghouse_local.console import print_error, print_line, print_note
from clearinghouse_local.engines import EngineError
from clearinghouse_local.preflight import preflight_notes
from clearinghouse_local.settings import StackSettings, free_ports
from clearinghouse_local.stack import Stack, running_stack


def demo(settings: StackSettings, arguments: Sequence[str], console: Console) -> int:
    """Do the main job once, with the demo's own ``arguments``; the exit code."""
    there = running_stack(settings.data_dir)
    if there is not None and _answers(there.registry):
        print_line(console, f"Using the stack at {there.registry}")
        return clearinghouse_demo.main(arguments, there)
    print_line(console, "No stack answers; starting one on free ports for this run")
    with tempfile.TemporaryDirectory(prefix="clearinghouse-demo-") as folder:
        return _with_own_stack(
            StackSettings(data_dir=Path(folder), engines=settings.engines, ports=free_ports()),
            arguments,
            console,
        )


def _with_own_stack(settings: StackSettings, arguments: Sequence[str], console: Console) -> int:
    for line in preflight_notes():
        print_note(console, line)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    try:
        with running(settings, console) as stack:
            print_line(console, f"The stack is ready after {time.monotonic() - began:.1f} s")
            return clearinghouse_demo.main(arguments, stack.addresses)
    except EngineError as error:
        print_error(console, str(error))
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
        with urllib.request.urlopen(f"{address}/v1/about", timeout=3):  # noqa: S310 - an address of ours
            return True
    except (urllib.error.URLError, OSError):
        return False
