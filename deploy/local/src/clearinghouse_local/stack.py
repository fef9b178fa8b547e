"""The whole stack as one object: started in order, each process under its own handle, ended in reverse."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from pymongo import MongoClient

from clearinghouse_demo.addresses import Addresses
from clearinghouse_local.data_folder import DataFolderError, hold
from clearinghouse_local.engines import (
    Broker,
    Child,
    EngineError,
    KafkaBroker,
    NoidaBroker,
    Server,
    document_store,
    free_port,
)
from clearinghouse_local.manifests import manifests
from clearinghouse_local.services import (
    ServiceProcess,
    process_names,
    python,
    service_environment,
    service_process,
    supporting,
    usual_ports_of,
)
from clearinghouse_local.settings import StackSettings

_ONCE_SECONDS = 120.0


def _silent(_: str) -> None:
    """Report to nobody."""


class Stack:
    """One stack of engines and services on this machine.

    ``processes`` holds a handle for each, by name and in the order of start: ``mongo``, ``broker``, ``issuer``,
    ``sink`` and every process of the services. ``report`` is given a line at each step of the start.
    """

    def __init__(self, settings: StackSettings, report: Callable[[str], None] = _silent) -> None:
        self.settings = settings
        self._report = report
        self._lock: IO[bytes] | None = None
        logs = settings.data_dir / "logs"
        ports = settings.ports
        self.mongo = document_store(settings.data_dir, ports["documents"], log=logs / "mongo.log")
        self.broker = _broker(settings, logs / "broker.log")
        self._base: dict[str, Server] = {
            "mongo": self.mongo,
            "broker": self.broker,
            "issuer": supporting(settings, "issuer"),
            "sink": supporting(settings, "sink"),
        }
        self._services: dict[str, Server] = {
            name: self._service(name, like=name, ports=usual_ports_of(settings, name))
            for name in process_names()
        }

    @property
    def processes(self) -> Mapping[str, Server]:
        """Every process by its name, in the order of start."""
        return self._base | self._services

    @property
    def addresses(self) -> Addresses:
        """Where the stack answers, for the client and its demo."""
        address = self.settings.address
        return Addresses(
            registry=address("registry-api"),
            notifier=address("notifier-api"),
            sink=address("sink-web"),
            issuer=address("issuer"),
            bootstrap=self.broker.bootstrap,
            topic_prefix=self.settings.topic_prefix,
            engines={"documents": self.mongo.title, "broker": self.broker.title},
        )

    def start(self) -> None:
        """Start everything and return when every process is ready. On failure nothing is left running."""
        try:
            self._lock = _held(self.settings.data_dir)
            self._start_all(self._base.values())
            self._run_to_end({f"{one.name}-migrate": [one.name, "migrate"] for one in manifests()})
            self._report("collections, indexes and topics are there")
            if self.settings.samples:
                self._load_samples()
            self._start_all(self._services.values())
            _addresses_file(self.settings.data_dir).write_text(json.dumps(asdict(self.addresses)))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every process, services first and engines last. May be called again."""
        engines = [self.mongo, self.broker]
        helpers = [server for server in self._base.values() if server not in engines]
        for group in (list(self._services.values()), helpers, engines):
            with ThreadPoolExecutor(len(group)) as together:
                list(together.map(_end, group))
        if self._lock is not None:
            _addresses_file(self.settings.data_dir).unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def second_process(self, name: str) -> ServiceProcess:
        """A second process like ``name`` on a port of its own, not yet started; ``stop`` ends it too."""
        count = sum(known.startswith(name) for known in self._services)
        port = free_port() if name in self.settings.ports else None
        other = self._service(f"{name}-{count + 1}", like=name, ports=(port, free_port()))
        self._services[other.name] = other
        return other

    def _service(self, name: str, *, like: str, ports: tuple[int | None, int]) -> ServiceProcess:
        return service_process(self.settings, name, mongo_uri=self.mongo.uri, like=like, ports=ports)

    def _start_all(self, servers: Iterable[Server]) -> None:
        waiting = list(servers)
        for server in waiting:
            server.spawn()
        for server in waiting:
            server.wait_ready()
            self._report(f"{server.title} is ready on port {server.port}")

    def _run_to_end(self, commands: Mapping[str, list[str]]) -> None:
        """Run commands of the services side by side, each to its end."""
        running = [self._spawn_command(name, arguments) for name, arguments in commands.items()]
        try:
            for child in running:
                code = child.wait(_ONCE_SECONDS)
                if code != 0:
                    last = " | ".join(child.output()[-3:]) or "it wrote nothing"
                    raise EngineError(
                        f"{child.name} failed (exit code {code}): {last} (whole log: {child.log})"
                    )
        finally:
            for child in running:
                child.stop()

    def _spawn_command(self, name: str, arguments: list[str]) -> Child:
        env = service_environment(self.settings, name, arguments[0], mongo_uri=self.mongo.uri)
        log = self.settings.data_dir / "logs" / f"{name}.log"
        child = Child(name.replace("-", " "), python(arguments), log=log, env=env)
        child.spawn()
        return child

    def _load_samples(self) -> None:
        """Load the sample records, unless the mark in the database says that they are there."""
        with MongoClient[dict[str, Any]](self.mongo.uri) as client:
            marks = client.get_database("clearinghouse_local").get_collection("marks")
            if marks.find_one({"_id": "samples"}) is not None:
                return
            file = self.settings.data_dir / "samples.jsonl"
            count = _write_samples(file)
            self._run_to_end({"registry-load": ["registry", "load", str(file.absolute())]})
            marks.insert_one({"_id": "samples"})
        self._report(f"{count} samples are loaded (persons, designations, records)")


def running_stack(data_dir: Path) -> Addresses | None:
    """Where the stack on this data answers, as it wrote when it had started; None when none is running."""
    try:
        return Addresses(**json.loads(_addresses_file(data_dir).read_text()))
    except (FileNotFoundError, ValueError):  # none, or one that died while it wrote
        return None


def _held(data_dir: Path) -> IO[bytes]:
    try:
        return hold(data_dir)
    except DataFolderError as error:
        raise EngineError(str(error)) from None


def _addresses_file(data_dir: Path) -> Path:
    return data_dir / "stack.json"


def _broker(settings: StackSettings, log: Path) -> Broker:
    if settings.engines == "real":
        return KafkaBroker(
            settings.data_dir / "kafka", settings.ports["broker"], settings.ports["controller"], log=log
        )
    return NoidaBroker(settings.data_dir / "noida", settings.ports["broker"], log=log)


def _end(server: Server) -> None:
    with contextlib.suppress(EngineError):
        server.stop()


def _write_samples(file: Path) -> int:
    from clearinghouse_demo.samples import generate  # only a first start needs the formats

    lines = [json.dumps(sample, ensure_ascii=False) for sample in generate()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)
