"""The registry's settings, from environment variables ``REGISTRY_*``; parsed once, by a process's entry."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from clearinghouse_runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """Addresses of the engines, names of this environment, and times in seconds."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_")

    mongo_uri: SecretStr
    database: str
    bootstrap: str
    """``host:port`` of the Kafka brokers."""
    topic_prefix: str
    issuer: str
    audience: str
    public_address: str
    """The base of every link: ``{public_address}/{identifier}`` resolves for ever."""
    notifier_address: str = ""
    """Where people find their inbox; told by ``/v1/about``."""
    data_dir: Path
    secret: SecretStr
    """Key of the hashes that idempotency keeps; the same in every process of the environment."""
    replication: int = 1
    """Copies of each topic; 3 where there are three brokers."""
    sweep_seconds: float = 300.0
    """A transmission without outcome for so long is stated again."""

    def scoped(self, name: str) -> str:
        """A name on the broker (of a group, of a producer) that no other environment on it has."""
        return f"{self.topic_prefix}.{name}" if self.topic_prefix else name
