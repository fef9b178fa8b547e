"""draft, drafts, publish, amend, revoke: what a country writes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearinghouse_client.commands.running import command
from clearinghouse_client.commands.views import (
    draft_view,
    drafts_view,
    publication_result,
    receipt_view,
    request_result,
)
from clearinghouse_client.documents import read_document, uid_of
from clearinghouse_client.errors import RefusedError
from clearinghouse_client.output import CommandResult
from clearinghouse_client.session import CommandSession
from clearinghouse_client.workflow import (
    CONFLICT,
    NOT_FOUND,
    STALE,
    draft_amendment,
    draft_in,
    draft_revocation,
    put_draft,
)
from clearinghouse_messages.answers import DraftAnswer

File = Annotated[Path, typer.Argument(help="A record in the exchange form (JSON); - is standard input.")]
Identifier = Annotated[str, typer.Argument(help="Any identifier of the record, in any letter case.")]
LanguageOption = Annotated[
    str | None, typer.Option(help="Language of the reason; without it the record's first one.")
]
RequestOption = Annotated[
    bool,
    typer.Option("--request", help="Ask for publication instead of publishing (authorized users)."),
]


def add(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app)(draft)
    command(app)(drafts)
    command(app)(publish)
    command(app)(amend)
    command(app)(revoke)


async def draft(
    session: CommandSession,
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the draft that is there.")
    ] = False,
) -> CommandResult:
    """Draft a record, or the next revision of a published one."""
    document = read_document(file)
    if replace:
        receipt = await put_draft(session.registry, session.realm, uid_of(document, file), document)
    else:
        try:
            receipt = await session.registry.create_draft(session.realm, document)
        except RefusedError as error:
            if error.status == CONFLICT:
                error.next_step = "If it may be overwritten: clearinghouse draft FILE --replace"
            raise
    return CommandResult(receipt, receipt_view(receipt), f"clearinghouse request {draft_in(receipt)}")


async def drafts(
    session: CommandSession,
    uid: Annotated[
        str | None, typer.Argument(help="Show this one, with its warnings; with --json its document, too.")
    ] = None,
) -> CommandResult:
    """List the drafts of one's countries, or show one, with the actions that one has on each."""
    if uid is not None:
        drafted = await existing_draft(session, uid)
        return CommandResult(drafted, draft_view(drafted))
    found = await session.registry.drafts(session.realm)
    return CommandResult(found, drafts_view(found), "clearinghouse drafts UID" if found else "")


async def publish(
    session: CommandSession,
    what: Annotated[
        str, typer.Argument(metavar="UID|FILE", help="A draft, or a file (*.json, ./name) to draft first.")
    ],
) -> CommandResult:
    """Publish a draft at once (publishing authorities)."""
    file = Path(what)
    if what == "-" or "." in what or "/" in what:
        document = read_document(file)
        uid = uid_of(document, file)
        etag = (await put_draft(session.drafting, session.realm, uid, document)).etag
    else:
        uid, etag = what, (await existing_draft(session, what)).etag
    return await _publish_or_request(session, session.realm, uid, etag, ask=False)


async def amend(
    session: CommandSession,
    identifier: Identifier,
    file: File,
    reason: Annotated[
        str | None, typer.Option(help="Why; required for certificates. Goes out with the record.")
    ] = None,
    language: LanguageOption = None,
    ask: RequestOption = False,
) -> CommandResult:
    """Publish the content of FILE as the next revision (see `show --content`)."""
    document = read_document(file)
    record = await session.registry.record(identifier)
    drafted = await draft_amendment(session.drafting, record, document, reason, language)
    return await _publish_or_request(session, record.realm, record.uid, drafted.etag, ask=ask)


async def revoke(
    session: CommandSession,
    identifier: Identifier,
    reason: Annotated[str, typer.Option(help="Why; goes out to all who received the certificate.")],
    language: LanguageOption = None,
    ask: RequestOption = False,
) -> CommandResult:
    """End the validity of a published permit. There is no way back."""
    record = await session.registry.record(identifier)
    drafted = await draft_revocation(session.drafting, record, reason, language)
    return await _publish_or_request(session, record.realm, record.uid, drafted.etag, ask=ask)


async def existing_draft(session: CommandSession, uid: str) -> DraftAnswer:
    """The draft that the caller names."""
    try:
        return await session.registry.draft(session.realm, uid)
    except RefusedError as error:
        if error.status == NOT_FOUND:
            error.next_step = (
                f"Draft it first (clearinghouse draft FILE), or check --realm ({session.realm})."
            )
        raise


async def _publish_or_request(
    session: CommandSession, realm: str, uid: str, etag: str | None, *, ask: bool
) -> CommandResult:
    """Publish the draft, or ask for its publication."""
    try:
        if ask:
            return request_result(await session.registry.request_publication(realm, uid, etag))
        return publication_result(await session.registry.publish(realm, uid, etag))
    except RefusedError as error:
        if error.status == STALE:
            error.next_step = (
                f"The draft was changed: see clearinghouse drafts {uid}, then repeat the command."
            )
        else:
            error.next_step = f"Nothing was published; the draft {uid} is kept."
        raise
