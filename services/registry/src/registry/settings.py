"""The registry's settings, from environment variables ``REGISTRY_*``."""

from __future__ import annotations

from typing import ClassVar

from clearinghouse_runtime.settings import NotEmpty, Seconds, ServiceSettings


class Settings(ServiceSettings):
    """What is the registry's own; times in seconds."""

    prefix: ClassVar[str] = "REGISTRY_"

    public_address: NotEmpty
    """The base of every link: ``{public_address}/{identifier}`` resolves for ever."""
    notifier_address: str = ""
    """Where people find their inbox; ``/v1/about`` states it."""
    sweep_seconds: Seconds = 300.0
    """A transmission without outcome for so long is stated again."""
