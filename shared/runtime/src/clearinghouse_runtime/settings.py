"""What the settings of all services share. Each service parses its own once, in its process's entry."""

from __future__ import annotations

from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

Environment = Literal["production", "training", "development", "staging"]
"""A deployment of its own: own databases, topics, index and audience; never a flag on a record."""

IDENTIFIER_MARKS: dict[Environment, str | None] = {
    "production": None,
    "training": "TRG",
    "development": "DEV",
    "staging": "STG",
}
"""What marks the identifiers of an environment, as in ``ABSCH-TRG-IRCC-MX-104-1``."""


class ServiceSettings(BaseSettings):
    """Base of every service's settings: frozen, parsed once, silent about refused values."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    environment: Environment
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    host: str = "127.0.0.1"
    port: int
