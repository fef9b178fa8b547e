"""Entities as the registry's answers show them."""

from __future__ import annotations

from typing import Any

from clearinghouse_messages.answers import (
    AttemptAnswer,
    DesignationAnswer,
    DraftAnswer,
    PersonAnswer,
    RecordAnswer,
    ReferrerAnswer,
    RequestAnswer,
    RevisionAnswer,
    RoleAnswer,
    TransmissionAnswer,
)
from registry.application.context import Context
from registry.application.drafts import DraftView
from registry.application.receipts import etag, warnings_of
from registry.application.records import Evidence, RecordView, identifier_of
from registry.application.requests import RequestView
from registry.application.views import link
from registry.domain.entities import Designation, Person, Record, Revision


def of_draft(view: DraftView) -> DraftAnswer:
    """A draft; its document holds the private part too, for those who may edit it."""
    draft, record = view.draft, view.record
    return DraftAnswer(
        uid=draft.uid,
        record=record.identifier,
        realm=draft.realm,
        format=draft.format,
        country=draft.country,
        author=draft.author,
        updated_by=draft.updated_by,
        updated_at=draft.updated_at,
        revises=f"{record.identifier}-{record.revision}" if record.revision else None,
        etag=etag(draft.version),
        locked_by=draft.request,
        document={**draft.public, **draft.private},
        warnings=warnings_of(view.warnings),
        actions=list(view.actions),
    )


def of_request(view: RequestView) -> RequestAnswer:
    """A request."""
    request = view.request
    return RequestAnswer(
        request=request.id,
        actions=list(view.actions),
        **request.model_dump(exclude={"id", "version", "number"}),
    )


def of_summary(ctx: Context, record: Record, revision: Revision) -> dict[str, Any]:
    """What lists and whole records share."""
    identifier = identifier_of(record, revision)
    return {
        "identifier": identifier,
        "uid": record.uid,
        "number": record.number,
        "revision": revision.revision,
        "realm": record.realm,
        "format": record.format,
        "country": record.country,
        "status": revision.status,
        "title": revision.title,
        "published_at": revision.published_at,
        "link": link(ctx, identifier),
    }


def of_record(ctx: Context, shown: RecordView) -> RecordAnswer:
    """A revision with its history and referrers; private content has no way here."""
    record, revision = shown.record, shown.revision
    newest = f"{record.identifier}-{record.revision}"
    return RecordAnswer(
        **of_summary(ctx, record, revision),
        statement=statement(revision.status, newest),
        languages=list(revision.public.get("header", {}).get("languages", [])),
        reason=revision.end_reason or revision.reason,
        current=newest,
        revisions=[
            RevisionAnswer(
                identifier=identifier_of(record, one),
                revision=one.revision,
                status=one.status,
                published_at=one.published_at,
                reason=one.reason,
                ended_at=one.ended_at,
                end_reason=one.end_reason,
            )
            for one in shown.revisions
        ],
        referred_by=[
            ReferrerAnswer(identifier=identifier_of(other, last), format=other.format, title=last.title)
            for other, last in shown.referred_by
        ],
        content=revision.public,
    )


def statement(status: str, newest: str) -> str:
    """What an identifier's revision is, in one sentence."""
    sentences = {
        "current": "This is the current revision.",
        "superseded": f"This revision was superseded and is no longer valid; the newest is {newest}.",
        "revoked": "This record was revoked and is no longer valid.",
        "deleted": "This record was deleted; it is kept for reference.",
    }
    return sentences[status]


def of_evidence(ctx: Context, evidence: Evidence) -> TransmissionAnswer:
    """A transmission, as far as the caller may see it."""
    one = evidence.transmission
    return TransmissionAnswer(
        transmission=one.id,
        kind=one.kind,
        identifier=one.identifier,
        roles=[
            RoleAnswer(
                role=role.role,
                provision=ctx.provisions.get(role.provision, role.provision),
                country=role.country,
                name=role.name,
            )
            for role in one.roles
        ],
        language=one.language,
        status=one.status,
        owed_at=one.owed_at,
        settled_at=one.settled_at,
        emails=one.emails if evidence.open else None,
        attempts=[AttemptAnswer.model_validate(attempt.model_dump()) for attempt in one.attempts]
        if evidence.open
        else None,
    )


def of_designation(held: Designation) -> DesignationAnswer:
    """A designation."""
    return DesignationAnswer(**held.model_dump(exclude={"version", "seat"}))


def of_person(person: Person) -> PersonAnswer:
    """A person."""
    return PersonAnswer(sub=person.id, name=person.name, email=person.email, language=person.language)
