"""What the registry answers, as documented in its OpenAPI description; names as in the exchange form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from clearinghouse_messages.envelope import Envelope
from registry.application.context import Context
from registry.application.drafts import DraftView
from registry.application.publishing import Publication
from registry.application.records import Evidence, Shown, identifier_of
from registry.application.views import link
from registry.domain.entities import Designation, Person, Record, Request, Revision


class Answer(BaseModel):
    """Base of all answers: camelCase on the wire, as the exchange form has it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class NoticeAnswer(Answer):
    """Something to know before publication; where it stands, never what stands there."""

    path: str
    code: str
    message: str


class DraftAnswer(Answer):
    """A draft. Its ``etag`` is sent back as ``If-Match``."""

    uid: str
    record: str
    realm: str
    format: str
    country: str | None
    author: str
    updated_by: str
    updated_at: datetime
    revises: str | None = Field(description="The revision that this draft would follow")
    etag: str
    locked_by: str | None = Field(description="The open request that locks the draft")
    document: dict[str, Any]
    warnings: list[NoticeAnswer]


class RequestAnswer(Answer):
    """A request for publication."""

    request: str
    record: str
    uid: str
    realm: str
    format: str
    country: str | None
    title: dict[str, str]
    state: str
    author: str
    opened_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class RevisionAnswer(Answer):
    """One revision among the others: why it was made, and why it ended."""

    identifier: str
    revision: int
    status: str
    published_at: datetime
    reason: dict[str, str] | None
    ended_at: datetime | None
    end_reason: dict[str, str] | None


class ReferrerAnswer(Answer):
    """A current record that refers to this one."""

    identifier: str
    format: str
    title: dict[str, str]


class RecordSummary(Answer):
    """A record as lists show it."""

    identifier: str
    uid: str
    number: int
    revision: int
    realm: str
    format: str
    country: str | None
    status: str
    title: dict[str, str]
    published_at: datetime
    link: str


class RecordAnswer(RecordSummary):
    """A revision of a record, whole, with a plain statement of what it is."""

    statement: str
    languages: list[str]
    reason: dict[str, str] | None
    current: str = Field(description="The identifier of the newest revision")
    revisions: list[RevisionAnswer]
    referred_by: list[ReferrerAnswer]
    content: dict[str, Any]


class PublicationAnswer(Answer):
    """What a publication made: the record as it is now, and how many recipients were owed a transmission."""

    record: RecordAnswer
    transmissions: int
    notices: list[NoticeAnswer]


class RoleAnswer(Answer):
    """Why a recipient receives a transmission."""

    role: str
    provision: str = Field(description="The provision of the law that names the recipient")
    country: str | None
    name: str


class ServerAnswer(Answer):
    """What the mail server said about one address."""

    address: str
    code: int | None
    text: str
    accepted: bool


class AttemptAnswer(Answer):
    """One hand-over to a mail server."""

    number: int
    state: str
    server: str
    started_at: datetime
    ended_at: datetime | None
    message_id: str
    answers: list[ServerAnswer]


class TransmissionAnswer(Answer):
    """A transmission. Addresses and server's answers are there only for those who may see them."""

    transmission: str
    kind: str
    identifier: str
    roles: list[RoleAnswer]
    language: str
    state: str
    owed_at: datetime
    settled_at: datetime | None
    emails: list[str] | None = None
    attempts: list[AttemptAnswer] | None = None


class DesignationAnswer(Answer):
    """A role that a person holds or held."""

    id: str
    person: str
    realm: str
    role: str
    country: str | None
    start: datetime
    end: datetime | None
    made_by: str
    reason: str
    ended_by: str | None
    end_reason: str | None


class PersonAnswer(Answer):
    """Someone who signs in."""

    sub: str
    name: str
    email: str
    language: str


class MeAnswer(Answer):
    """The caller, as the registry knows him."""

    person: PersonAnswer | None
    designations: list[DesignationAnswer]


class DraftsAnswer(Answer):
    """Drafts."""

    items: list[DraftAnswer]


class RequestsAnswer(Answer):
    """Requests, newest first."""

    items: list[RequestAnswer]


class DesignationsAnswer(Answer):
    """Designations, past ones included."""

    items: list[DesignationAnswer]


class EventsAnswer(BaseModel):
    """A part of the ledger. ``next`` is the position to ask for next; ``generation`` names the ledger."""

    generation: str
    events: list[Envelope]
    next: int


def of_draft(shown: DraftView) -> DraftAnswer:
    """A draft; its document holds the private part too, for those who may edit it."""
    draft, record = shown.draft, shown.record
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
        warnings=[NoticeAnswer(**vars(notice)) for notice in shown.warnings],
    )


def of_request(request: Request) -> RequestAnswer:
    """A request."""
    return RequestAnswer(
        request=request.id,
        state=request.status,
        **request.model_dump(exclude={"id", "version", "number", "status"}),
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


def of_record(ctx: Context, shown: Shown) -> RecordAnswer:
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


def of_publication(ctx: Context, made: Publication, shown: Shown) -> PublicationAnswer:
    """What was published."""
    return PublicationAnswer(
        record=of_record(ctx, shown),
        transmissions=made.transmissions,
        notices=[NoticeAnswer(**vars(notice)) for notice in made.notices],
    )


def of_evidence(ctx: Context, evidence: Evidence) -> TransmissionAnswer:
    """A transmission, as far as the caller may see it."""
    one = evidence.transmission
    return TransmissionAnswer(
        transmission=one.id,
        kind=one.letter,
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
        state=one.status,
        owed_at=one.owed_at,
        settled_at=one.settled_at,
        emails=one.emails if evidence.open else None,
        attempts=[AttemptAnswer(**attempt.model_dump()) for attempt in one.attempts]
        if evidence.open
        else None,
    )


def of_designation(held: Designation) -> DesignationAnswer:
    """A designation."""
    return DesignationAnswer(**held.model_dump(exclude={"version", "seat"}))


def of_person(person: Person) -> PersonAnswer:
    """A person."""
    return PersonAnswer(sub=person.id, name=person.name, email=person.email, language=person.language)


def etag(version: int) -> str:
    """The entity tag of a draft's version (RFC 9110, section 8.8.3)."""
    return f'"{version}"'
