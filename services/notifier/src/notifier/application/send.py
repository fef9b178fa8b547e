"""Handing over one delivery, with evidence before and after every step that a server can see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from notifier.application.ports import (
    Clock,
    Deliveries,
    Hold,
    MailServer,
    NotHandedOverError,
    UncertainError,
)
from notifier.domain.addresses import UnmailableAddress, envelope_address
from notifier.domain.delivery import (
    Delivery,
    Verdict,
    begin,
    close_interrupted,
    commit_to_hand_over,
    defer,
    doubt,
    end,
    pending,
    settled,
)
from notifier.domain.message import compose


@dataclass(frozen=True)
class Patience:
    """How long to wait before the next attempt: doubled each time up to a cap, and spread at random."""

    first: timedelta
    cap: timedelta

    def pause(self, attempts: int, chance: float) -> timedelta:
        """After ``attempts`` attempts; ``chance`` in [0, 1) spreads it over the upper half."""
        doublings: int = 2 ** min(attempts - 1, 30)
        return min(self.cap, self.first * doublings) * (0.5 + chance / 2)


@dataclass(frozen=True)
class Desk:
    """What a sender works with.

    ``away`` are the errors that mean "the database is away": an answer that the server has given is then
    kept and written as soon as the database is back, because it cannot be asked for again.
    """

    deliveries: Deliveries
    server: MailServer
    clock: Clock
    away: tuple[type[Exception], ...]
    rewrite_every: timedelta = timedelta(seconds=1)
    rewrite_for: timedelta = timedelta(minutes=2)


async def send(hold: Hold, desk: Desk) -> Delivery | None:
    """One attempt for the addresses still pending. The delivery after it; None when there is no such one.

    An attempt that a dead sender left open is ended first. Raises LeaseLost once another sender holds it.
    """
    delivery = await desk.deliveries.get(hold.id)
    if delivery is None:
        return None
    interrupted = close_interrupted(delivery, desk.clock())
    if interrupted is not None:
        await desk.deliveries.save(interrupted, hold, tell=True)
        delivery = interrupted
    if settled(delivery):
        return delivery
    delivery = begin(delivery, desk.server.name, desk.clock())
    await desk.deliveries.save(delivery, hold, tell=False)
    delivery = await _attempt(delivery, hold, desk)
    await _write_answer(delivery, hold, desk)
    return delivery


async def _attempt(delivery: Delivery, hold: Hold, desk: Desk) -> Delivery:
    mailable, unmailable = _sorted_out(pending(delivery))
    if not mailable:
        return end(delivery, unmailable, desk.clock())

    async def commit(declined: Sequence[Verdict]) -> None:
        nonlocal delivery
        delivery = commit_to_hand_over(delivery, [*unmailable, *declined])
        await desk.deliveries.save(delivery, hold, tell=False)

    try:
        verdicts = await desk.server.hand_over(delivery.sender, mailable, compose(delivery), commit=commit)
    except NotHandedOverError as error:
        return defer(delivery, error.code, error.text, desk.clock())
    except UncertainError as error:
        return doubt(delivery, str(error), desk.clock())
    return end(delivery, [*unmailable, *verdicts], desk.clock())


def _sorted_out(emails: Sequence[str]) -> tuple[list[str], list[Verdict]]:
    mailable, unmailable = [], []
    for email in emails:
        try:
            envelope_address(email)
        except UnmailableAddress as error:
            unmailable.append(Verdict(email, "refused", None, str(error)))
        else:
            mailable.append(email)
    return mailable, unmailable


async def _write_answer(delivery: Delivery, hold: Hold, desk: Desk) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + desk.rewrite_for.total_seconds()
    while True:
        try:
            await desk.deliveries.save(delivery, hold, tell=True)
        except desk.away:
            if loop.time() > until:
                raise
            await asyncio.sleep(desk.rewrite_every.total_seconds())
        else:
            return
