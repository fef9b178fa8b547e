"""The data folder of a stack: one stack at a time, and only data that this version wrote."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

LAYOUT = "2"
"""Of what is stored below the folder; counted up when stored names change, so that older data are not misread."""

_OTHER = "choose another one with --data or CLEARINGHOUSE_DATA"


class DataFolderError(Exception):
    """The folder cannot be used; the message is one line with the remedy."""


def why_unusable(folder: Path) -> str | None:
    """Why no stack can start on this folder, with the remedy; None when one can."""
    try:
        hold(folder).close()
    except DataFolderError as error:
        return str(error)
    for child in (folder, *(child for child in folder.iterdir() if child.is_dir())):
        if not os.access(child, os.R_OK | os.W_OK | os.X_OK):
            return (
                f"the data folder {child} cannot be written to (it belongs to {child.owner()}); "
                f"{_OTHER}, or repair this one"
            )
    return None


def hold(folder: Path) -> IO[bytes]:
    """Make the folder this stack's own until the file is closed. Raises DataFolderError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_layout(folder)
        lock = (folder / "lock").open("ab")
    except OSError as error:
        raise DataFolderError(
            f"the data folder {folder} cannot be used ({error.strerror}); {_OTHER}, or repair this one"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise DataFolderError(
            f"a stack is running on the data folder {folder} already; use it, end it (Ctrl-C there), "
            'or start a second one: make up ARGS="--data FOLDER --ports-from 9000"'
        ) from None
    return lock


def _check_layout(folder: Path) -> None:
    file = folder / "layout"
    if file.exists():
        written = file.read_text(encoding="utf-8", errors="replace").strip()[:20]
    elif (folder / "lock").exists():
        written = "1"
    else:
        file.write_text(f"{LAYOUT}\n", encoding="utf-8")
        return
    if written != LAYOUT:
        raise DataFolderError(
            f"the data folder {folder} was written by another version (layout {written}, this one has {LAYOUT}); "
            f"remove it (rm -r {folder}), or {_OTHER}"
        )
