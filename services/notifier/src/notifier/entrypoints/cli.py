"""The notifier's processes and operators' commands, one function each."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from clearinghouse_runtime import dead_letters
from clearinghouse_runtime import logging as logs
from clearinghouse_runtime.health import Check, reachable
from clearinghouse_runtime.http import create_app, serve
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from clearinghouse_runtime.process import Main, run_until_stopped
from notifier.bootstrap import App, build, now
from notifier.entrypoints.figures import Figures
from notifier.entrypoints.http import make_app
from notifier.entrypoints.worker import Worker
from notifier.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 unless it failed."""
    given = _parser().parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError as error:
        faults = {"_".join(map(str, fault["loc"])).upper() or str(fault["msg"]) for fault in error.errors()}
        sys.stderr.write(f"notifier: settings NOTIFIER_… missing or wrong: {', '.join(sorted(faults))}\n")
        return 2
    logs.configure(f"notifier-{given.command}", settings.log_level)
    return asyncio.run(_run(settings, given))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="notifier", description="Inbox, e-mail and official transmissions of the clearing-houses"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("api", help="serve HTTP")
    commands.add_parser("worker", help="land events, work them off, hand letters over")
    commands.add_parser("migrate", help="make collections, indexes and topics; safe to repeat")
    letters = commands.add_parser("dead-letters", help="what could not be done")
    actions = letters.add_subparsers(dest="action")
    actions.add_parser("list", help="all of them, oldest first (the default)")
    for action, what in (
        ("show", "one with all that is kept of it"),
        ("replay", "let one be done once more"),
    ):
        actions.add_parser(action, help=what).add_argument("id")
    return parser


async def _run(settings: Settings, given: argparse.Namespace) -> int:
    app = build(settings)
    try:
        match given.command:
            case "migrate":
                await app.migrate()
            case "dead-letters":
                return await _dead_letters(app, given)
            case "worker":
                await _worker(app)
            case _:
                await _api(app)
    finally:
        app.client.close()
    return 0


async def _api(app: App) -> None:
    metrics = CollectorRegistry()
    served = make_app(
        app.notices,
        app.verifier,
        checks={**_checks(app), "issuer": app.verifier.check},
        metrics=metrics,
        infrastructure=(*INFRASTRUCTURE, OSError),
    )
    await run_until_stopped(_figures(app, metrics), _serving(app, served))


async def _worker(app: App) -> None:
    metrics = CollectorRegistry()
    served = create_app(
        "Notifier worker",
        description="Health and figures of the process.",
        checks={**_checks(app), "broker": reachable(app.settings.bootstrap)},
        metrics=metrics,
        infrastructure=INFRASTRUCTURE,
    )
    await run_until_stopped(*Worker(app).mains(), _figures(app, metrics), _serving(app, served))


async def _dead_letters(app: App, given: argparse.Namespace) -> int:
    answer = await dead_letters.answer(app.dead_letters, given.action or "list", getattr(given, "id", None))
    if answer is None:
        sys.stderr.write("notifier: there is no such dead letter, or it cannot be replayed\n")
        return 1
    sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False, default=str) + "\n")
    return 0


def _checks(app: App) -> dict[str, Check]:
    """Whether the document store answers and is prepared."""
    return {"mongo": app.ledger.generation}


def _figures(app: App, metrics: CollectorRegistry) -> Main:
    return Figures(app.deliveries, metrics, clock=now, away=INFRASTRUCTURE).run


def _serving(app: App, served: FastAPI) -> Main:
    return lambda stop: serve(served, host=app.settings.host, port=app.settings.port, stop=stop)
