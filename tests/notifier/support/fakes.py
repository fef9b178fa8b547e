"""The notifier's ports in memory: what its use cases are tested with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

from clearinghouse_messages.events import TransmissionOutcome, TransmissionOwed
from clearinghouse_runtime.work import LeaseLost
from notifier.application.ports import (
    Backlog,
    Commit,
    Hold,
    NotHandedOverError,
    UncertainError,
    UnknownLetterError,
)
from notifier.domain.delivery import Delivery, Letter, Verdict, outcome, settled, state
from notifier.domain.notices import Notice, RequestCondition

KINDS = ("copy", "withdrawal")


class FakeLetters:
    """Plain letters of the kinds that there are."""

    def render(self, owed: TransmissionOwed, *, environment: str) -> Letter:
        """A letter that names what it is made of."""
        if owed.kind not in KINDS:
            raise UnknownLetterError("no letter is declared for this kind of transmission")
        text = f"{owed.kind} {owed.identifier} ({environment})"
        return Letter(text, f"{text}\n", f"<p>{text}</p>", owed.language)


class FakeNotices:
    """Inbox rows in a dictionary."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[Notice, int]] = {}

    async def tell(
        self, rows: Sequence[Notice], *, request: str, request_state: RequestCondition, seq: int
    ) -> None:
        """See the port."""
        for row in rows:
            self._rows.setdefault(row.id, (row, seq))
        for row, since in list(self._rows.values()):
            if row.request == request and since < seq:
                self._rows[row.id] = (replace(row, request_state=request_state), seq)

    async def of_person(self, person: str, *, unread_only: bool, limit: int) -> list[Notice]:
        """See the port."""
        rows = [row for row, _ in self._rows.values() if row.person == person]
        chosen = [row for row in rows if not (unread_only and row.read)]
        return sorted(sorted(chosen, key=lambda row: row.id), key=lambda row: row.at, reverse=True)[:limit]

    async def mark_read(self, person: str, notice: str) -> bool:
        """See the port."""
        row, since = self._rows.get(notice, (None, 0))
        if row is None or row.person != person:
            return False
        self._rows[notice] = (replace(row, read=True), since)
        return True


class FakeDeliveries:
    """Deliveries in dictionaries; ``claim`` gives a hold as the queue does."""

    def __init__(self) -> None:
        self.kept: dict[str, Delivery] = {}
        self.told: list[TransmissionOutcome] = []
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

    async def save(self, delivery: Delivery, hold: Hold, *, tell: bool) -> None:
        """See the port."""
        if self._tokens.get(hold.id) != hold.token:
            raise LeaseLost(hold.id)
        self.kept[delivery.transmission] = delivery
        self.steps.append(delivery)
        if tell:
            await self.tell_again(delivery)
        if settled(delivery):
            del self._tokens[hold.id]

    async def tell_again(self, delivery: Delivery) -> None:
        """See the port."""
        known = outcome(delivery)
        if known is None:
            raise ValueError("no attempt has ended: there is no outcome to tell")
        self.told.append(known)

    async def backlog(self) -> Backlog:
        """See the port."""
        counts = Counter((state(delivery), delivery.lane) for delivery in self.kept.values())
        open_since = [delivery.owed_at for delivery in self.kept.values() if not settled(delivery)]
        return Backlog(counts, min(open_since, default=None))

    def claim(self, transmission: str) -> Hold:
        """A lease; the one given before is lost."""
        self._tokens[transmission] = uuid4().hex
        return Hold(transmission, self._tokens[transmission])


@dataclass(frozen=True)
class Received:
    """One message that a mail server has accepted."""

    sender: str
    recipients: list[str]
    content: bytes


@dataclass
class Behaviour:
    """How a mail server answers. ``codes`` are those for single addresses; all others are accepted.

    ``lost`` says where the connection ends: before the greeting, or after the content, which the server may
    then have kept (``keeps``).
    """

    codes: dict[str, int] = field(default_factory=dict)
    content_code: int = 250
    lost: str | None = None
    keeps: bool = False


class FakeMailServer:
    """A mail server in memory; ``behaviours`` are taken one by one, the last one stays."""

    name = "mail.example:25"

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours) or [Behaviour()]
        self.received: list[Received] = []
        self.when_committed: Callable[[], None] = lambda: None

    async def hand_over(
        self, sender: str, emails: Sequence[str], content: bytes, *, commit: Commit
    ) -> list[Verdict]:
        """See the port."""
        behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        if behaviour.lost == "before":
            raise NotHandedOverError(None, "no connection")
        declined = [_verdict(email, behaviour.codes[email]) for email in emails if email in behaviour.codes]
        willing = [email for email in emails if email not in behaviour.codes]
        if not willing:
            return declined
        await commit(declined)
        self.when_committed()
        if behaviour.keeps or (behaviour.lost is None and behaviour.content_code < 300):
            self.received.append(Received(sender, willing, content))
        if behaviour.lost == "after":
            raise UncertainError("the connection was lost before the server answered to the content")
        return [*declined, *(_verdict(email, behaviour.content_code) for email in willing)]


def _verdict(email: str, code: int) -> Verdict:
    if code < 300:
        return Verdict(email, "accepted", code, "OK")
    return Verdict(email, "refused" if code >= 500 else "pending", code, "not now" if code < 500 else "no")
