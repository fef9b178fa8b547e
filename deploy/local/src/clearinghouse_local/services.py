"""The processes of the project itself, as the stack starts them: command and settings of each."""

from __future__ import annotations

import os
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from clearinghouse_local.engines import EngineError, Server
from clearinghouse_local.engines.ports import HOST
from clearinghouse_local.manifests import manifests, settings_of
from clearinghouse_local.settings import StackSettings, management


class ServiceProcess(Server):
    """One process that answers ``/readyz``."""

    def __init__(
        self,
        name: str,
        arguments: list[str],
        port: int,
        *,
        management_port: int | None = None,
        log: Path,
        data_dir: Path,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.title = name.replace("-", " ")
        self.name = name
        self._arguments = arguments
        self._data_dir = data_dir
        self._management_port = management_port or port
        self._not_ready = ""
        super().__init__(port, log=log, cwd=Path.cwd(), env=env)

    @property
    def management_address(self) -> str:
        """Where it answers health and metrics."""
        return f"http://{HOST}:{self._management_port}"

    def _command(self) -> list[str]:
        return python(self._arguments)

    def _prepare(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.management_address}/readyz", timeout=3) as answer:  # noqa: S310 - http, ours
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            with error:
                self._not_ready = error.read(2000).decode(errors="replace")
        except OSError:
            pass
        return False

    def _reasons(self, lines: list[str]) -> list[str]:
        errors = [line for line in lines if '"level": "error"' in line or "Error" in line]
        return [*errors[-2:], f"/readyz said {self._not_ready}"] if self._not_ready else errors or lines


def python(arguments: list[str]) -> list[str]:
    """The command that runs a module of this environment: ``python -m …``."""
    return [sys.executable, "-m", *arguments]


def process_names() -> list[str]:
    """Every process of every service, for instance ``registry-api``."""
    return [f"{one.name}-{process.name}" for one in manifests() for process in one.processes]


def service_process(
    settings: StackSettings, name: str, *, mongo_uri: str, like: str, ports: tuple[int | None, int]
) -> ServiceProcess:
    """The process ``name`` that does what ``like`` does, on its port (None: no interface) and management port."""
    service, process = like.split("-", 1)
    port, management_port = ports
    env = service_environment(settings, name, service, mongo_uri=mongo_uri, ports=ports)
    return ServiceProcess(
        name,
        [service, process],
        management_port if port is None else port,
        management_port=management_port,
        log=settings.data_dir / "logs" / f"{name}.log",
        data_dir=_data_dir(settings, name),
        env=env,
    )


def usual_ports_of(settings: StackSettings, process: str) -> tuple[int | None, int]:
    """The port and the management port of a process in this stack."""
    return settings.ports.get(process), settings.ports[management(process)]


def service_environment(
    settings: StackSettings,
    name: str,
    service: str,
    *,
    mongo_uri: str,
    ports: tuple[int | None, int] | None = None,
) -> dict[str, str]:
    """The environment variables of one process of a service: of what the stack knows, its own settings."""
    kind = settings_of(service)
    facts = stack_facts(settings, service, mongo_uri) | {"data_dir": str(_data_dir(settings, name))}
    if ports is not None:
        port, facts["management_port"] = str(ports[0] or 0), str(ports[1])
        facts["port"] = port
    own = {f"{kind.prefix}{field.upper()}": facts[field] for field in kind.model_fields if field in facts}
    prefixes = tuple(settings_of(one.name).prefix for one in manifests())
    kept = {key: value for key, value in os.environ.items() if not key.startswith(prefixes)}
    extra = {key: value for key, value in settings.extra.items() if not key.startswith(prefixes)}
    extra |= {key: value for key, value in settings.extra.items() if key.startswith(kind.prefix)}
    return kept | own | extra


def stack_facts(settings: StackSettings, service: str, mongo_uri: str) -> dict[str, str]:
    """What a stack knows that a service may have a setting for, by the name of the setting."""
    addresses = {
        f"{one.name}_address": settings.address(f"{one.name}-{process.name}")
        for one in manifests()
        for process in one.processes
        if process.port is not None
    }
    return addresses | {
        "environment": settings.environment,
        "mongo_uri": mongo_uri,
        "database": service,
        "bootstrap_servers": f"{HOST}:{settings.ports['broker']}",
        "topic_prefix": settings.topic_prefix,
        "issuer": settings.address("issuer"),
        "audience": settings.audience,
        "public_address": settings.address("registry-api"),
        "host": HOST,
        "secret": _secret(settings.data_dir),
        "smtp_host": HOST,
        "smtp_port": str(settings.ports["sink-smtp"]),
        "smtp_tls": "none",
    }


def _data_dir(settings: StackSettings, name: str) -> Path:
    return (settings.data_dir / "services" / name).absolute()


def _secret(data_dir: Path) -> str:
    """The key of the services' hashes, made once for this stack's data."""
    file = data_dir / "secret"
    try:
        if not file.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(32))
        return file.read_text()
    except OSError as error:
        raise EngineError(f"the data folder {data_dir} cannot be used ({error.strerror})") from None


def supporting(settings: StackSettings, name: str) -> ServiceProcess:
    """The ``issuer`` or the ``sink`` as a process."""
    ports = settings.ports
    folder = (settings.data_dir / name).absolute()
    listens = ["--smtp-port", str(ports["sink-smtp"]), "--web-port", str(ports["sink-web"])]
    port, options = {
        "issuer": (ports["issuer"], ["--port", str(ports["issuer"]), "--audience", settings.audience]),
        "sink": (ports["sink-web"], [*listens, "--environment", settings.environment]),
    }[name]
    command = ["clearinghouse_local", name, "--data", str(folder), *options]
    log = settings.data_dir / "logs" / f"{name}.log"
    return ServiceProcess(name, command, port, log=log, data_dir=folder)
