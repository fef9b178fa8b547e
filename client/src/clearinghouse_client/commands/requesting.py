"""request, approve, reject, recall, requests, inbox: how a draft gets published by the one who may."""

from __future__ import annotations

from typing import Annotated

import typer

from clearinghouse_client.commands.drafting import existing_draft
from clearinghouse_client.commands.running import command
from clearinghouse_client.commands.views import moment, publication_view, request_view, requests_view
from clearinghouse_client.errors import RefusedError
from clearinghouse_client.output import Shown, table, text
from clearinghouse_client.session import Session
from clearinghouse_client.workflow import NOT_FOUND

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
    session: Session, uid: Annotated[str, typer.Argument(help="The draft, by its header.identifier.")]
) -> Shown:
    """Ask for the publication of a draft, which is locked until the request ends."""
    draft = await existing_draft(session, uid)
    opened = await session.registry.request_publication(session.realm, uid, draft.etag)
    return Shown(
        opened, request_view(opened), f"The publishing authority: clearinghouse approve {opened.request}"
    )


async def approve(session: Session, request: RequestId) -> Shown:
    """Approve a request: the record is published (publishing authorities)."""
    try:
        published = await session.registry.approve(session.realm, request)
    except RefusedError as error:
        raise _located(error, session) from None
    identifier = published.record.identifier
    return Shown(published, publication_view(published), f"clearinghouse transmissions {identifier}")


async def reject(
    session: Session,
    request: RequestId,
    reason: Annotated[str, typer.Option(help="Why; its author reads it.")],
) -> Shown:
    """Decline a request; its author gets the draft back."""
    try:
        rejected = await session.registry.reject(session.realm, request, reason)
    except RefusedError as error:
        raise _located(error, session) from None
    return Shown(rejected, request_view(rejected))


async def recall(session: Session, request: RequestId) -> Shown:
    """Take one's own request back; the draft is free again."""
    try:
        recalled = await session.registry.recall(session.realm, request)
    except RefusedError as error:
        raise _located(error, session) from None
    return Shown(recalled, request_view(recalled), f"clearinghouse draft FILE --replace ({recalled.uid})")


async def requests(
    session: Session,
    state: Annotated[
        str, typer.Option(help="open, approved, rejected, recalled, cancelled or timed-out.")
    ] = "open",
) -> Shown:
    """List the requests of one's countries; open ones wait for the publishing authority."""
    found = await session.registry.requests(session.realm, state)
    return Shown(found, requests_view(found), "clearinghouse approve REQUEST" if found else "")


async def inbox(
    session: Session,
    all_: Annotated[bool, typer.Option("--all", help="What was read already, too.")] = False,
    read: Annotated[str | None, typer.Option(metavar="ID", help="Mark one as read first.")] = None,
) -> Shown:
    """Show what one is told of: requests to decide, decisions, publications."""
    notifier = await session.notifier()
    if read is not None:
        await notifier.mark_read(read)
    rows = await notifier.inbox("all" if all_ else "unread")
    cells = [
        (
            row.id,
            "" if row.read else "new",
            row.kind.removeprefix("int.cbd.").removesuffix(".v1"),
            text(row.title),
            row.request or "",
            row.request_state or "",
            moment(row.at),
        )
        for row in rows
    ]
    return Shown(rows, table(("id", "", "what", "title", "request", "state", "when"), cells))


def _located(error: RefusedError, session: Session) -> RefusedError:
    if error.status == NOT_FOUND:
        error.next_step = f"See clearinghouse requests, and check --realm ({session.realm})."
    return error
