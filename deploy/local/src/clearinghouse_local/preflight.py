"""What the machine lacks for a stack, found before anything is started: each a line that says what to do."""

from __future__ import annotations

from clearinghouse_local.data_folder import why_unusable
from clearinghouse_local.engines import (
    SecantusServer,
    holder_of,
    missing_for_kafka,
    missing_for_mongod,
    port_is_free,
)
from clearinghouse_local.settings import StackSettings, port_variable


def preflight_errors(settings: StackSettings) -> list[str]:
    """Why this stack cannot start, each with the remedy; empty when it can."""
    data = why_unusable(settings.data_dir)
    if data is not None:
        return [data]
    broker = missing_for_kafka() if settings.engines == "real" else None
    return [*_ports(settings), *([f"{broker}; or do without ENGINES=real"] if broker else [])]


def preflight_notes() -> list[str]:
    """What is lacking and got round."""
    lacking = missing_for_mongod()
    return [f"{lacking}. {SecantusServer.title} is used instead."] if lacking else []


def _ports(settings: StackSettings) -> list[str]:
    lines = []
    for server, port in settings.ports.items():
        unused = server == "controller" and settings.engines != "real"
        if unused or port_is_free(port):
            continue
        holder = holder_of(port)
        lines.append(
            f"port {port} ({server.replace('-', ' ')}) is in use{f' by {holder}' if holder else ''}; "
            f"end that, or set {port_variable(server)} to another port"
        )
    return lines
