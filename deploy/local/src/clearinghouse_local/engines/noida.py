"""The broker without Java: noida-db. It holds all in memory and loses its last moments when killed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from clearinghouse_local.engines.child import EngineError
from clearinghouse_local.engines.engine import Broker
from clearinghouse_local.engines.kafka_probe import speaks_kafka


class NoidaBroker(Broker):
    """noida-db 0.2.3, for trying out and quick tests only."""

    title = "noida-db 0.2.3"

    def _command(self) -> list[str]:
        program = str(_program())
        return [
            program,
            "start",
            "--only",
            "kafka",
            "--kafka-port",
            str(self.port),
            "--data-dir",
            str(self.data_dir),
        ]

    def _answers(self) -> bool:
        return speaks_kafka(self.port)

    def _reasons(self, lines: list[str]) -> list[str]:
        return [line for line in lines if "weak version" not in line]


def _program() -> Path:
    package = importlib.util.find_spec("noida_db")
    if package is None or package.origin is None:
        raise EngineError("noida-db is not installed; remove .venv and run make again")
    program = Path(package.origin).with_name("noida-db")
    if program.exists():
        program.chmod(0o755)  # the wheel does not mark it as executable
    return program
