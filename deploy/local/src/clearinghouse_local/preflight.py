"""What the machine lacks for a stack, found before anything is started: each a line that says what to do."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from clearinghouse_local.engines import (
    SecantusServer,
    holder_of,
    missing_for_kafka,
    missing_for_mongod,
    port_is_free,
)
from clearinghouse_local.settings import StackSettings, port_variable


def preflight_errors(settings: StackSettings) -> list[str]:
    """Why this stack cannot start, each with the remedy; empty when it can."""
    data = _data_folder(settings.data_dir)
    if data is not None:
        return [data]
    if _in_use(settings.data_dir):
        return [
            f"a stack is running on the data folder {settings.data_dir} already; use it, end it (Ctrl-C there), "
            'or start a second one: make up ARGS="--data FOLDER --ports-from 9000"'
        ]
    broker = missing_for_kafka() if settings.engines == "real" else None
    return [*_ports(settings), *([f"{broker}; or leave ENGINES=real away"] if broker else [])]


def preflight_notes() -> list[str]:
    """What is lacking and got round."""
    lacking = missing_for_mongod()
    return [f"{lacking}. {SecantusServer.title} is used instead."] if lacking else []


def _ports(settings: StackSettings) -> list[str]:
    lines = []
    for server, port in settings.ports.items():
        unused = server == "controller" and settings.engines != "real"
        if unused or port_is_free(port):
            continue
        holder = holder_of(port)
        lines.append(
            f"port {port} ({server.replace('-', ' ')}) is in use{f' by {holder}' if holder else ''}; "
            f"end that, or set {port_variable(server)} to another port"
        )
    return lines


def _data_folder(folder: Path) -> str | None:
    remedy = "choose another one with --data or CLEARINGHOUSE_DATA, or repair this one"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        children = [folder, *(child for child in folder.iterdir() if child.is_dir())]
    except OSError as error:
        return f"the data folder {folder} cannot be used ({error.strerror}); {remedy}"
    for child in children:
        if not os.access(child, os.R_OK | os.W_OK | os.X_OK):
            return f"the data folder {child} cannot be written to (it belongs to {child.owner()}); {remedy}"
    return None


def _in_use(folder: Path) -> bool:
    with (folder / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
