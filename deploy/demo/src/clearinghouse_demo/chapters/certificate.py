"""Chapters 1 and 2: a permit is drafted, requested and approved; the certificate is constituted and sent."""

from __future__ import annotations

import re
from collections.abc import Awaitable

from clearinghouse_client.errors import RefusedError
from clearinghouse_demo.demo_run import AUTHOR, AUTHORITY, REALM, Certificate, DemoRun, new_run, uid_of
from clearinghouse_demo.timeline import expect, until
from clearinghouse_demo.transmissions import Expected, check_transmissions
from clearinghouse_messages.answers import NotificationAnswer, Receipt, RecordAnswer

CONFLICT, FORBIDDEN = 409, 403
DECISIONS = frozenset({"approve", "reject"})
"""The actions of whoever may decide a request."""
IDENTIFIER = re.compile(r"ABSCH-(?:[A-Z]{3}-)?IRCC-MX-[0-9]+-1")


async def permit_to_certificate(demo: DemoRun) -> Certificate:
    """An authorized user of Mexico drafts and requests, the publishing authority approves."""
    demo.timeline.chapter("1. A permit is drafted, requested and approved")
    request = await _draft_and_request(demo)
    await _locked(demo, request)
    await _in_the_inbox(demo, request)
    await may_decide(demo, request)
    behind = await demo.sink.last()
    recipients = await demo.recipient_rules.certificate(demo.permit)
    since = demo.timeline.now()
    receipt = await approve(demo, request, len(recipients))
    demo.identifiers["certificate"] = receipt.identifier
    demo.timeline.chapter("2. The certificate is on the event stream and with everybody whom the law names")
    await on_the_streams(demo, receipt, uid_of(demo.permit), "published", since)
    record = await demo.published(receipt)
    await check_transmissions(
        demo, Expected("certificate", record, recipients, since, behind), viewer=AUTHORITY
    )
    await _seen_by_anybody(demo, record, len(recipients))
    return Certificate(record, demo.permit)


async def on_the_streams(demo: DemoRun, receipt: Receipt, uid: str, kind: str, since: float) -> None:
    """The event, with the whole public record, is on Kafka and in the ledger alike."""
    with demo.timeline.step(f"{kind}: on Kafka", since) as step:
        ledger, kafka = await demo.followers.both(receipt.identifier, kind)
        position = kafka.position
        step.detail = f"position {position}"
        expect(ledger == kafka, "the same event on Kafka as in the ledger")
        expect(kafka.cause == "command", "an event caused by a command", kafka.cause)
        expect(
            kafka.data.get("content", {}).get("header", {}).get("identifier") == uid,
            "the whole public record in the event",
        )


async def may_decide(demo: DemoRun, request: str) -> None:
    """The request's answer says who may decide it: the publishing authority, and not its author."""
    with demo.timeline.step("the request lists who may decide it") as step:
        for_authority = (await demo.registry(AUTHORITY).request(REALM, request)).actions
        for_author = (await demo.registry(AUTHOR).request(REALM, request)).actions
        listed = set(for_authority) >= DECISIONS
        expect(listed, f"{', '.join(sorted(DECISIONS))} among the actions of {AUTHORITY}", for_authority)
        expect(DECISIONS.isdisjoint(for_author), f"neither of them among those of {AUTHOR}", for_author)
        step.detail = f"{AUTHORITY}: {', '.join(for_authority)}; {AUTHOR}: {', '.join(for_author) or 'none'}"


async def approve(demo: DemoRun, request: str, owed: int) -> Receipt:
    """The publishing authority approves, and sends the same approval once more as if its answer had been lost."""
    registry = demo.registry(AUTHORITY).under_key(new_run())
    with demo.timeline.step(f"approved by {AUTHORITY}: certificate constituted") as step:
        receipt = await registry.approve(REALM, request)
        step.detail = receipt.identifier
        expect(IDENTIFIER.fullmatch(receipt.identifier), "a certificate of Mexico", receipt.identifier)
        expect(receipt.status == "current", "a current certificate", receipt.status)
        expect(receipt.transmissions == owed, f"{owed} transmissions owed", receipt.transmissions)
    with demo.timeline.step("approved again under its Idempotency-Key: same receipt") as step:
        again = await registry.approve(REALM, request)
        expect(again == receipt, f"the receipt {receipt}", again)
        step.detail = again.identifier
    return receipt


async def _draft_and_request(demo: DemoRun) -> str:
    """The identifier of the request."""
    author, uid = demo.registry(AUTHOR), uid_of(demo.permit)
    with demo.timeline.step(f"permit drafted by {AUTHOR}") as step:
        receipt = await author.create_draft(REALM, demo.permit)
        step.detail = f"{uid}, to become {receipt.identifier}"
        expect(receipt.status == "draft", "a draft", receipt.status)
        draft = await author.draft(REALM, uid)
        expect(draft.etag == receipt.etag, "the draft as the receipt names it", draft.etag)
        expect(draft.locked_by is None and draft.revises is None, "a free draft of a new record")
    with demo.timeline.step(f"publication requested by {AUTHOR}") as step:
        opened = await author.request_publication(REALM, uid, receipt.etag)
        step.detail = opened.identifier
        expect(opened.status == "open", "an open request", opened.status)
    return opened.identifier


async def _locked(demo: DemoRun, request: str) -> None:
    author, uid = demo.registry(AUTHOR), uid_of(demo.permit)
    with demo.timeline.step("draft locked: a change of it is refused") as step:
        locked = await author.draft(REALM, uid)
        expect(locked.locked_by == request, "a draft locked by the request", locked.locked_by)
        status = await refused(author.replace_draft(REALM, uid, demo.permit, locked.etag))
        expect(status == CONFLICT, "the answer 409", status)
        step.detail = "409"
    with demo.timeline.step(f"{AUTHOR} may not approve their own request") as step:
        status = await refused(author.approve(REALM, request))
        expect(status == FORBIDDEN, "the answer 403", status)
        step.detail = "403"


async def _in_the_inbox(demo: DemoRun, request: str) -> None:
    def mine(rows: list[NotificationAnswer]) -> list[NotificationAnswer]:
        return [row for row in rows if row.request == request]

    notifier = demo.persons[AUTHORITY].notifier
    with demo.timeline.step(f"request found in the inbox of {AUTHORITY}") as step:
        rows = await until(notifier.inbox, lambda rows: bool(mine(rows)), "the request in the inbox")
        expect(len(mine(rows)) == 1, "one row for the request", len(mine(rows)))
        row = mine(rows)[0]
        expect(row.request_status == "open", "a request that is still open", row.request_status)
        step.detail = f"{row.type}, as {row.role}"


async def _seen_by_anybody(demo: DemoRun, record: RecordAnswer, count: int) -> None:
    with demo.timeline.step("anybody sees role, reason and outcome, but no address") as step:
        found = await demo.reader.transmissions(record.identifier)
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
