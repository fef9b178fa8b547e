"""Ports of the loopback interface: free ones, and who holds one that is not."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

HOST = "127.0.0.1"

_FOR_SERVERS = range(15_000, 32_000)
"""Below the ephemeral ports of Linux (32768 on) and of IANA (49152 on)."""

_LISTEN = "0A"


def free_port() -> int:
    """A port that nobody listened on a moment ago, outside the range that outgoing connections are given."""
    while not port_is_free(port := secrets.choice(_FOR_SERVERS)):
        pass
    return port


def port_is_free(port: int) -> bool:
    """Whether a server could listen on ``port`` now (connections that are closing do not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def holder_of(port: int) -> str | None:
    """The process that listens on ``port``: ``name (process 123)``; None where the system does not say."""
    inodes = _listening_inodes(port)
    if not inodes:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        if _holds_one_of(process, inodes):
            name = (process / "comm").read_text().strip()
            return f"{name} (process {process.name})"
    return None


def _listening_inodes(port: int) -> set[str]:
    suffix = f":{port:04X}"
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(suffix) and fields[3] == _LISTEN:
                inodes.add(f"socket:[{fields[9]}]")
    return inodes


def _holds_one_of(process: Path, inodes: set[str]) -> bool:
    try:
        return any(str(link.readlink()) in inodes for link in (process / "fd").iterdir())
    except OSError:  # it ended meanwhile, or belongs to someone else
        return False
