"""How answers look to a person."""

from __future__ import annotations

from datetime import datetime

from rich.console import Group, RenderableType

from clearinghouse_client.output import CommandResult, facts, table, text
from clearinghouse_client.workflow import draft_in
from clearinghouse_messages.answers import (
    DraftAnswer,
    NotificationAnswer,
    Receipt,
    RecordAnswer,
    RequestAnswer,
    TransmissionAnswer,
    WarningAnswer,
)


def moment(at: datetime) -> str:
    """A time as people write it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def event_name(event_type: str) -> str:
    """The type of an event without what all types have in common."""
    return event_type.removeprefix("int.cbd.").removesuffix(".v1")


def receipt_view(receipt: Receipt) -> RenderableType:
    """What a command did, and what to look at before it goes on."""
    owed = receipt.transmissions
    rows = [
        ("identifier", receipt.identifier),
        ("status", receipt.status),
        ("draft", draft_in(receipt)),
        ("transmissions", "" if owed is None else f"{owed} owed"),
        ("page", receipt.links.get("page", "")),
    ]
    return Group(facts(rows), *_warnings(receipt.warnings))


def publication_result(receipt: Receipt) -> CommandResult:
    """What a publication made, and where to see to whom it goes."""
    next_step = f"clearinghouse transmissions {receipt.identifier}"
    return CommandResult(receipt, receipt_view(receipt), next_step)


def request_result(receipt: Receipt) -> CommandResult:
    """A request that was opened, and what the publishing authority types next."""
    next_step = f"The publishing authority: clearinghouse approve {receipt.identifier}"
    return CommandResult(receipt, receipt_view(receipt), next_step)


def draft_view(draft: DraftAnswer) -> RenderableType:
    """A draft, and what to look at before it is published."""
    rows = [
        ("draft", draft.uid),
        ("record", draft.record),
        ("format", f"{draft.format} ({draft.realm})"),
        ("country", (draft.country or "").upper()),
        ("next revision of", draft.revises or ""),
        ("locked by request", draft.locked_by or ""),
        ("changed", f"{moment(draft.updated_at)} by {draft.updated_by}"),
        ("actions", ", ".join(draft.actions)),
    ]
    return Group(facts(rows), *_warnings(draft.warnings))


def drafts_view(drafts: list[DraftAnswer]) -> RenderableType:
    """Drafts, one a line."""
    rows = [
        (
            each.uid,
            each.record,
            each.format,
            each.author,
            moment(each.updated_at),
            each.locked_by or "",
            ", ".join(each.actions),
        )
        for each in drafts
    ]
    return table(("draft", "record", "format", "author", "changed", "locked by request", "actions"), rows)


def request_view(request: RequestAnswer) -> RenderableType:
    """One request."""
    rows = [
        ("request", request.request),
        ("for", f"{text(request.title)} ({request.format}, {(request.country or '').upper()})"),
        ("record", request.record),
        ("draft", request.uid),
        ("status", request.status),
        ("author", f"{request.author}, {moment(request.opened_at)}"),
        ("decided by", request.decided_by or ""),
        ("reason", request.reason or ""),
        ("ends by itself", moment(request.expires_at) if request.status == "open" else ""),
        ("actions", ", ".join(request.actions)),
    ]
    return facts(rows)


def requests_view(requests: list[RequestAnswer]) -> RenderableType:
    """Requests, one a line."""
    rows = [
        (
            each.request,
            each.status,
            each.format,
            text(each.title),
            each.author,
            moment(each.opened_at),
            ", ".join(each.actions),
        )
        for each in requests
    ]
    return table(("request", "status", "format", "title", "author", "opened", "actions"), rows)


def inbox_view(notifications: list[NotificationAnswer]) -> RenderableType:
    """Rows of an inbox, one a line."""
    rows = [
        (
            each.id,
            "" if each.read else "new",
            event_name(each.type),
            text(each.title),
            each.request,
            each.request_status,
            moment(each.at),
        )
        for each in notifications
    ]
    return table(("id", "", "what", "title", "request", "status", "when"), rows)


def record_view(record: RecordAnswer) -> RenderableType:
    """A record: what it is, every revision, and who refers to it."""
    rows = [
        ("record", record.identifier),
        ("title", text(record.title)),
        ("status", record.statement or record.status),
        ("current", record.current if record.current != record.identifier else ""),
        ("format", f"{record.format} ({record.realm})"),
        ("own identifier", record.uid),
        ("languages", ", ".join(record.languages)),
        ("published", moment(record.published_at)),
        ("reason", text(record.reason)),
        ("link", record.link),
    ]
    revisions = [
        (each.identifier, each.status, moment(each.published_at), text(each.reason))
        for each in record.revisions
    ]
    referrers = [(each.identifier, each.format, text(each.title)) for each in record.referred_by]
    parts: list[RenderableType] = [
        facts(rows),
        "",
        table(("revision", "status", "published", "why"), revisions),
    ]
    if referrers:
        parts += ["", table(("referred to by", "format", "title"), referrers)]
    return Group(*parts)


def transmissions_view(transmissions: list[TransmissionAnswer]) -> RenderableType:
    """To whom a record went, why, when, and what the mail server answered."""
    rows = [
        (
            "\n".join(
                [
                    *(f"{role.role} {(role.country or '').upper()}" for role in each.roles),
                    *(each.emails or []),
                ]
            ),
            "\n".join([*(role.provision for role in each.roles), each.identifier]),
            f"{each.status} [{each.language}]\n{moment(each.settled_at or each.owed_at)}",
            _last_replies(each),
        )
        for each in transmissions
    ]
    return table(("to whom", "why", "outcome", "server said"), rows)


def _last_replies(transmission: TransmissionAnswer) -> str:
    if not transmission.attempts:
        return ""
    return "\n".join(f"{said.code or ''} {said.text}".strip() for said in transmission.attempts[-1].replies)


def _warnings(warnings: list[WarningAnswer]) -> list[RenderableType]:
    if not warnings:
        return []
    return ["", table(("look at", "why"), [(each.path or "/", each.message) for each in warnings])]
