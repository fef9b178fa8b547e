"""The notifier's ports in memory: what its use cases are tested with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import uuid4

from clearinghouse_messages.events import RequestStatus, TransmissionOutcome, TransmissionOwed
from clearinghouse_runtime.commands import IdempotencyRecord
from clearinghouse_runtime.entries import LedgerEntry
from clearinghouse_runtime.lease import Lease, LeaseLost
from notifier.application.ports import (
    Backlog,
    Commit,
    InboxTransaction,
    NotHandedOverError,
    UncertainError,
    UnknownLetterError,
)
from notifier.domain.delivery import AddressReply, Delivery, Letter, outcome, settled, status_of
from notifier.domain.notifications import Notification
from tests.support.idempotency import StoredResults

T = TypeVar("T")

REALMS = ("bch",)
KINDS = ("copy", "withdrawal")


class FakeLetters:
    """Plain letters of the realms and kinds that there are."""

    def render(self, owed: TransmissionOwed, *, environment: str) -> Letter:
        """A letter that names what it is made of."""
        if owed.realm not in REALMS:
            raise UnknownLetterError("no letters are declared for the realm of this transmission")
        if owed.kind not in KINDS:
            raise UnknownLetterError("no letter is declared for this kind of transmission")
        text = f"{owed.kind} {owed.identifier} ({environment})"
        return Letter(text, f"{text}\n", f"<p>{text}</p>", owed.language)


class FakeNotifications:
    """Inbox rows in a dictionary."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[Notification, int]] = {}
        self.results: dict[str, IdempotencyRecord] = {}

    async def add(
        self, rows: Sequence[Notification], *, request: str, request_status: RequestStatus, seq: int
    ) -> None:
        """See the port."""
        for row in rows:
            self._rows.setdefault(row.id, (row, seq))
        for row, since in list(self._rows.values()):
            if row.request == request and since < seq:
                self._rows[row.id] = (replace(row, request_status=request_status), seq)

    async def of_person(self, person: str, *, unread_only: bool, limit: int) -> list[Notification]:
        """See the port."""
        rows = [row for row, _ in self._rows.values() if row.person == person]
        chosen = [row for row in rows if not (unread_only and row.read)]
        return sorted(sorted(chosen, key=lambda row: row.id), key=lambda row: row.at, reverse=True)[:limit]

    async def transact(self, body: Callable[[InboxTransaction], Awaitable[T]]) -> T:
        """See the port."""
        transaction = FakeInboxTransaction(self._rows, self.results)
        done = await body(transaction)
        self._rows, self.results = transaction.rows, transaction.results
        return done


class FakeInboxTransaction(StoredResults):
    """A transaction on copies."""

    def __init__(
        self, rows: Mapping[str, tuple[Notification, int]], results: Mapping[str, IdempotencyRecord]
    ) -> None:
        self.rows = dict(rows)
        self.results = dict(results)

    async def mark_read(self, person: str, notification: str) -> bool:
        """See the port."""
        row, since = self.rows.get(notification, (None, 0))
        if row is None or row.person != person:
            return False
        self.rows[notification] = (replace(row, read=True), since)
        return True

    async def append(self, entries: Sequence[LedgerEntry]) -> None:
        """No command of an inbox states events."""
        raise AssertionError(entries)


class FakeDeliveries:
    """Deliveries in dictionaries; ``claim`` gives a lease as the queue does."""

    def __init__(self) -> None:
        self.kept: dict[str, Delivery] = {}
        self.reported: list[TransmissionOutcome] = []
        self.steps: list[Delivery] = []
        self._tokens: dict[str, str] = {}

    async def owe(self, delivery: Delivery) -> bool:
        """See the port."""
        new = delivery.transmission not in self.kept
        self.kept.setdefault(delivery.transmission, delivery)
        return new

    async def get(self, transmission: str) -> Delivery | None:
        """See the port."""
        return self.kept.get(transmission)

    async def save(self, delivery: Delivery, lease: Lease, *, report: bool) -> None:
        """See the port."""
        if self._tokens.get(lease.id) != lease.token:
            raise LeaseLost(lease.id)
        self.kept[delivery.transmission] = delivery
        self.steps.append(delivery)
        if report:
            await self.report_again(delivery)
        if settled(delivery):
            del self._tokens[lease.id]

    async def report_again(self, delivery: Delivery) -> None:
        """See the port."""
        known = outcome(delivery)
        if known is None:
            raise ValueError("no attempt has ended: there is no outcome to report")
        self.reported.append(known)

    async def backlog(self) -> Backlog:
        """See the port."""
        counts = Counter((status_of(delivery), delivery.lane) for delivery in self.kept.values())
        open_since = [delivery.owed_at for delivery in self.kept.values() if not settled(delivery)]
        return Backlog(counts, min(open_since, default=None))

    def claim(self, transmission: str) -> Lease:
        """A lease; the one given before is lost."""
        self._tokens[transmission] = uuid4().hex
        return Lease(transmission, self._tokens[transmission])


@dataclass(frozen=True)
class ReceivedMail:
    """One message that a mail server has accepted."""

    sender: str
    recipients: list[str]
    content: bytes


@dataclass
class ServerScript:
    """How a mail server answers. ``codes`` are those for single addresses; all others are accepted.

    ``lost`` says where the connection ends: before the greeting, or after the content, which the server may
    then have kept (``keeps``).
    """

    codes: dict[str, int] = field(default_factory=dict)
    content_code: int = 250
    lost: str | None = None
    keeps: bool = False


class FakeMailServer:
    """A mail server in memory; ``scripts`` are taken one by one, the last one stays."""

    name = "mail.example:25"

    def __init__(self, *scripts: ServerScript) -> None:
        self.scripts = list(scripts) or [ServerScript()]
        self.received: list[ReceivedMail] = []
        self.when_committed: Callable[[], None] = lambda: None

    async def hand_over(
        self, sender: str, emails: Sequence[str], content: bytes, *, commit: Commit
    ) -> list[AddressReply]:
        """See the port."""
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        if script.lost == "before":
            raise NotHandedOverError(None, "no connection")
        declined = [_verdict(email, script.codes[email]) for email in emails if email in script.codes]
        willing = [email for email in emails if email not in script.codes]
        if not willing:
            return declined
        await commit(declined)
        self.when_committed()
        if script.keeps or (script.lost is None and script.content_code < 300):
            self.received.append(ReceivedMail(sender, willing, content))
        if script.lost == "after":
            raise UncertainError("the connection was lost before the server answered to the content")
        return [*declined, *(_verdict(email, script.content_code) for email in willing)]


def _verdict(email: str, code: int) -> AddressReply:
    if code < 300:
        return AddressReply(email, "accepted", code, "OK")
    return AddressReply(
        email, "refused" if code >= 500 else "pending", code, "not now" if code < 500 else "no"
    )
