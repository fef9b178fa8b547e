"""`make up`: check, start, show, watch, and end everything on Ctrl-C."""

from __future__ import annotations

import signal
import time
from types import FrameType

from rich.console import Console
from rich.table import Table

from clearinghouse_demo.persons import PASSWORD, PERSONS
from clearinghouse_local.console import print_error, print_line, print_note, print_step
from clearinghouse_local.engines import EngineError
from clearinghouse_local.manifests import manifests
from clearinghouse_local.preflight import preflight_errors, preflight_notes
from clearinghouse_local.settings import StackSettings
from clearinghouse_local.stack import Stack
from clearinghouse_local.watch import Watcher

_LOOK_SECONDS = 0.5


def up(settings: StackSettings, console: Console) -> int:
    """Run a stack until Ctrl-C or SIGTERM; the exit code."""
    found = preflight_errors(settings)
    for line in found:
        print_error(console, line)
    if found:
        return 1
    for line in preflight_notes():
        print_note(console, line)
    _interrupt_on(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    try:
        _run(settings, console)
    except EngineError as error:
        print_error(console, str(error))
        return 1
    except KeyboardInterrupt:
        print_line(console, f"Everything has stopped; the data stays in {settings.data_dir}")
    return 0


def _run(settings: StackSettings, console: Console) -> None:
    """Start, show, watch, until the KeyboardInterrupt of a signal; then end everything."""
    began = time.monotonic()
    stack = Stack(settings, lambda line: print_step(console, time.monotonic() - began, line))
    try:
        with console.status("Starting the stack"):
            stack.start()
        show(stack, time.monotonic() - began, console)
        watcher = Watcher(stack.processes, lambda line: print_line(console, line))
        while True:
            watcher.look(time.monotonic())
            time.sleep(_LOOK_SECONDS)
    except KeyboardInterrupt:
        print_line(console, "\nStopping everything")
        raise
    finally:
        _ignore(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        stack.stop()


def show(stack: Stack, seconds: float, console: Console) -> None:
    """Print where everything is, whom to be, and what to do next."""
    there = stack.addresses
    places = Table(title="Where", title_justify="left", box=None, show_header=False, padding=(0, 2, 0, 0))
    interfaces = [
        (one.title, f"{stack.settings.address(f'{one.name}-{process.name}')}/docs")
        for one in manifests()
        for process in one.processes
        if process.port is not None
    ]
    for name, address in (
        *interfaces,
        ("mail sink (read the letters)", there.sink),
        ("issuer, FOR TRYING OUT ONLY", there.issuer),
        (stack.broker.title, f"{there.bootstrap}, topics {there.topic_prefix}.*"),
        (stack.mongo.title, stack.mongo.uri),
        ("logs", str(stack.settings.data_dir / "logs")),
    ):
        places.add_row(name, address)
    persons = Table(
        title=f"Persons to try, all with the password {PASSWORD}",
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for column in ("username", "name", "designated as", "country"):
        persons.add_column(column, justify="left")
    for person in PERSONS:
        role = (person.role or "no role").replace("-", " ")
        persons.add_row(person.sub, person.name, role, (person.country or "").upper())
    console.print()
    console.print(places, highlight=False)
    console.print()
    console.print(persons, highlight=False)
    console.print()
    print_line(console, f"Ready after {seconds:.1f} s. Next, in another terminal:")
    for command, purpose in (
        ("make demo", "a permit from draft to certificate and letters, with a timeline"),
        (f"curl {there.registry}/v1/records", "what is published"),
        (there.sink, "in a browser: the letters, as their recipients read them"),
    ):
        print_line(console, f"  {command:<42}  {purpose}")
    print_line(console, "Ctrl-C here stops everything; the data stays for the next start.")


def _interrupt_on(*signals: signal.Signals) -> None:
    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in signals:
        signal.signal(number, interrupt)


def _ignore(*signals: signal.Signals) -> None:
    for number in signals:
        signal.signal(number, signal.SIG_IGN)
