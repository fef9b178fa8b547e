"""Which handler does which command, and the one way to run them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from clearinghouse_messages.answers import Receipt
from clearinghouse_runtime.commands import Caller, Pipeline
from clearinghouse_runtime.commands import execute as run
from registry.application import commands, deletion, drafts, people, publishing, requests
from registry.application.access import Unit, ask_again
from registry.application.context import Context

Handler = Callable[[Context, Unit, Any], Awaitable[Receipt]]

HANDLERS: Mapping[type, Handler] = {
    commands.CreateDraft: drafts.create_draft,
    commands.ReplaceDraft: drafts.replace_draft,
    commands.DiscardDraft: drafts.discard_draft,
    commands.OpenRequest: requests.open_request,
    commands.PublishDraft: publishing.publish_draft,
    commands.ApproveRequest: requests.approve_request,
    commands.RejectRequest: requests.reject_request,
    commands.RecallRequest: requests.recall_request,
    commands.DeleteRecord: deletion.delete_record,
    commands.EnterPerson: people.enter_person,
    commands.Designate: people.designate,
    commands.EndDesignation: people.end_designation,
}


async def execute(ctx: Context, caller: Caller, command: object) -> Receipt:
    """Run a command of ``commands`` through the pipeline. Raises Problem when it is refused."""
    pipeline = Pipeline(ctx.clock, ctx.new_id, ctx.secret, ctx.store.transact, ask_again)
    return await run(pipeline, caller, command, partial(_handled, ctx, command))


async def _handled(ctx: Context, command: object, unit: Unit) -> Receipt:
    return await HANDLERS[type(command)](ctx, unit, command)
