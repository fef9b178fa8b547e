"""What the use cases need from outside. Fakes and real adapters pass the same contract cases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from clearinghouse_messages.envelope import Lane
from clearinghouse_messages.events import RequestStatus, TransmissionOwed
from clearinghouse_runtime.commands import CommandTransaction
from clearinghouse_runtime.lease import Lease
from clearinghouse_runtime.retry import PlainError
from notifier.domain.delivery import AddressReply, Delivery, DeliveryStatus, Letter
from notifier.domain.notifications import Notification

T = TypeVar("T")


class UnknownLetterError(PlainError):
    """No letter is declared for a transmission's realm or kind: a dead letter until one is."""


class Letters(Protocol):
    """Writes the letter of an official transmission."""

    def render(self, owed: TransmissionOwed, *, environment: str) -> Letter:
        """The letter, or UnknownLetterError where none is declared for the transmission."""


class Notifications(Protocol):
    """The inbox rows of persons."""

    async def add(
        self, rows: Sequence[Notification], *, request: str, request_status: RequestStatus, seq: int
    ) -> None:
        """Add the rows that are not there yet, and let all earlier rows of the request follow its status.

        ``seq`` orders the statuses of a request: an older one never replaces a newer one.
        """

    async def of_person(self, person: str, *, unread_only: bool, limit: int) -> list[Notification]:
        """The newest ``limit`` rows of a person, newest first."""

    async def transact(self, body: Callable[[InboxTransaction], Awaitable[T]]) -> T:
        """Run ``body`` in a transaction; it may run several times."""


class InboxTransaction(CommandTransaction, Protocol):
    """A transaction over inboxes."""

    async def mark_read(self, person: str, notification: str) -> bool:
        """Whether the person has such a row; it is read from now on."""


@dataclass(frozen=True)
class Backlog:
    """Deliveries by status and lane, and since when the oldest unsettled one is owed (None: none is)."""

    counts: Mapping[tuple[DeliveryStatus, Lane], int]
    oldest: datetime | None


class Deliveries(Protocol):
    """Deliveries with their evidence, the queue of those to hand over, and the outcomes reported."""

    async def owe(self, delivery: Delivery) -> bool:
        """Keep and queue a delivery, once for each transmission; False when it is known already."""

    async def get(self, transmission: str) -> Delivery | None:
        """The delivery with its evidence."""

    async def save(self, delivery: Delivery, lease: Lease, *, report: bool) -> None:
        """Write a step of the evidence, and with ``report`` its outcome, in one transaction.

        A settled delivery leaves the queue in the same transaction. Raises
        ``clearinghouse_runtime.lease.LeaseLost`` when the lease is no longer the one that was given last;
        then nothing is written.
        """

    async def report_again(self, delivery: Delivery) -> None:
        """State the delivery's outcome as a new event, with the same evidence."""

    async def backlog(self) -> Backlog:
        """How many deliveries there are by status and lane, and since when the oldest is unsettled."""


class NotHandedOverError(Exception):
    """The attempt ended before any content was sent. ``code`` is None where no server answered."""

    def __init__(self, code: int | None, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class UncertainError(Exception):
    """Content was sent, or may have been, and the server's answer is not known."""


Commit = Callable[[Sequence[AddressReply]], Awaitable[None]]
"""Awaited immediately before the content is sent, with what the server declined so far. When it raises,
nothing is sent."""


class MailServer(Protocol):
    """The mail server that letters are handed over to."""

    @property
    def name(self) -> str:
        """What the evidence calls it, ``host:port``."""

    async def hand_over(
        self, sender: str, emails: Sequence[str], content: bytes, *, commit: Commit
    ) -> list[AddressReply]:
        """One message to all addresses; a reply for each.

        Raises NotHandedOverError when the server could not be asked, UncertainError when its answer to the
        content is missing, and whatever ``commit`` raises.
        """
