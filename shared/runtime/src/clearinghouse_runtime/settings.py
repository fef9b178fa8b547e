"""What the settings of all services share. Each service parses its own once, in its process's entry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

Environment = Literal["production", "training", "development", "staging"]
"""A deployment of its own: own databases, topics, index and audience; never a flag on a record."""

IDENTIFIER_MARKS: dict[Environment, str | None] = {
    "production": None,
    "training": "TRG",
    "development": "DEV",
    "staging": "STG",
}
"""What marks the identifiers of an environment, as in ``ABSCH-TRG-IRCC-MX-104-1``."""

NotEmpty = Annotated[str, Field(min_length=1)]
"""A variable that is set and empty (``${SECRET:-}`` of a deployment) is as bad as a missing one."""

Port = Annotated[int, Field(ge=0, le=65_535)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
"""Up to a day."""


def _not_empty(value: object) -> object:
    if value == "":
        raise ValueError("it is empty")
    return value


class SettingsError(Exception):
    """Settings are missing, wrong or unknown; the message names each variable."""


class ServiceSettings(BaseModel):
    """Base of every service's settings: frozen, parsed once, without refused values in its errors. Times in seconds.

    A subclass adds what is its own, and the ``prefix`` of its environment variables.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    prefix: ClassVar[str]

    environment: Environment
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    host: NotEmpty = "127.0.0.1"
    port: Port = 8080
    """Of the interface, in processes that serve one."""
    management_port: Port = 8081
    """Of health and metrics."""
    mongo_uri: SecretStr = Field(min_length=1)
    database: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,38}$")]
    bootstrap_servers: NotEmpty
    """``host:port[,host:port…]`` of the Kafka brokers."""
    topic_prefix: str
    """``dev``, ``trg``, ``stg``; empty in production."""
    replication: int = Field(default=1, ge=1)
    """Copies of each topic; 3 where there are three brokers."""
    issuer: NotEmpty
    audience: NotEmpty
    data_dir: Annotated[Path, BeforeValidator(_not_empty)]
    """What a process keeps on its own disk: who it is in its consumer group."""
    secret: SecretStr = Field(min_length=1)
    """Key of the hashes that idempotency keeps; the same in every process of the service."""
    lease: Seconds = 30.0
    """How long what a dead worker was working on waits before another one takes it over."""

    def scoped(self, name: str) -> str:
        """A name on the broker (of a group, of a producer) that no other environment on it has."""
        return f"{self.topic_prefix}.{name}" if self.topic_prefix else name


S = TypeVar("S", bound=ServiceSettings)


def read_settings(kind: type[S], variables: Mapping[str, str]) -> S:
    """The settings that environment variables state. Raises SettingsError, which names every fault at once.

    A variable with the service's prefix that is none of its settings is refused: it would be a typing error
    that nobody notices.
    """
    own = {name: value for name, value in variables.items() if name.startswith(kind.prefix)}
    try:
        return kind.model_validate({name.removeprefix(kind.prefix).lower(): own[name] for name in own})
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False)
        faults = {_fault(kind.prefix, fault["loc"], fault["type"], fault["msg"]) for fault in details}
        raise SettingsError("; ".join(sorted(faults))) from None


def _fault(prefix: str, location: tuple[int | str, ...], kind: str, message: str) -> str:
    if not location:
        return message.removeprefix("Value error, ")
    name = prefix + "_".join(map(str, location)).upper()
    known = {
        "missing": f"{name} is missing",
        "extra_forbidden": f"{name} is not a setting, correct the name or remove it",
    }
    return known.get(kind, f"{name}: {message}")
