"""Asking a broker whether it answers, without a client: ApiVersions (key 18, version 0) of the protocol."""

from __future__ import annotations

import socket
import struct

from clearinghouse_local.engines.ports import HOST

_API_VERSIONS = 18
_CORRELATION = 7


def speaks_kafka(port: int) -> bool:
    """Whether a broker on ``port`` answers requests now."""
    request = struct.pack(">hhih", _API_VERSIONS, 0, _CORRELATION, -1)
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = _read(connection, 10)
    except OSError:
        return False
    _, correlation, error = struct.unpack(">iih", answer)
    return bool(correlation == _CORRELATION and error == 0)


def _read(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionResetError
        data += part
    return data
