"""Who a consumer is within its group, kept over restarts (static membership, Kafka's KIP-345).

A process that was killed and started again takes its partitions back at once, instead of waiting until the broker
gives its former self up; and noida-db, which waits for ever for a leader that was killed, is not held up by it.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def held_identity(file: Path) -> Iterator[str | None]:
    """The identity kept in a file, made on first use; None while another process holds it.

    It is held until the end of the context, or of the process however it ends.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as kept:
        try:
            fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        kept.seek(0)
        identity = kept.read().strip()
        if not identity:
            identity = uuid4().hex
            kept.write(identity)
            kept.flush()
        yield identity
