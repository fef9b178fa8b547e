"""What the client reads beside the answers of ``clearinghouse_messages.answers``."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from clearinghouse_messages.answers import Answer


class FormatSchema(Answer):
    """The JSON Schema of a common format, as far as the client asks: which members it has."""

    properties: dict[str, Any] = Field(default_factory=dict)
