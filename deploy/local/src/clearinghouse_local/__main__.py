"""``python -m clearinghouse_local``: ``up`` and ``demo`` for people, ``issuer`` and ``sink`` as processes."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from clearinghouse_local.console import print_error
from clearinghouse_local.settings import StackSettings, StackSettingsError, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "demo":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    match options.command:
        case "issuer":
            from clearinghouse_local.serve import run_issuer

            asyncio.run(run_issuer(data_dir=options.data, port=options.port, audience=options.audience))
            return 0
        case "sink":
            from clearinghouse_local.serve import run_sink

            ports = {"smtp_port": options.smtp_port, "web_port": options.web_port}
            asyncio.run(run_sink(data_dir=options.data, environment=options.environment, **ports))
            return 0
        case command:
            return _with_stack(str(command), options, rest)


def _with_stack(command: str, options: argparse.Namespace, rest: Sequence[str]) -> int:
    console = Console()
    try:
        settings = _settings(options)
    except StackSettingsError as error:
        print_error(console, str(error))
        return 1
    if command == "demo":
        from clearinghouse_local.demo import demo

        return demo(settings, rest, console)
    from clearinghouse_local.up import up

    return up(settings, console)


def _settings(options: argparse.Namespace) -> StackSettings:
    return read_settings(
        os.environ, data_dir=options.data, engines=options.engines, ports_from=options.ports_from
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m clearinghouse_local", description=__doc__, allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("up", "start the whole stack and keep it until Ctrl-C"),
        (
            "demo",
            "do the main job against the stack; further options go to the demo (--report FILE, --permit FILE)",
        ),
    ):
        command = commands.add_parser(name, help=text, allow_abbrev=False)
        command.add_argument("--engines", help="embedded, or real for Apache Kafka")
        command.add_argument("--data", type=Path, help="data folder (default: .local/development)")
        command.add_argument(
            "--ports-from", metavar="PORT", help="first of neighbouring ports, for a second stack"
        )
    issuer = commands.add_parser("issuer", help="the OpenID issuer, for trying out only")
    issuer.add_argument("--data", type=Path, required=True)
    issuer.add_argument("--port", type=int, required=True)
    issuer.add_argument("--audience", required=True)
    sink = commands.add_parser("sink", help="the mail sink")
    sink.add_argument("--data", type=Path, required=True)
    sink.add_argument("--smtp-port", type=int, required=True)
    sink.add_argument("--web-port", type=int, required=True)
    sink.add_argument("--environment", required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
