"""Transmissions until their outcome is known: outcomes are applied; those without one are stated again."""

from __future__ import annotations

from datetime import timedelta

from clearinghouse_messages.events import OutcomeStatus, TransmissionOutcome
from registry.application.context import Context
from registry.application.ports import Before, Transaction
from registry.domain.entities import Transmission

FINAL: frozenset[OutcomeStatus] = frozenset({"delivered", "failed"})


async def apply_outcome(ctx: Context, outcome: TransmissionOutcome) -> bool:
    """Write the evidence of a transmission. Older evidence than is known is skipped; False then."""
    at = ctx.clock()

    async def body(tx: Transaction) -> bool:
        transmission = await tx.get(Transmission, outcome.transmission)
        if transmission is None:
            raise UnknownTransmissionError(outcome.transmission)
        if transmission.settled or len(outcome.attempts) < len(transmission.attempts):
            return False
        settled = outcome.status in FINAL
        await tx.replace(
            transmission.model_copy(
                update={
                    "status": outcome.status,
                    "settled": settled,
                    "settled_at": at if settled else None,
                    "attempts": outcome.attempts,
                }
            )
        )
        return True

    return await ctx.store.transact(body)


async def sweep(ctx: Context, no_outcome_for: timedelta) -> int:
    """State every transmission again that has had no outcome for so long; how many there were.

    The entry keeps its identifier, so that whoever received it already sends nothing twice.
    """
    at = ctx.clock()
    overdue = await ctx.store.find(Transmission, {"settled": False, "stated_at": Before(at - no_outcome_for)})
    for transmission in overdue:
        await ctx.ledger.restate(transmission.entry)

        async def body(tx: Transaction, id: str = transmission.id) -> None:  # noqa: A002
            current = await tx.get(Transmission, id)
            if current is not None and not current.settled:
                await tx.replace(current.model_copy(update={"stated_at": at}))

        await ctx.store.transact(body)
    return len(overdue)


class UnknownTransmissionError(Exception):
    """An outcome of a transmission that this registry never owed."""
