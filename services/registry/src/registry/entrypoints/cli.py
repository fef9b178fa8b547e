"""The registry's processes and operators' commands, one function each."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from clearinghouse_runtime import dead_letters
from clearinghouse_runtime import logging as logs
from clearinghouse_runtime.health import reachable
from clearinghouse_runtime.http import create_app, serve
from clearinghouse_runtime.mongo import INFRASTRUCTURE
from clearinghouse_runtime.process import run_until_stopped
from registry.application.migration import load_line
from registry.bootstrap import App, build
from registry.domain.refusals import Refusal
from registry.entrypoints.http.app import api, engine_checks
from registry.entrypoints.stream import keep_deadlines, land_outcomes, work_outcomes
from registry.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 unless it failed."""
    parser = argparse.ArgumentParser(
        prog="registry", description="The system of record of the clearing-houses"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("api", help="serve HTTP")
    commands.add_parser("relay", help="give committed events their position and ship them to Kafka")
    commands.add_parser("worker", help="apply outcomes, state silent transmissions again, end old requests")
    commands.add_parser("migrate", help="make collections, indexes and topics; safe to repeat")
    letters = commands.add_parser("dead-letters", help="outcomes that could not be applied")
    letters.add_argument("action", nargs="?", choices=["list", "show", "replay"], default="list")
    letters.add_argument("id", nargs="?")
    load = commands.add_parser("load", help="bring over persons, designations and records (JSON lines)")
    load.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError as error:
        missing = ", ".join(
            "REGISTRY_" + "_".join(map(str, fault["loc"])).upper() for fault in error.errors()
        )
        sys.stderr.write(f"registry: settings missing or wrong: {missing}\n")
        return 2
    logs.configure(f"registry-{given.command}", settings.log_level)
    lines = given.file.read_text(encoding="utf-8").splitlines() if given.command == "load" else []
    return asyncio.run(_run(settings, given, lines))


async def _run(settings: Settings, given: argparse.Namespace, lines: Sequence[str]) -> int:
    app = build(settings)
    try:
        match given.command:
            case "migrate":
                await app.migrate()
            case "load":
                return await _load(app, lines)
            case "dead-letters":
                return await _dead_letters(app, given.action, given.id)
            case _:
                await PROCESSES[given.command](app)
    finally:
        app.client.close()
    return 0


async def _api(app: App) -> None:
    await run_until_stopped(_serving(app, api(app)))


async def _relay(app: App) -> None:
    await run_until_stopped(app.relay.run, _serving(app, _operation(app, "relay")))


async def _worker(app: App) -> None:
    bell = asyncio.Event()
    await run_until_stopped(
        lambda stop: land_outcomes(app, bell, stop),
        lambda stop: work_outcomes(app, bell, stop),
        lambda stop: keep_deadlines(app, stop),
        app.dead_letters.run,
        _serving(app, _operation(app, "worker")),
    )


PROCESSES: dict[str, Callable[[App], Awaitable[None]]] = {"api": _api, "relay": _relay, "worker": _worker}


def _serving(app: App, served: FastAPI) -> Callable[[asyncio.Event], Awaitable[None]]:
    return lambda stop: serve(served, host=app.settings.host, port=app.settings.port, stop=stop)


def _operation(app: App, part: str) -> FastAPI:
    """Health and figures of a process without an interface of its own."""
    return create_app(
        f"Registry {part}",
        description="Health and figures of the process.",
        checks={**engine_checks(app), "broker": reachable(app.settings.bootstrap)},
        metrics=CollectorRegistry(),
        infrastructure=INFRASTRUCTURE,
    )


async def _dead_letters(app: App, action: str, wanted: str | None) -> int:
    answer = await dead_letters.answer(app.dead_letters, action, wanted)
    if answer is None:
        sys.stderr.write("registry: there is no such dead letter, or it cannot be replayed\n")
        return 1
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2, default=str) + "\n")
    return 0


async def _load(app: App, lines: Sequence[str]) -> int:
    """Bring over a file line by line; a line with faults is named and the others go on."""
    brought = known = refused = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if await load_line(app.context, json.loads(line)):
                brought += 1
            else:
                known += 1
        except Refusal as refusal:
            refused += 1
            faults = "; ".join(f"{fault.path} {fault.code}: {fault.expected}" for fault in refusal.faults)
            sys.stderr.write(f"line {number}: {refusal.title}. {refusal.detail} {faults}\n")
        except (ValueError, KeyError) as error:
            refused += 1
            sys.stderr.write(f"line {number}: not a line of the loading format ({type(error).__name__})\n")
    sys.stdout.write(f"loaded {brought}, known already {known}, refused {refused}\n")
    return 1 if refused else 0
