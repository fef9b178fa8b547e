"""Where a stack runs: its data folder, its ports, its engines. Options win over ``CLEARINGHOUSE_*`` variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, Self, get_args

from clearinghouse_local.engines import free_port
from clearinghouse_local.engines.ports import HOST

EngineSet = Literal["embedded", "real"]
"""``real`` is Apache Kafka instead of the small broker."""


class SettingsError(Exception):
    """A setting has no usable value; the message is one line that names it."""


@dataclass(frozen=True)
class Ports:
    """One port for each server of a stack."""

    registry_api: int = 8100
    registry_relay: int = 8101
    registry_worker: int = 8102
    notifier_api: int = 8110
    notifier_worker: int = 8111
    sink_smtp: int = 8125
    sink_web: int = 8126
    issuer: int = 8180
    broker: int = 9192
    controller: int = 9193
    documents: int = 27117

    @classmethod
    def counted_from(cls, first: int) -> Self:
        """Neighbouring ports, in the order in which they are declared."""
        return cls(**{name.name: first + offset for offset, name in enumerate(fields(cls))})

    @classmethod
    def free(cls) -> Self:
        """Ports that nobody listens on, each another."""
        found: set[int] = set()
        while len(found) < len(fields(cls)):
            found.add(free_port())
        return cls(*found)

    def by_name(self) -> dict[str, int]:
        """Every port under its name."""
        return {name.name: getattr(self, name.name) for name in fields(self)}


@dataclass(frozen=True)
class StackSettings:
    """Everything that tells one stack from another."""

    data_dir: Path = Path(".local/development")
    engines: EngineSet = "embedded"
    ports: Ports = field(default_factory=Ports)
    environment: str = "development"
    topic_prefix: str = "dev"
    audience: str = "clearinghouse-development"
    samples: bool = True
    """Whether sample records are loaded, once."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """More environment variables for the services, such as ``REGISTRY_SWEEP_SECONDS``."""

    def address(self, server: str) -> str:
        """``http://127.0.0.1:PORT`` of the server with this name in ``Ports``."""
        return f"http://{HOST}:{self.ports.by_name()[server]}"


def port_variable(server: str) -> str:
    """The environment variable that sets a server's port."""
    return f"CLEARINGHOUSE_{server.upper()}_PORT"


def read_settings(
    variables: Mapping[str, str],
    *,
    data_dir: Path | None = None,
    engines: str | None = None,
    ports_from: str | None = None,
) -> StackSettings:
    """The settings that options and environment variables ask for. Raises SettingsError."""
    counted = ports_from or variables.get("CLEARINGHOUSE_PORTS_FROM")
    ports = Ports.counted_from(_port("--ports-from", counted)) if counted else Ports()
    wanted = {name: variables.get(port_variable(name)) or str(port) for name, port in ports.by_name().items()}
    chosen = {name: _port(port_variable(name), port) for name, port in wanted.items()}
    return StackSettings(
        data_dir=data_dir or Path(variables.get("CLEARINGHOUSE_DATA") or StackSettings.data_dir),
        engines=_engines(engines or variables.get("CLEARINGHOUSE_ENGINES") or "embedded"),
        ports=Ports(**chosen),
    )


def _engines(value: str) -> EngineSet:
    for known in get_args(EngineSet):
        if value == known:
            return value  # type: ignore[return-value]  # get_args is untyped; the comparison proves it
    raise SettingsError(f"ENGINES={value} is not known; embedded or real")


def _port(name: str, value: str) -> int:
    if not value.isdecimal() or not 1024 <= int(value) <= 65_535:
        raise SettingsError(f"{name} {value} is no port; a number from 1024 to 65535")
    return int(value)
