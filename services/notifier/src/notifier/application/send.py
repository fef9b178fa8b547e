"""Handing over one delivery, with evidence before and after every step that a server can see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from clearinghouse_runtime.clock import Clock
from clearinghouse_runtime.lease import Lease
from notifier.application.ports import (
    Deliveries,
    MailServer,
    NotHandedOverError,
    UncertainError,
)
from notifier.domain.addresses import UnmailableAddress, envelope_address
from notifier.domain.delivery import (
    AddressReply,
    Delivery,
    begin,
    close_interrupted,
    commit_to_hand_over,
    defer,
    end,
    mark_uncertain,
    pending,
    settled,
)
from notifier.domain.message import compose


@dataclass(frozen=True)
class SenderContext:
    """What a sender works with.

    ``infrastructure`` are the errors that mean "the database is unavailable": an answer that the server has given
    is then kept and written as soon as the database is back, because it cannot be asked for again.
    """

    deliveries: Deliveries
    server: MailServer
    clock: Clock
    infrastructure: tuple[type[Exception], ...]
    rewrite_every: timedelta = timedelta(seconds=1)
    rewrite_for: timedelta = timedelta(minutes=2)


async def send(lease: Lease, context: SenderContext) -> Delivery | None:
    """One attempt for the addresses still pending. The delivery after it; None when there is no such one.

    An attempt that a sender that ended left open is ended first. Raises LeaseLost once another sender holds it.
    """
    delivery = await context.deliveries.get(lease.id)
    if delivery is None:
        return None
    interrupted = close_interrupted(delivery, context.clock())
    if interrupted is not None:
        await context.deliveries.save(interrupted, lease, report=True)
        delivery = interrupted
    if settled(delivery):
        return delivery
    delivery = begin(delivery, context.server.name, context.clock())
    await context.deliveries.save(delivery, lease, report=False)
    delivery = await _attempt(delivery, lease, context)
    await _write_answer(delivery, lease, context)
    return delivery


async def _attempt(delivery: Delivery, lease: Lease, context: SenderContext) -> Delivery:
    mailable, unmailable = _sorted_out(pending(delivery))
    if not mailable:
        return end(delivery, unmailable, context.clock())

    async def commit(declined: Sequence[AddressReply]) -> None:
        nonlocal delivery
        delivery = commit_to_hand_over(delivery, [*unmailable, *declined])
        await context.deliveries.save(delivery, lease, report=False)

    try:
        replies = await context.server.hand_over(delivery.sender, mailable, compose(delivery), commit=commit)
    except NotHandedOverError as error:
        return defer(delivery, error.code, error.text, context.clock())
    except UncertainError as error:
        return mark_uncertain(delivery, str(error), context.clock())
    return end(delivery, [*unmailable, *replies], context.clock())


def _sorted_out(emails: Sequence[str]) -> tuple[list[str], list[AddressReply]]:
    mailable, unmailable = [], []
    for email in emails:
        try:
            envelope_address(email)
        except UnmailableAddress as error:
            unmailable.append(AddressReply(email, "refused", None, str(error)))
        else:
            mailable.append(email)
    return mailable, unmailable


async def _write_answer(delivery: Delivery, lease: Lease, context: SenderContext) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + context.rewrite_for.total_seconds()
    while True:
        try:
            await context.deliveries.save(delivery, lease, report=True)
        except context.infrastructure:
            if loop.time() > until:
                raise
            await asyncio.sleep(context.rewrite_every.total_seconds())
        else:
            return
