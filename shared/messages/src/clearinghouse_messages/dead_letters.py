"""Dead letters on the wire: what could not be worked off, reported once on the topic ``dead-letters.v1``.

The content stays with the service. What is reported may name records and addresses, so it is kept for 30 days.
"""

from __future__ import annotations

from datetime import datetime

from clearinghouse_messages.envelope import Wire


class DeadLetter(Wire):
    """An event or a piece of work that cannot be worked off until an operator replays it.

    A message that is no event of ours cannot be replayed: whoever wrote it must write it again.
    """

    source: str
    """The service that keeps it."""
    queue: str
    """Where in the service it lies."""
    id: str
    """Unique within its queue."""
    error: str
    """What went wrong, without any value of the content."""
    at: datetime
    attempts: int
    replayable: bool
    type: str | None = None
    """The type of the event, where it is one."""
    subject: str | None = None
    record: str | None = None
