"""Where the stack that a demo runs against answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Addresses:
    """Addresses of a running stack; ``engines`` names what it runs on, for the report."""

    registry: str
    notifier: str
    sink: str
    issuer: str
    bootstrap: str
    topic_prefix: str
    engines: Mapping[str, str] = field(default_factory=dict)
