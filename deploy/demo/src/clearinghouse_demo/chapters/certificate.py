"""Chapters 1 and 2: a permit is drafted, requested and approved; the certificate is constituted and sent."""

from __future__ import annotations

import re
from collections.abc import Awaitable

from clearinghouse_client.errors import RefusedError
from clearinghouse_client.models import Draft, InboxRow, Record, Request
from clearinghouse_demo.stage import AUTHOR, AUTHORITY, Certificate, Stage
from clearinghouse_demo.timeline import expect, until
from clearinghouse_demo.transmissions import Expected, check_transmissions

CONFLICT, FORBIDDEN = 409, 403
IDENTIFIER = re.compile(r"ABSCH-(?:[A-Z]{3}-)?IRCC-MX-[0-9]+-1")


async def permit_to_certificate(stage: Stage) -> Certificate:
    """An authorized user of Mexico drafts and requests, the publishing authority approves."""
    stage.timeline.chapter("1. A permit is drafted, requested and approved")
    draft, request = await _draft_and_request(stage)
    await _locked(stage, draft, request)
    await _in_the_inbox(stage, request)
    behind = await stage.sink.last()
    recipients = await stage.law.certificate(stage.permit)
    with stage.timeline.step(f"approved by {AUTHORITY}: certificate constituted") as step:
        since = stage.timeline.now()
        published = await stage.registry(AUTHORITY).approve(draft.realm, request.request)
        record = published.record
        step.detail = record.identifier
        expect(IDENTIFIER.fullmatch(record.identifier), "a certificate of Mexico", record.identifier)
        expect(record.status == "current", "a current certificate", record.status)
        expect(
            published.transmissions == len(recipients),
            f"{len(recipients)} transmissions owed",
            published.transmissions,
        )
    stage.identifiers["certificate"] = record.identifier
    stage.timeline.chapter("2. The certificate is on the event stream and with everybody whom the law names")
    await on_the_streams(stage, record, "published", since)
    await check_transmissions(
        stage, Expected("certificate", record, recipients, since, behind), viewer=AUTHORITY
    )
    await _seen_by_anybody(stage, record, len(recipients))
    return Certificate(record, stage.permit)


async def on_the_streams(stage: Stage, record: Record, kind: str, since: float) -> None:
    """The event, with the whole public record, is on Kafka and in the ledger alike."""
    with stage.timeline.step(f"{kind}: on Kafka", since) as step:
        ledger, kafka = await stage.followers.both(record.identifier, kind)
        position = kafka.position
        step.detail = f"position {position}"
        expect(ledger == kafka, "the same event on Kafka as in the ledger")
        expect(kafka.cause == "command", "an event caused by a command", kafka.cause)
        expect(
            kafka.data.get("content", {}).get("header", {}).get("identifier") == record.uid,
            "the whole public record in the event",
        )


async def _draft_and_request(stage: Stage) -> tuple[Draft, Request]:
    author = stage.registry(AUTHOR)
    with stage.timeline.step(f"permit drafted by {AUTHOR}") as step:
        draft = await author.create_draft("absch", stage.permit)
        step.detail = draft.uid
        expect(draft.locked_by is None and draft.revises is None, "a free draft of a new record")
    with stage.timeline.step(f"publication requested by {AUTHOR}") as step:
        request = await author.request_publication(draft.realm, draft.uid, draft.etag)
        step.detail = request.request
        expect(request.state == "open", "an open request", request.state)
    return draft, request


async def _locked(stage: Stage, draft: Draft, request: Request) -> None:
    author = stage.registry(AUTHOR)
    with stage.timeline.step("draft locked: a change of it is refused") as step:
        locked = await author.draft(draft.realm, draft.uid)
        expect(locked.locked_by == request.request, "a draft locked by the request", locked.locked_by)
        status = await refused(author.replace_draft(draft.realm, draft.uid, stage.permit, locked.etag))
        expect(status == CONFLICT, "the answer 409", status)
        step.detail = "409"
    with stage.timeline.step(f"{AUTHOR} may not approve it himself") as step:
        status = await refused(author.approve(draft.realm, request.request))
        expect(status == FORBIDDEN, "the answer 403", status)
        step.detail = "403"


async def _in_the_inbox(stage: Stage, request: Request) -> None:
    def mine(rows: list[InboxRow]) -> list[InboxRow]:
        return [row for row in rows if row.request == request.request]

    notifier = stage.persons[AUTHORITY].notifier
    with stage.timeline.step(f"request found in the inbox of {AUTHORITY}") as step:
        rows = await until(notifier.inbox, lambda rows: bool(mine(rows)), "the request in the inbox")
        expect(len(mine(rows)) == 1, "one row for the request", len(mine(rows)))
        row = mine(rows)[0]
        expect(row.request_state in (None, "open"), "a request that is still open", row.request_state)
        step.detail = f"{row.kind}, as {row.role}"


async def _seen_by_anybody(stage: Stage, record: Record, count: int) -> None:
    with stage.timeline.step("anybody sees role, reason and outcome, but no address") as step:
        found = await stage.reader.transmissions(record.identifier)
        expect(len(found) == count, f"{count} transmissions", len(found))
        expect(all(each.roles and each.settled_at for each in found), "role, reason and time of each")
        expect(not any(each.emails or each.attempts for each in found), "no address and no server's answer")
        step.detail = ", ".join(role.role for each in found for role in each.roles)


async def refused(command: Awaitable[object]) -> int:
    """The status with which a command is refused, 0 when it is carried out."""
    try:
        await command
    except RefusedError as error:
        return error.status
    return 0
