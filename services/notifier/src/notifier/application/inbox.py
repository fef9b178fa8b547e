"""The commands of a person's inbox."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from clearinghouse_messages.answers import Receipt
from clearinghouse_runtime import commands
from clearinghouse_runtime.commands import Caller, Pipeline, Question, UnitOfWork
from clearinghouse_runtime.problems import Problem, not_found
from notifier.application.ports import InboxTransaction

InboxUnit = UnitOfWork[InboxTransaction]


@dataclass(frozen=True)
class MarkRead:
    """Mark a row of one's own inbox as read."""

    notification: str


async def execute(pipeline: Pipeline[InboxTransaction], caller: Caller, command: MarkRead) -> Receipt:
    """Run a command through the pipeline. Raises Problem when it is refused."""
    return await commands.execute(pipeline, caller, command, partial(mark_read, command=command))


async def mark_read(unit: InboxUnit, command: MarkRead) -> Receipt:
    """A row is its person's alone; to everybody else it is not there."""
    if not await unit.tx.mark_read(unit.caller.person, command.notification):
        raise _not_theirs()
    unit.permitted({"notification": command.notification})
    return Receipt(identifier=command.notification, status="read", links={"inbox": "/v1/inbox"})


async def ask_again(unit: InboxUnit, question: Question) -> None:
    """A repeat is refused once the row is no longer there, or no longer theirs."""
    if not await unit.tx.mark_read(unit.caller.person, question["notification"]):
        raise _not_theirs()


def _not_theirs() -> Problem:
    return not_found("row in your inbox")
