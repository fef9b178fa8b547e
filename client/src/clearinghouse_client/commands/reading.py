"""show, transmissions, follow: what was published, to whom it went, and what comes."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

import typer

from clearinghouse_client.commands.drafting import Identifier
from clearinghouse_client.commands.running import command
from clearinghouse_client.commands.views import event_name, record_view, transmissions_view
from clearinghouse_client.errors import UnreachableError
from clearinghouse_client.following import NewGeneration, Seen, follow_ledger
from clearinghouse_client.kafka import follow_kafka, record_topics
from clearinghouse_client.output import CommandResult, Output
from clearinghouse_client.session import CommandSession
from clearinghouse_messages.envelope import Envelope


def add(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app)(show)
    command(app)(transmissions)
    command(app)(follow)


async def show(
    session: CommandSession,
    identifier: Identifier,
    content: Annotated[
        bool, typer.Option("--content", help="Only the content, as JSON: save it, edit it, `amend`.")
    ] = False,
) -> CommandResult | None:
    """Show a published record: current, superseded or revoked, by any identifier."""
    record = await session.registry.record(identifier)
    if content:
        Output(machine=True).show(CommandResult(record.content, ""))
        return None
    return CommandResult(record, record_view(record), f"clearinghouse transmissions {record.identifier}")


async def transmissions(session: CommandSession, identifier: Identifier) -> CommandResult:
    """Show to whom a record went, why, when, and what the mail server answered."""
    found = await session.registry.transmissions(identifier)
    return CommandResult(found, transmissions_view(found))


async def follow(
    session: CommandSession,
    after: Annotated[int, typer.Option(min=0, help="Only what lies behind this position.")] = 0,
    generation: Annotated[
        str | None, typer.Option(help="The ledger that the position belongs to, as printed before.")
    ] = None,
    until: Annotated[int | None, typer.Option(help="End when this position is reached.")] = None,
    once: Annotated[bool, typer.Option("--once", help="End when everything there is has been seen.")] = False,
    kafka: Annotated[
        str | None, typer.Option(metavar="BOOTSTRAP", help="Follow Kafka (host:port) instead of the ledger.")
    ] = None,
    topic_prefix: Annotated[
        str, typer.Option(help="The prefix of the deployment's topics; empty in production.")
    ] = "dev",
) -> None:
    """Print each event in order of position, as it comes."""
    realm = session.options.realm
    if kafka is None:
        stream = follow_ledger(session.registry, after=after, generation=generation, realm=realm, once=once)
    else:
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # our errors say what went wrong
        if generation is not None and generation != (now := (await session.registry.about()).generation):
            session.output.note(_reported(NewGeneration(before=generation, now=now)))
            generation, after = now, 0
        realms = [realm] if realm else (await session.registry.about()).realms
        topics = record_topics(topic_prefix, realms)
        stream = follow_kafka(kafka, topics, after=after, generation=generation, once=once)
    async with aclosing(stream):
        await _print(session, stream, after, until)


async def _print(session: CommandSession, stream: AsyncIterator[Seen], after: int, until: int | None) -> None:
    reached = after
    try:
        async for seen in stream:
            if isinstance(seen, Envelope):
                session.output.line(seen, _line(seen))
                reached = seen.position
            elif isinstance(seen, NewGeneration):
                session.output.note(_reported(seen))
                reached = 0
            else:
                session.output.note(
                    f"Skipped a message that is no event: {seen.topic}, partition {seen.partition}, "
                    f"offset {seen.offset}"
                )
            if until is not None and reached >= until:
                return
    except UnreachableError as error:
        error.next_step = f"{error.next_step} Then continue with --after {reached}.".strip()
        raise


def _reported(change: NewGeneration) -> str:
    return f"The ledger was replaced: it is generation {change.now}, not {change.before}. Read from its beginning."


def _line(event: Envelope) -> str:
    what = event_name(event.type)
    return f"{event.position:>8}  {event.time:%Y-%m-%d %H:%M:%S.%f}  {what:<18}  {event.subject}"
