"""Apache Kafka itself (KRaft, one node that is broker and controller) from the jars of Maven Central."""

from __future__ import annotations

import base64
import fcntl
import os
import shutil
import subprocess
import uuid
from pathlib import Path

from clearinghouse_local.engines.child import EngineError
from clearinghouse_local.engines.engine import Broker
from clearinghouse_local.engines.kafka_probe import speaks_kafka
from clearinghouse_local.engines.ports import HOST, free_port

VERSION = "4.1.0"

_HERE = Path(__file__).parent / "jars"
_COMPLETE = "complete"
_JAVA_OPTIONS = ["-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]


def missing_for_kafka() -> str | None:
    """Which program Apache Kafka lacks on this machine and how to install it; None where both are."""
    packages = {"java": "openjdk-17-jre-headless", "mvn": "maven"}
    missing = [program for program in packages if shutil.which(program) is None]
    if not missing:
        return None
    wanted = " ".join(packages[program] for program in missing)
    return f"Apache Kafka needs {' and '.join(missing)}; install: apt-get install {wanted}"


def provide_jars(cache: Path) -> Path:
    """The folder of the broker's jars below ``cache``; Maven copies them there once, under a lock."""
    folder = cache / f"kafka-{VERSION}"
    if (folder / _COMPLETE).exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with (cache / f"kafka-{VERSION}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / _COMPLETE).exists():
            _copy_jars(folder)
    return folder


def _copy_jars(folder: Path) -> None:
    missing = missing_for_kafka()
    if missing is not None:
        raise EngineError(missing)
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={folder.resolve()}", "-DincludeScope=runtime"]
    command = ["mvn", "-q", "-B", "-f", str(_HERE / "pom.xml"), *goal]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        errors = [line for line in answer.stdout.splitlines() if line.startswith("[ERROR]")]
        reason = (errors or ["it gave no reason"])[0]
        raise EngineError(
            f"Maven could not download Apache Kafka: {reason}; check its settings and the network, "
            "or do without ENGINES=real"
        )
    (folder / _COMPLETE).touch()


class KafkaBroker(Broker):
    """Apache Kafka 4.1.0. ``cache`` is where its jars are kept, by default ``.local/engines``."""

    title = f"Apache Kafka {VERSION}"

    def __init__(
        self,
        data_dir: Path,
        port: int,
        controller_port: int | None = None,
        *,
        log: Path | None = None,
        cache: Path | None = None,
    ) -> None:
        self.controller_port = controller_port or free_port()
        self._cache = cache or default_cache()
        super().__init__(data_dir, port, log=log)

    def _command(self) -> list[str]:
        return [*self._java(), "kafka.Kafka", str(self._properties)]

    def _answers(self) -> bool:
        return speaks_kafka(self.port) and any("Kafka Server started" in line for line in self.output())

    def _lay_out(self) -> None:
        provide_jars(self._cache)
        self._properties.write_text(
            "\n".join(f"{key}={value}" for key, value in self._settings().items()) + "\n"
        )
        if not (self._logs / "meta.properties").exists():
            cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            arguments = ["format", f"--cluster-id={cluster}", f"--config={self._properties}"]
            answer = subprocess.run(
                [*self._java(), "kafka.tools.StorageTool", *arguments],
                capture_output=True,
                text=True,
                check=False,
            )
            if answer.returncode != 0:
                last = (answer.stderr.strip() or answer.stdout.strip()).splitlines()[-1:]
                raise EngineError(
                    f"{self.title} could not format its log folder {self._logs}: {' '.join(last)}"
                )

    @property
    def _properties(self) -> Path:
        return (self.data_dir / "server.properties").resolve()

    @property
    def _logs(self) -> Path:
        return (self.data_dir / "logs").resolve()

    def _java(self) -> list[str]:
        jars = (self._cache / f"kafka-{VERSION}").resolve()
        logging = f"-Dlog4j2.configurationFile={_HERE / 'log4j2.properties'}"
        return ["java", *_JAVA_OPTIONS, logging, "-cp", f"{jars}/*"]

    def _settings(self) -> dict[str, str | int]:
        plaintext = f"PLAINTEXT://{HOST}:{self.port}"
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{HOST}:{self.controller_port}",
            "listeners": f"{plaintext},CONTROLLER://{HOST}:{self.controller_port}",
            "advertised.listeners": plaintext,
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "broker.session.timeout.ms": 3000,  # a killed broker is let in again after this long
            "broker.heartbeat.interval.ms": 500,
            "log.dirs": str(self._logs),
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": 0,
            "offsets.topic.num.partitions": 4,
            "offsets.topic.replication.factor": 1,
            "transaction.state.log.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
        }


def default_cache() -> Path:
    """Where jars are kept for all stacks and tests: ``.local/engines`` in the working folder."""
    return Path(os.environ.get("CLEARINGHOUSE_ENGINE_CACHE", ".local/engines"))
