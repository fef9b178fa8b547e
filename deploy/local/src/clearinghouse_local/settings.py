"""Where a stack runs: its data folder, its ports, its engines. Options win over ``CLEARINGHOUSE_*`` variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from clearinghouse_local.engines import free_port
from clearinghouse_local.engines.ports import HOST
from clearinghouse_local.manifests import manifests

EngineSet = Literal["embedded", "real"]
"""``real`` is Apache Kafka instead of the small broker."""


class StackSettingsError(Exception):
    """A setting has no usable value; the message is one line that names it."""


Ports = Mapping[str, int]
"""One port for each server of a stack, by its name: ``registry-api``, ``registry-api-management``, ``broker``, …"""

ENGINE_PORTS = {
    "sink-smtp": 8125,
    "sink-web": 8126,
    "issuer": 8180,
    "broker": 9192,
    "controller": 9193,
    "documents": 27117,
}


def usual_ports() -> dict[str, int]:
    """The ports that the manifests of the services state, and those of the engines."""
    ports: dict[str, int] = {}
    for manifest in manifests():
        for process in manifest.processes:
            name = f"{manifest.name}-{process.name}"
            if process.port is not None:
                ports[name] = process.port
            ports[management(name)] = process.management_port
    return ports | ENGINE_PORTS


def counted_ports(first: int) -> dict[str, int]:
    """Neighbouring ports, in the order in which they are declared."""
    return {name: first + offset for offset, name in enumerate(usual_ports())}


def free_ports() -> dict[str, int]:
    """Ports that nobody listens on, each another."""
    found: dict[int, None] = {}
    names = list(usual_ports())
    while len(found) < len(names):
        found[free_port()] = None
    return dict(zip(names, found, strict=True))


def management(process: str) -> str:
    """The name of a process's port for health and metrics."""
    return f"{process}-management"


@dataclass(frozen=True)
class StackSettings:
    """Everything in which one stack differs from another."""

    data_dir: Path = Path(".local/development")
    engines: EngineSet = "embedded"
    ports: Ports = field(default_factory=usual_ports)
    environment: str = "development"
    topic_prefix: str = "dev"
    audience: str = "clearinghouse-development"
    samples: bool = True
    """Whether sample records are loaded, once."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """More environment variables for the services, such as ``REGISTRY_SWEEP_SECONDS``."""

    def address(self, server: str) -> str:
        """``http://127.0.0.1:PORT`` of the server with this name in ``Ports``."""
        return f"http://{HOST}:{self.ports[server]}"


def port_variable(server: str) -> str:
    """The environment variable that sets a server's port."""
    return f"CLEARINGHOUSE_{server.upper().replace('-', '_')}_PORT"


def read_settings(
    variables: Mapping[str, str],
    *,
    data_dir: Path | None = None,
    engines: str | None = None,
    ports_from: str | None = None,
) -> StackSettings:
    """The settings that options and environment variables ask for. Raises StackSettingsError."""
    counted = ports_from or variables.get("CLEARINGHOUSE_PORTS_FROM")
    ports = counted_ports(_port("--ports-from", counted)) if counted else usual_ports()
    wanted = {name: variables.get(port_variable(name)) or str(port) for name, port in ports.items()}
    chosen = {name: _port(port_variable(name), port) for name, port in wanted.items()}
    return StackSettings(
        data_dir=data_dir or Path(variables.get("CLEARINGHOUSE_DATA") or StackSettings.data_dir),
        engines=_engines(engines or variables.get("CLEARINGHOUSE_ENGINES") or "embedded"),
        ports=chosen,
    )


def _engines(value: str) -> EngineSet:
    for known in get_args(EngineSet):
        if value == known:
            return value  # type: ignore[return-value]  # get_args is untyped; the comparison proves it
    raise StackSettingsError(f"ENGINES={value} is not known; embedded or real")


def _port(name: str, value: str) -> int:
    if not value.isdecimal() or not 1024 <= int(value) <= 65_535:
        raise StackSettingsError(f"{name} {value} is no port; a number from 1024 to 65535")
    return int(value)
