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
from clearinghouse_local.settings import StackSettings

SERVICES = ("registry-api", "registry-relay", "registry-worker", "notifier-api", "notifier-worker")
"""The long-running processes; each is ``python -m SERVICE PROCESS`` with a port of its own."""


class Service(Server):
    """One process that answers ``/readyz``."""

    def __init__(
        self,
        name: str,
        arguments: list[str],
        port: int,
        *,
        log: Path,
        data_dir: Path,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.title = name.replace("-", " ")
        self.name = name
        self._arguments = arguments
        self._data_dir = data_dir
        self._not_ready = ""
        super().__init__(port, log=log, cwd=Path.cwd(), env=env)

    @property
    def address(self) -> str:
        """Where it answers HTTP."""
        return f"http://{HOST}:{self.port}"

    def _command(self) -> list[str]:
        return python(self._arguments)

    def _prepare(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=3) as answer:  # noqa: S310 - http, ours
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


def service(settings: StackSettings, name: str, *, mongo_uri: str, port: int, like: str) -> Service:
    """The process ``name`` that does what ``like`` of SERVICES does."""
    distribution, process = like.split("-")
    env = service_environment(settings, name, distribution, mongo_uri=mongo_uri, port=port)
    log = settings.data_dir / "logs" / f"{name}.log"
    folder = _data_dir(settings, name)
    return Service(name, [distribution, process], port, log=log, data_dir=folder, env=env)


def service_environment(
    settings: StackSettings, name: str, distribution: str, *, mongo_uri: str, port: int
) -> dict[str, str]:
    """The environment variables of one process of ``registry`` or ``notifier``; nothing of ours leaks in."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("REGISTRY_", "NOTIFIER_"))}
    common = {
        "ENVIRONMENT": settings.environment,
        "MONGO_URI": mongo_uri,
        "DATABASE": distribution,
        "BOOTSTRAP": f"{HOST}:{settings.ports.broker}",
        "TOPIC_PREFIX": settings.topic_prefix,
        "ISSUER": settings.address("issuer"),
        "AUDIENCE": settings.audience,
        "PUBLIC_ADDRESS": settings.address("registry_api"),
        "HOST": HOST,
        "PORT": str(port),
        "DATA_DIR": str(_data_dir(settings, name)),
    }
    own = {
        "registry": lambda: {
            "NOTIFIER_ADDRESS": settings.address("notifier_api"),
            "SECRET": _secret(settings.data_dir),
        },
        "notifier": lambda: {
            "REGISTRY_ADDRESS": settings.address("registry_api"),
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(settings.ports.sink_smtp),
            "SMTP_TLS": "none",
        },
    }[distribution]()
    named = {f"{distribution.upper()}_{key}": value for key, value in (common | own).items()}
    return kept | named | dict(settings.extra)


def _data_dir(settings: StackSettings, name: str) -> Path:
    return (settings.data_dir / "services" / name).absolute()


def _secret(data_dir: Path) -> str:
    """The key of the registry's hashes, made once for this stack's data."""
    file = data_dir / "secret"
    try:
        if not file.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(32))
        return file.read_text()
    except OSError as error:
        raise EngineError(f"the data folder {data_dir} cannot be used ({error.strerror})") from None


def supporting(settings: StackSettings, name: str) -> Service:
    """The ``issuer`` or the ``sink`` as a process."""
    ports = settings.ports
    folder = (settings.data_dir / name).absolute()
    listens = ["--smtp-port", str(ports.sink_smtp), "--web-port", str(ports.sink_web)]
    port, options = {
        "issuer": (ports.issuer, ["--port", str(ports.issuer), "--audience", settings.audience]),
        "sink": (ports.sink_web, [*listens, "--environment", settings.environment]),
    }[name]
    command = ["clearinghouse_local", name, "--data", str(folder), *options]
    return Service(name, command, port, log=settings.data_dir / "logs" / f"{name}.log", data_dir=folder)
