"""``registry load FILE``: persons, designations and records brought over from elsewhere; nobody is mailed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from clearinghouse_runtime.problems import Problem
from registry.application.migration import load_line
from registry.bootstrap import App


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument(
        "file", type=Path, help="JSON lines, each with its kind: person, designation or record"
    )


async def load(app: App, given: argparse.Namespace) -> int:
    """Bring over a file line by line; a line with faults is named and the others go on. The exit code."""
    try:
        lines = given.file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"registry: {given.file} cannot be read ({type(error).__name__})\n")
        return 2
    brought = known = refused = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if await load_line(app.context, _mapping(line)):
                brought += 1
            else:
                known += 1
        except Problem as problem:
            refused += 1
            faults = "; ".join(f"{fault.path} {fault.code}: {fault.expected}" for fault in problem.faults)
            sys.stderr.write(f"line {number}: {problem.title}. {problem.detail} {faults}\n")
        except (ValueError, KeyError) as error:
            refused += 1
            sys.stderr.write(f"line {number}: this cannot be loaded: {_why(error)}\n")
    sys.stdout.write(f"loaded {brought}, known already {known}, refused {refused}\n")
    return 1 if refused else 0


def _mapping(line: str) -> dict[str, Any]:
    match json.loads(line):
        case dict() as fields:
            return fields
        case _:
            raise ValueError("it is not a JSON object")


def _why(error: ValueError | KeyError) -> str:
    """What is wrong with a line, without its values."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON after column {error.colno}"
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error)
