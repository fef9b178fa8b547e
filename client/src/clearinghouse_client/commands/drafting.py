"""draft, publish, amend, revoke: what a country writes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearinghouse_client.commands.running import command
from clearinghouse_client.commands.views import draft_view, publication_view, request_view
from clearinghouse_client.documents import read_document, uid_of
from clearinghouse_client.errors import RefusedError
from clearinghouse_client.models import Draft
from clearinghouse_client.output import Shown
from clearinghouse_client.session import Session
from clearinghouse_client.workflow import (
    CONFLICT,
    NOT_FOUND,
    STALE,
    draft_amendment,
    draft_revocation,
    put_draft,
)

File = Annotated[Path, typer.Argument(help="A record in the exchange form (JSON); - is standard input.")]
Identifier = Annotated[str, typer.Argument(help="Any identifier of the record, in any letter case.")]
Language = Annotated[
    str | None, typer.Option(help="Language of the reason; without it the record's first one.")
]
Ask = Annotated[
    bool, typer.Option("--request", help="Ask for publication instead of publishing (authorized users).")
]


def add(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app)(draft)
    command(app)(publish)
    command(app)(amend)
    command(app)(revoke)


async def draft(
    session: Session,
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the draft that is there.")
    ] = False,
) -> Shown:
    """Draft a record, or the next revision of a published one."""
    document = read_document(file)
    if replace:
        drafted = await put_draft(session.registry, session.realm, uid_of(document, file), document)
    else:
        try:
            drafted = await session.registry.create_draft(session.realm, document)
        except RefusedError as error:
            if error.status == CONFLICT:
                error.next_step = "If it may be overwritten: clearinghouse draft FILE --replace"
            raise
    return Shown(drafted, draft_view(drafted), f"clearinghouse request {drafted.uid}")


async def publish(
    session: Session,
    what: Annotated[
        str, typer.Argument(metavar="UID|FILE", help="A draft, or a file (*.json, ./name) to draft first.")
    ],
) -> Shown:
    """Publish a draft at once (publishing authorities)."""
    file = Path(what)
    if what == "-" or "." in what or "/" in what:
        document = read_document(file)
        drafted = await put_draft(session.registry, session.realm, uid_of(document, file), document)
    else:
        drafted = await existing_draft(session, what)
    return await _settle(session, drafted, ask=False)


async def amend(
    session: Session,
    identifier: Identifier,
    file: File,
    reason: Annotated[
        str | None, typer.Option(help="Why; required for certificates. Goes out with the record.")
    ] = None,
    language: Language = None,
    ask: Ask = False,
) -> Shown:
    """Publish the content of FILE as the next revision (see `show --content`)."""
    document = read_document(file)
    record = await session.registry.record(identifier)
    drafted = await draft_amendment(session.registry, record, document, reason, language)
    return await _settle(session, drafted, ask=ask)


async def revoke(
    session: Session,
    identifier: Identifier,
    reason: Annotated[str, typer.Option(help="Why; goes out to all who received the certificate.")],
    language: Language = None,
    ask: Ask = False,
) -> Shown:
    """End the validity of a published permit. There is no way back."""
    record = await session.registry.record(identifier)
    drafted = await draft_revocation(session.registry, record, reason, language)
    return await _settle(session, drafted, ask=ask)


async def existing_draft(session: Session, uid: str) -> Draft:
    """The draft that the caller names."""
    try:
        return await session.registry.draft(session.realm, uid)
    except RefusedError as error:
        if error.status == NOT_FOUND:
            error.next_step = (
                f"Draft it first (clearinghouse draft FILE), or check --realm ({session.realm})."
            )
        raise


async def _settle(session: Session, drafted: Draft, *, ask: bool) -> Shown:
    try:
        if ask:
            request = await session.registry.request_publication(drafted.realm, drafted.uid, drafted.etag)
            return Shown(request, request_view(request), f"clearinghouse approve {request.request}")
        published = await session.registry.publish(drafted.realm, drafted.uid, drafted.etag)
    except RefusedError as error:
        again = "Somebody changed the draft meanwhile: look at it, then repeat the command."
        error.next_step = (
            again if error.status == STALE else f"Nothing was published; the draft {drafted.uid} is kept."
        )
        raise
    identifier = published.record.identifier
    return Shown(published, publication_view(published), f"clearinghouse transmissions {identifier}")
