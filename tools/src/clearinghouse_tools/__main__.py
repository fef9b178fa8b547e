"""``python -m clearinghouse_tools bench|docs|imports``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from clearinghouse_local.console import print_error
from clearinghouse_local.settings import StackSettingsError, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m clearinghouse_tools", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    bench = commands.add_parser("bench", help="measure a stack of its own on temporary data")
    bench.add_argument("--engines", help="embedded, or real for Apache Kafka")
    bench.add_argument("--report", type=Path, metavar="FILE", help="write the report there, as JSON")
    commands.add_parser("docs", help="write the generated documents below docs/ of this folder")
    commands.add_parser("imports", help="check the contracts of imports")
    options = parser.parse_args(arguments)
    match options.command:
        case "bench":
            return _bench(options)
        case "docs":
            from clearinghouse_tools.docs import write

            for path in write(Path.cwd()):
                sys.stdout.write(f"{path}\n")
            return 0
        case _:
            from clearinghouse_tools.imports import check

            return check(Path.cwd())


def _bench(options: argparse.Namespace) -> int:
    from clearinghouse_tools.bench import bench

    console = Console()
    try:
        settings = read_settings(os.environ, engines=options.engines)
    except StackSettingsError as error:
        print_error(console, str(error))
        return 1
    return bench(settings, options.report, console)


if __name__ == "__main__":
    sys.exit(main())
