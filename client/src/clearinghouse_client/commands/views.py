"""How answers look to a person."""

from __future__ import annotations

from datetime import datetime

from rich.console import Group, RenderableType

from clearinghouse_client.models import Draft, Notice, Publication, Record, Request, Transmission
from clearinghouse_client.output import facts, table, text


def moment(at: datetime | None) -> str:
    """A time as people write it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def draft_view(draft: Draft) -> RenderableType:
    """A draft, and what to look at before it is published."""
    rows = [
        ("draft", draft.uid),
        ("format", f"{draft.format} ({draft.realm})"),
        ("country", (draft.country or "").upper()),
        ("next revision of", draft.revises or ""),
        ("locked by request", draft.locked_by or ""),
    ]
    return Group(facts(rows), *_notices(draft.warnings))


def publication_view(publication: Publication) -> RenderableType:
    """What a publication made."""
    record = publication.record
    rows = [
        ("published", record.identifier),
        ("status", record.statement or record.status),
        ("link", record.link),
        ("transmissions", f"{publication.transmissions} owed"),
    ]
    return Group(facts(rows), *_notices(publication.notices))


def request_view(request: Request) -> RenderableType:
    """One request."""
    rows = [
        ("request", request.request),
        ("for", f"{text(request.title)} ({request.format}, {(request.country or '').upper()})"),
        ("state", request.state),
        ("reason", request.reason or ""),
        ("ends by itself", moment(request.expires_at) if request.state == "open" else ""),
    ]
    return facts(rows)


def requests_view(requests: list[Request]) -> RenderableType:
    """Requests, one a line."""
    rows = [
        (each.request, each.state, each.format, text(each.title), each.author, moment(each.opened_at))
        for each in requests
    ]
    return table(("request", "state", "format", "title", "author", "opened"), rows)


def record_view(record: Record) -> RenderableType:
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


def transmissions_view(transmissions: list[Transmission]) -> RenderableType:
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
            f"{each.state} [{each.language}]\n{moment(each.settled_at or each.owed_at)}",
            _last_answer(each),
        )
        for each in transmissions
    ]
    return table(("to whom", "why", "outcome", "server said"), rows)


def _last_answer(transmission: Transmission) -> str:
    if not transmission.attempts:
        return ""
    return "\n".join(f"{said.code or ''} {said.text}".strip() for said in transmission.attempts[-1].answers)


def _notices(notices: list[Notice]) -> list[RenderableType]:
    if not notices:
        return []
    return ["", table(("look at", "why"), [(each.path or "/", each.message) for each in notices])]
