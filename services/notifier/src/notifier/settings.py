"""The notifier's settings, from environment variables ``NOTIFIER_*``."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator

from clearinghouse_runtime.settings import NotEmpty, Port, Seconds, ServiceSettings

NO_DOMAIN = "clearinghouse.invalid"
"""A domain that no mail can come from (RFC 2606): good enough where mail only reaches the sink."""


class Settings(ServiceSettings):
    """What is the notifier's own; times in seconds."""

    prefix: ClassVar[str] = "NOTIFIER_"

    registry_address: NotEmpty
    """Where permission is asked: the registry says who is of the Secretariat."""
    smtp_host: NotEmpty
    smtp_port: Port
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_ca_file: Path | None = None
    """Certificates of authorities beside the system's own, for a relay with a private one."""
    smtp_timeout: Seconds = 60.0
    """For each step of the conversation with the mail server."""
    mail_domain: str = NO_DOMAIN
    """The domain of the realms' e-mail identities and of every Message-ID."""

    senders: int = Field(default=2, ge=1)
    """How many letters of each lane are handed over at once."""
    retry_first: Seconds = 5.0
    retry_maximum: Seconds = 3600.0

    @model_validator(mode="after")
    def _mail_of_production_has_a_domain(self) -> Self:
        if self.environment == "production" and self.mail_domain == NO_DOMAIN:
            raise ValueError("NOTIFIER_MAIL_DOMAIN is needed in production")
        if (self.smtp_username is None) != (self.smtp_password is None):
            raise ValueError("NOTIFIER_SMTP_USERNAME and NOTIFIER_SMTP_PASSWORD go together")
        return self
