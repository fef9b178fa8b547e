"""One run of the demo: arguments, the seven chapters, the timeline and the report."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import httpx
from rich.console import Console

from clearinghouse_client.api import Registry
from clearinghouse_client.connection import Connection
from clearinghouse_client.documents import read_document
from clearinghouse_client.errors import INTERRUPTED, USAGE, ClientError, RefusedError, UsageError
from clearinghouse_client.kafka import record_topics
from clearinghouse_client.output import Output
from clearinghouse_client.workflow import NOT_FOUND
from clearinghouse_demo.addresses import Addresses
from clearinghouse_demo.chapters.amendment import amend
from clearinghouse_demo.chapters.certificate import permit_to_certificate
from clearinghouse_demo.chapters.communiques import report_uses
from clearinghouse_demo.chapters.confidential import publish_confidential
from clearinghouse_demo.chapters.revocation import revoke
from clearinghouse_demo.chapters.stream import compare_followers
from clearinghouse_demo.demo_run import (
    AUTHOR,
    PARTICIPANTS,
    REALM,
    DemoRun,
    bundled_document,
    new_run,
    sign_in,
    under_identifier,
)
from clearinghouse_demo.followers import followers
from clearinghouse_demo.recipients import RecipientRules
from clearinghouse_demo.report import report
from clearinghouse_demo.sink import Sink
from clearinghouse_demo.timeline import CheckError, Timeline
from clearinghouse_messages.documents import Document

COUNTRY = "mx"


def main(argv: Sequence[str], addresses: Addresses) -> int:
    """Run the demo against a stack. Returns 0, or 1 when a step fails, 2 or 3 when it cannot begin."""
    parser = argparse.ArgumentParser(
        prog="demo", description="The main job, step by step, measured and checked."
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report there, as JSON")
    parser.add_argument("--permit", type=Path, metavar="FILE", help="a permit of Mexico of your own, as JSON")
    arguments = parser.parse_args(argv)
    timeline = Timeline(Console())
    demo = Demo(addresses, timeline)
    try:
        given = permit_of(arguments.permit)
        asyncio.run(demo.run(given))
    except UsageError as error:
        Output(machine=False).error(error)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (CheckError, ClientError) as error:
        if not any(step.outcome == "failed" for step in timeline.steps):
            _tell(error, timeline)
            return error.exit_code if isinstance(error, ClientError) else 1
        timeline.console.print("\n[red bold]The demo stopped at the step that failed.[/red bold]")
        return 1
    finally:
        if arguments.report is not None:
            document = report(addresses, timeline, demo.demo)
            arguments.report.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    timeline.console.print(f"\n[green bold]All {len(timeline.steps)} steps did what they claim.[/green bold]")
    return 0


def permit_of(file: Path | None) -> Document:
    """The caller's permit, or the one that comes with the demo. Raises UsageError if it cannot serve."""
    if file is None:
        return bundled_document("permit.json")
    document = read_document(file)
    header, government = document.get("header"), document.get("government")
    if not isinstance(header, dict) or header.get("schema") != "absPermit":
        raise UsageError(f"{file} is not a permit.", 'Set header.schema to "absPermit".')
    if not isinstance(government, dict) or government.get("identifier") != COUNTRY:
        raise UsageError(
            f"{file} is not a permit of Mexico, whose persons the demo signs in.",
            'Set government to {"identifier": "mx"}.',
        )
    return document


class Demo:
    """A run; ``demo`` is there as soon as everybody has signed in, for the report of a run that failed."""

    def __init__(self, addresses: Addresses, timeline: Timeline) -> None:
        self._addresses = addresses
        self._timeline = timeline
        self.demo: DemoRun | None = None

    async def run(self, permit: Document) -> None:
        """The chapters in order; the first failure ends the run."""
        topic = record_topics(self._addresses.topic_prefix, [REALM])[0]
        async with httpx.AsyncClient(timeout=30) as client:
            reader = Registry(Connection(self._addresses.registry, client))
            async with followers(reader, self._addresses.bootstrap, topic, REALM) as pair:
                with self._timeline.step(f"signed in: {', '.join(PARTICIPANTS)}"):
                    persons = {name: await sign_in(self._addresses, client, name) for name in PARTICIPANTS}
                run = new_run()
                own = await self._own_identifier(permit, persons[AUTHOR].registry)
                self.demo = DemoRun(
                    timeline=self._timeline,
                    persons=persons,
                    reader=reader,
                    sink=Sink(Connection(self._addresses.sink, client)),
                    followers=pair,
                    recipient_rules=RecipientRules(reader, REALM),
                    permit=permit if own else under_identifier(permit, f"demo-permit-{run}"),
                    run=run,
                )
                await run_chapters(self.demo)

    async def _own_identifier(self, permit: Document, author: Registry) -> bool:
        """Whether the permit keeps the identifier it came with: one that no record and no draft has yet."""
        own = permit["header"].get("identifier")
        if not isinstance(own, str) or permit == bundled_document("permit.json"):
            return False
        for ask in (author.record, partial(author.draft, REALM)):
            try:
                await ask(own)
            except RefusedError as error:
                if error.status != NOT_FOUND:
                    raise
            else:
                self._timeline.console.print(f"  {own} is in use already: the permit goes under a fresh one.")
                return False
        return True


async def run_chapters(demo: DemoRun) -> None:
    """The seven steps of the main job."""
    first = await permit_to_certificate(demo)
    current = await amend(demo, first)
    await publish_confidential(demo)
    await report_uses(demo, current)
    await revoke(demo, first, current)
    await compare_followers(demo)


def _tell(error: CheckError | ClientError, timeline: Timeline) -> None:
    if isinstance(error, ClientError):
        Output(machine=False).error(error)
    else:
        timeline.console.print(f"[red]{error}[/red]")
