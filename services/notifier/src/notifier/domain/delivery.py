"""A delivery: one official transmission on its way to a mail server, and the evidence of every attempt.

The rule of second hand-overs: an address that a server accepted is never handed over again; one whose
answer is unknown is handed over again only after the evidence says *uncertain*, with the same Message-ID.
All functions are pure: they take a delivery and the time and return the delivery after the step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from clearinghouse_messages.envelope import Lane
from clearinghouse_messages.events import Answer, Attempt, OutcomeState, TransmissionOutcome

Standing = Literal["pending", "accepted", "refused"]
"""What is known of one address: a hand-over is still owed, or a server has given its final answer."""

DeliveryState = Literal["owed"] | OutcomeState
"""``owed`` until the first attempt has ended, then what its outcome says."""


@dataclass(frozen=True)
class Letter:
    """A letter in its recipient's language, as it was made when the transmission was received."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True)
class Recipient:
    """One address of the transmission's recipient."""

    email: str
    standing: Standing = "pending"


@dataclass(frozen=True)
class Verdict:
    """What a mail server said about one address. ``code`` is None where no server was asked."""

    email: str
    standing: Standing
    code: int | None
    text: str


@dataclass(frozen=True)
class Delivery:
    """One message to all addresses of one recipient. ``attempts`` is the evidence, oldest first."""

    transmission: str
    kind: str
    realm: str
    record: str
    identifier: str
    roles: tuple[str, ...]
    lane: Lane
    sender: str
    message_id: str
    letter: Letter
    recipients: tuple[Recipient, ...]
    owed_at: datetime
    traceparent: str | None = None
    attempts: tuple[Attempt, ...] = ()


def pending(delivery: Delivery) -> list[str]:
    """The addresses that still await a final answer."""
    return [recipient.email for recipient in delivery.recipients if recipient.standing == "pending"]


def settled(delivery: Delivery) -> bool:
    """Whether no address awaits an answer any more."""
    return not pending(delivery)


def state(delivery: Delivery) -> DeliveryState:
    """What became of the delivery so far. Once uncertain, it stays so until every address is settled."""
    if settled(delivery):
        accepted = any(recipient.standing == "accepted" for recipient in delivery.recipients)
        return "delivered" if accepted else "failed"
    if any(attempt.state == "uncertain" for attempt in delivery.attempts):
        return "uncertain"
    if any(attempt.ended_at is not None for attempt in delivery.attempts):
        return "retrying"
    return "owed"


def outcome(delivery: Delivery) -> TransmissionOutcome | None:
    """The whole evidence as it is told to the registry; None before the first attempt has ended."""
    known = state(delivery)
    if known == "owed":
        return None
    return TransmissionOutcome(
        transmission=delivery.transmission,
        realm=delivery.realm,
        identifier=delivery.identifier,
        state=known,
        attempts=list(delivery.attempts),
    )


def begin(delivery: Delivery, server: str, at: datetime) -> Delivery:
    """An attempt starts; nothing has been said to the server yet."""
    attempt = Attempt(
        number=len(delivery.attempts) + 1,
        state="connecting",
        server=server,
        started_at=at,
        message_id=delivery.message_id,
    )
    return replace(delivery, attempts=(*delivery.attempts, attempt))


def commit_to_hand_over(delivery: Delivery, known: Sequence[Verdict]) -> Delivery:
    """The content is about to be sent: from here on the server may have accepted it.

    ``known`` are the addresses that the server has already declined; their answers are part of the evidence.
    """
    return _with_last(delivery, known, state="handing-over", ended_at=None)


def end(delivery: Delivery, verdicts: Sequence[Verdict], at: datetime) -> Delivery:
    """The server has answered for every address that was pending."""
    standings = {verdict.standing for verdict in verdicts}
    state: Literal["accepted", "refused", "deferred"] = "deferred"
    if "accepted" in standings:
        state = "accepted"
    elif standings == {"refused"}:
        state = "refused"
    return _with_last(delivery, verdicts, state=state, ended_at=at)


def defer(delivery: Delivery, code: int | None, text: str, at: datetime) -> Delivery:
    """The attempt ended before any content was sent."""
    return _with_last(delivery, _unanswered(delivery, code, text), state="deferred", ended_at=at)


def doubt(delivery: Delivery, text: str, at: datetime) -> Delivery:
    """Content was sent, or may have been, and no answer is known."""
    return _with_last(delivery, _unanswered(delivery, None, text), state="uncertain", ended_at=at)


def close_interrupted(delivery: Delivery, at: datetime) -> Delivery | None:
    """Ends the attempt of a sender that died in the middle of it; None when there is none."""
    if not delivery.attempts or delivery.attempts[-1].ended_at is not None:
        return None
    if delivery.attempts[-1].state == "connecting":
        return defer(delivery, None, "the sender ended before the hand-over: nothing was sent", at)
    return doubt(delivery, "the sender ended during the hand-over: the server may have accepted", at)


def _unanswered(delivery: Delivery, code: int | None, text: str) -> list[Verdict]:
    answered = {answer.address for answer in delivery.attempts[-1].answers}
    return [Verdict(email, "pending", code, text) for email in pending(delivery) if email not in answered]


def _with_last(
    delivery: Delivery,
    verdicts: Iterable[Verdict],
    *,
    state: Literal["handing-over", "accepted", "refused", "deferred", "uncertain"],
    ended_at: datetime | None,
) -> Delivery:
    said = {verdict.email: verdict for verdict in verdicts}
    last = delivery.attempts[-1]
    answers = {answer.address: answer for answer in last.answers} | {
        email: Answer(
            address=email,
            code=verdict.code,
            text=verdict.text,
            accepted=verdict.standing == "accepted",
        )
        for email, verdict in said.items()
    }
    ended = last.model_copy(update={"state": state, "ended_at": ended_at, "answers": list(answers.values())})
    recipients = tuple(
        replace(recipient, standing=said[recipient.email].standing) if recipient.email in said else recipient
        for recipient in delivery.recipients
    )
    return replace(delivery, recipients=recipients, attempts=(*delivery.attempts[:-1], ended))
