"""request, approve, reject, recall, requests, inbox: how a draft gets published by the one who may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from clearinghouse_client.commands.drafting import existing_draft
from clearinghouse_client.commands.running import command
from clearinghouse_client.commands.views import (
    inbox_view,
    publication_result,
    receipt_view,
    request_result,
    request_view,
    requests_view,
)
from clearinghouse_client.errors import RefusedError
from clearinghouse_client.output import CommandResult
from clearinghouse_client.session import CommandSession
from clearinghouse_client.workflow import NOT_FOUND, draft_in

APPROVE = "approve"
"""The action of whoever may decide a request."""

RequestId = Annotated[str, typer.Argument(metavar="REQUEST", help="The request (see `requests`).")]


def add(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app)(request)
    command(app)(approve)
    command(app)(reject)
    command(app)(recall)
    command(app)(requests)
    command(app)(inbox)


async def request(
    session: CommandSession, uid: Annotated[str, typer.Argument(help="The draft, by its header.identifier.")]
) -> CommandResult:
    """Ask for the publication of a draft, which is locked until the request ends."""
    draft = await existing_draft(session, uid)
    return request_result(await session.registry.request_publication(session.realm, uid, draft.etag))


async def approve(session: CommandSession, request: RequestId) -> CommandResult:
    """Approve a request: the record is published (publishing authorities)."""
    with _hint(session):
        return publication_result(await session.registry.approve(session.realm, request))


async def reject(
    session: CommandSession,
    request: RequestId,
    reason: Annotated[str, typer.Option(help="Why; its author reads it.")],
) -> CommandResult:
    """Decline a request; its author gets the draft back."""
    with _hint(session):
        rejected = await session.registry.reject(session.realm, request, reason)
    next_step = f"The author: clearinghouse draft FILE --replace ({draft_in(rejected)})"
    return CommandResult(rejected, receipt_view(rejected), next_step)


async def recall(session: CommandSession, request: RequestId) -> CommandResult:
    """Take one's own request back; the draft is free again."""
    with _hint(session):
        recalled = await session.registry.recall(session.realm, request)
    next_step = f"clearinghouse draft FILE --replace ({draft_in(recalled)})"
    return CommandResult(recalled, receipt_view(recalled), next_step)


async def requests(
    session: CommandSession,
    request: Annotated[str | None, typer.Argument(metavar="[REQUEST]", help="Show this one.")] = None,
    status: Annotated[
        str, typer.Option(help="open, approved, rejected, recalled, cancelled or timed-out.")
    ] = "open",
) -> CommandResult:
    """List the requests of one's countries, or show one, with the actions that one has on each."""
    if request is not None:
        with _hint(session):
            one = await session.registry.request(session.realm, request)
        next_step = f"clearinghouse approve {one.request}" if APPROVE in one.actions else ""
        return CommandResult(one, request_view(one), next_step)
    found = await session.registry.requests(session.realm, status)
    mine = any(APPROVE in each.actions for each in found)
    return CommandResult(found, requests_view(found), "clearinghouse approve REQUEST" if mine else "")


async def inbox(
    session: CommandSession,
    all_: Annotated[bool, typer.Option("--all", help="What was read already, too.")] = False,
    read: Annotated[str | None, typer.Option(metavar="ID", help="Mark one as read first.")] = None,
) -> CommandResult:
    """Show your notifications: requests to decide, decisions, publications."""
    notifier = await session.notifier()
    if read is not None:
        await notifier.mark_read(read)
    found = await notifier.inbox("all" if all_ else "unread")
    return CommandResult(found, inbox_view(found))


@contextmanager
def _hint(session: CommandSession) -> Iterator[None]:
    """Say where to look when there is no such request."""
    try:
        yield
    except RefusedError as error:
        if error.status == NOT_FOUND:
            error.next_step = f"See clearinghouse requests, and check --realm ({session.realm})."
        raise
