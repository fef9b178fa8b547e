"""What a service says of itself: its processes, their ports, the streams it reads and states.

The local stack and the generated documents read manifests and list nothing by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from clearinghouse_messages.events import Stream


@dataclass(frozen=True)
class Process:
    """One long-running process of a service: ``python -m SERVICE NAME``.

    ``port`` (None: it serves no interface) and ``management_port`` (health and metrics) are those of a stack on
    one machine; elsewhere the settings say which.
    """

    name: str
    summary: str
    management_port: int
    port: int | None = None


@dataclass(frozen=True)
class Manifest:
    """One service. ``name`` is its package, its database, and the prefix of its settings."""

    name: str
    title: str
    summary: str
    processes: tuple[Process, ...]
    consumes: tuple[Stream, ...] = ()
    produces: tuple[Stream, ...] = ()
