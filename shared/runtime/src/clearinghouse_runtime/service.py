"""The chassis: a service as one value, and what ``python -m SERVICE`` does with it.

Parser, settings, logging, health and metrics on a port of their own, signals, serving, ``migrate`` and
``dead-letters`` stand here once; a service adds its settings, how it is built, and what each process runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from aiokafka.errors import KafkaError
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from clearinghouse_runtime import dead_letters
from clearinghouse_runtime import logging as logs
from clearinghouse_runtime.backbone import Backbone
from clearinghouse_runtime.health import Check
from clearinghouse_runtime.http import create_management_app, serve
from clearinghouse_runtime.manifest import Manifest
from clearinghouse_runtime.metrics import BacklogMetrics
from clearinghouse_runtime.mongo import InvalidAddress
from clearinghouse_runtime.process import BackgroundTask, run_until_stopped
from clearinghouse_runtime.settings import ServiceSettings, SettingsError, read_settings
from clearinghouse_runtime.work import TRANSIENT_ERRORS

S = TypeVar("S", bound=ServiceSettings)


class ServiceApp(Protocol):
    """A service, wired."""

    @property
    def backbone(self) -> Backbone:
        """What it is made of before anything of its own."""

    async def prepare(self) -> None:
        """Make the collections and indexes of its own (idempotent)."""


A = TypeVar("A", bound=ServiceApp)


@dataclass(frozen=True)
class ProcessParts:
    """What one process runs: tasks until it is stopped, an interface if it serves one, checks for ``/readyz``."""

    tasks: Sequence[BackgroundTask] = ()
    api: FastAPI | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)


@dataclass(frozen=True)
class OperatorCommand(Generic[A]):
    """A command that runs to its end. ``run`` returns the exit code."""

    name: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[A, argparse.Namespace], Awaitable[int]]


@dataclass(frozen=True)
class Service(Generic[S, A]):
    """One service. ``processes`` has an entry for each process of the manifest."""

    manifest: Manifest
    settings: type[S]
    build: Callable[[S], A]
    processes: Mapping[str, Callable[[A, CollectorRegistry], ProcessParts]]
    commands: Sequence[OperatorCommand[A]] = ()

    def __post_init__(self) -> None:
        declared = {process.name for process in self.manifest.processes}
        if declared != set(self.processes):
            raise ValueError(f"{self.manifest.name}: its processes are not those of its manifest")

    def run(self, arguments: Sequence[str] | None = None, variables: Mapping[str, str] | None = None) -> int:
        """Run one process or command with these arguments and environment variables; the exit code."""
        given = self._parser().parse_args(arguments)
        try:
            settings = read_settings(self.settings, os.environ if variables is None else variables)
        except SettingsError as error:
            self._complain(str(error))
            return 2
        logs.configure(f"{self.manifest.name}-{given.command}", settings.log_level)
        try:
            return asyncio.run(self._run(settings, given))
        except InvalidAddress:
            self._complain(f"{settings.prefix}MONGO_URI is not a connection string of MongoDB")
        except (*TRANSIENT_ERRORS, KafkaError) as error:
            self._complain(
                f"an engine cannot be reached ({type(error).__name__}); start it, or check "
                f"{settings.prefix}MONGO_URI and {settings.prefix}BOOTSTRAP_SERVERS"
            )
        return 2

    def openapi(self, settings: S) -> dict[str, Any]:
        """The description of the service's interface; nothing is contacted."""
        app = self.build(settings)
        try:
            for make in self.processes.values():
                api = make(app, CollectorRegistry()).api
                if api is not None:
                    return api.openapi()
        finally:
            app.backbone.close()
        raise LookupError(f"{self.manifest.name} serves no interface")

    def _complain(self, why: str) -> None:
        sys.stderr.write(f"{self.manifest.name}: cannot start: {why}\n")

    def _parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(prog=self.manifest.name, description=self.manifest.summary)
        commands = parser.add_subparsers(dest="command", required=True)
        for process in self.manifest.processes:
            commands.add_parser(process.name, help=process.summary)
        commands.add_parser("migrate", help="make collections, indexes and topics; safe to repeat")
        letters = commands.add_parser("dead-letters", help="what could not be worked off")
        actions = letters.add_subparsers(dest="action")
        actions.add_parser("list", help="all of them, oldest first (the default)")
        actions.add_parser("show", help="one with all that is kept of it").add_argument("id")
        actions.add_parser("replay", help="let one be worked once more").add_argument("id")
        for command in self.commands:
            command.add_arguments(commands.add_parser(command.name, help=command.summary))
        return parser

    async def _run(self, settings: S, given: argparse.Namespace) -> int:
        app = self.build(settings)
        own = {command.name: command for command in self.commands}
        try:
            if given.command in self.processes:
                await self._process(app, settings, given.command)
                return 0
            if given.command in own:
                return await own[given.command].run(app, given)
            if given.command == "dead-letters":
                return await self._dead_letters(app, given)
            await app.backbone.prepare()
            await app.prepare()
            await app.backbone.provision()
            return 0
        finally:
            app.backbone.close()

    async def _process(self, app: A, settings: S, name: str) -> None:
        metrics = CollectorRegistry()
        parts = self.processes[name](app, metrics)
        backbone = app.backbone
        backlog = BacklogMetrics(
            metrics,
            queues=backbone.all_queues,
            dead_letters=backbone.dead_letters,
            ledger=backbone.ledger,
            clock=backbone.clock,
        )
        management = create_management_app(parts.checks, metrics)
        tasks = [*parts.tasks, backlog.run, _serving(management, settings.host, settings.management_port)]
        if parts.api is not None:
            tasks.append(_serving(parts.api, settings.host, settings.port))
        await run_until_stopped(*tasks)

    async def _dead_letters(self, app: A, given: argparse.Namespace) -> int:
        wanted = getattr(given, "id", None)
        answer = await dead_letters.answer(app.backbone.dead_letters, given.action or "list", wanted)
        if answer is None:
            sys.stderr.write(
                f"{self.manifest.name}: there is no such dead letter, or it cannot be replayed; "
                f"`python -m {self.manifest.name} dead-letters` lists them\n"
            )
            return 1
        sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False, default=str) + "\n")
        return 0


def _serving(app: FastAPI, host: str, port: int) -> BackgroundTask:
    return lambda stop: serve(app, host=host, port=port, stop=stop)
