"""The mail sink of a deployment that is not production: every letter that was handed over."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from clearinghouse_client.connection import Connection
from clearinghouse_messages.answers import Answer


class SinkLetter(Answer):
    """A letter as the sink received it. Header names are compared in any letter case."""

    id: int
    received_at: datetime | None = None
    recipients: list[str]
    subject: str = ""
    message_id: str = ""
    language: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    text: str = ""
    html: str | None = None

    def header(self, name: str) -> str:
        """The value of a header, empty when it is not there."""
        for written, value in self.headers.items():
            if written.casefold() == name.casefold():
                return value
        return ""

    @property
    def transmission(self) -> str:
        """The transmission that the letter fulfils."""
        return self.header("X-Clearinghouse-Transmission")

    @property
    def record(self) -> str:
        """The identifier of what is transmitted."""
        return self.header("X-Clearinghouse-Record")

    @property
    def roles(self) -> str:
        """Why the recipient receives it."""
        return self.header("X-Clearinghouse-Roles")

    @property
    def addresses(self) -> frozenset[str]:
        """The recipients, comparable."""
        return frozenset(recipient.casefold() for recipient in self.recipients)


class Sink:
    """The sink's web side."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def letters(self, after: int = 0) -> list[SinkLetter]:
        """Every letter received behind the one with that number."""
        document = await self._connection.read("/mails", after=after)
        return [SinkLetter.model_validate(item) for item in document["items"]]

    async def last(self) -> int:
        """The number of the newest letter, 0 when there is none."""
        return max((letter.id for letter in await self.letters()), default=0)
