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
from clearinghouse_messages.events import Attempt, OutcomeStatus, SmtpReply, TransmissionOutcome

AddressStatus = Literal["pending", "accepted", "refused"]
"""What is known of one address: a hand-over is still owed, or a server has given its final answer."""

DeliveryStatus = Literal["owed"] | OutcomeStatus
"""``owed`` until the first attempt has ended, then what its outcome says."""


@dataclass(frozen=True)
class Letter:
    """A letter in its recipient's language, as it was made when the transmission was received."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True)
class RecipientAddress:
    """One address of the transmission's recipient."""

    email: str
    status: AddressStatus = "pending"


@dataclass(frozen=True)
class AddressReply:
    """What a mail server said about one address. ``code`` is None where no server was asked."""

    email: str
    status: AddressStatus
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
    recipients: tuple[RecipientAddress, ...]
    owed_at: datetime
    traceparent: str | None = None
    attempts: tuple[Attempt, ...] = ()


def pending(delivery: Delivery) -> list[str]:
    """The addresses that still await a final answer."""
    return [recipient.email for recipient in delivery.recipients if recipient.status == "pending"]


def settled(delivery: Delivery) -> bool:
    """Whether no address awaits an answer any more."""
    return not pending(delivery)


def status_of(delivery: Delivery) -> DeliveryStatus:
    """What became of the delivery so far. Once uncertain, it stays so until every address is settled."""
    if settled(delivery):
        accepted = any(recipient.status == "accepted" for recipient in delivery.recipients)
        return "delivered" if accepted else "failed"
    if any(attempt.status == "uncertain" for attempt in delivery.attempts):
        return "uncertain"
    if any(attempt.ended_at is not None for attempt in delivery.attempts):
        return "retrying"
    return "owed"


def outcome(delivery: Delivery) -> TransmissionOutcome | None:
    """The whole evidence as it is reported to the registry; None before the first attempt has ended."""
    known = status_of(delivery)
    if known == "owed":
        return None
    return TransmissionOutcome(
        transmission=delivery.transmission,
        realm=delivery.realm,
        identifier=delivery.identifier,
        status=known,
        attempts=list(delivery.attempts),
    )


def begin(delivery: Delivery, server: str, at: datetime) -> Delivery:
    """An attempt starts; nothing has been said to the server yet."""
    attempt = Attempt(
        number=len(delivery.attempts) + 1,
        status="connecting",
        server=server,
        started_at=at,
        message_id=delivery.message_id,
    )
    return replace(delivery, attempts=(*delivery.attempts, attempt))


def commit_to_hand_over(delivery: Delivery, known: Sequence[AddressReply]) -> Delivery:
    """The content is about to be sent: from here on the server may have accepted it.

    ``known`` are the addresses that the server has already declined; their answers are part of the evidence.
    """
    return _with_last(delivery, known, status="handing-over", ended_at=None)


def end(delivery: Delivery, replies: Sequence[AddressReply], at: datetime) -> Delivery:
    """The server has answered for every address that was pending."""
    statuses = {reply.status for reply in replies}
    status: Literal["accepted", "refused", "deferred"] = "deferred"
    if "accepted" in statuses:
        status = "accepted"
    elif statuses == {"refused"}:
        status = "refused"
    return _with_last(delivery, replies, status=status, ended_at=at)


def defer(delivery: Delivery, code: int | None, text: str, at: datetime) -> Delivery:
    """The attempt ended before any content was sent."""
    return _with_last(delivery, _unanswered(delivery, code, text), status="deferred", ended_at=at)


def mark_uncertain(delivery: Delivery, text: str, at: datetime) -> Delivery:
    """Content was sent, or may have been, and no answer is known."""
    return _with_last(delivery, _unanswered(delivery, None, text), status="uncertain", ended_at=at)


def close_interrupted(delivery: Delivery, at: datetime) -> Delivery | None:
    """Ends the attempt of a sender that was ended in the middle of it; None when there is none."""
    if not delivery.attempts or delivery.attempts[-1].ended_at is not None:
        return None
    if delivery.attempts[-1].status == "connecting":
        return defer(delivery, None, "the sender ended before the hand-over: nothing was sent", at)
    return mark_uncertain(delivery, "the sender ended during the hand-over: the server may have accepted", at)


def _unanswered(delivery: Delivery, code: int | None, text: str) -> list[AddressReply]:
    answered = {answer.address for answer in delivery.attempts[-1].replies}
    return [
        AddressReply(email, "pending", code, text) for email in pending(delivery) if email not in answered
    ]


def _with_last(
    delivery: Delivery,
    replies: Iterable[AddressReply],
    *,
    status: Literal["handing-over", "accepted", "refused", "deferred", "uncertain"],
    ended_at: datetime | None,
) -> Delivery:
    said = {reply.email: reply for reply in replies}
    last = delivery.attempts[-1]
    answers = {answer.address: answer for answer in last.replies} | {
        email: SmtpReply(
            address=email,
            code=reply.code,
            text=reply.text,
            accepted=reply.status == "accepted",
        )
        for email, reply in said.items()
    }
    ended = last.model_copy(
        update={"status": status, "ended_at": ended_at, "replies": list(answers.values())}
    )
    recipients = tuple(
        replace(recipient, status=said[recipient.email].status) if recipient.email in said else recipient
        for recipient in delivery.recipients
    )
    return replace(delivery, recipients=recipients, attempts=(*delivery.attempts[:-1], ended))
