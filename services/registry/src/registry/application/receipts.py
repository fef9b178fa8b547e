"""What commands of the registry answer: small receipts, never a document."""

from __future__ import annotations

from collections.abc import Sequence

from clearinghouse_messages.answers import Receipt, WarningAnswer
from registry.application.context import Context
from registry.application.views import link
from registry.domain.confidentiality import PublicationWarning
from registry.domain.entities import Designation, Draft, Person, Record, Request
from registry.domain.identifiers import of_revision
from registry.domain.publication import Changed


def etag(version: int) -> str:
    """The entity tag of a draft's version (RFC 9110, section 8.8.3)."""
    return f'"{version}"'


def of_draft(draft: Draft, record: Record, warnings: Sequence[PublicationWarning]) -> Receipt:
    """A draft that was made or changed."""
    return Receipt(
        identifier=record.identifier,
        status="draft",
        etag=etag(draft.version),
        warnings=warnings_of(warnings),
        links={"draft": _draft_link(draft.realm, draft.uid)},
    )


def of_discarded(record: Record) -> Receipt:
    """A draft that is gone."""
    return Receipt(identifier=record.identifier, status="discarded")


def of_request(request: Request) -> Receipt:
    """A request that was opened or ended."""
    links = {
        "request": f"/v1/{request.realm}/requests/{request.id}",
        "draft": _draft_link(request.realm, request.uid),
    }
    return Receipt(identifier=request.id, status=request.status, links=links)


def of_publication(
    ctx: Context, changed: Changed, transmissions: int, warnings: Sequence[PublicationWarning] = ()
) -> Receipt:
    """A record that was published, amended, revoked or deleted."""
    identifier = of_revision(changed.record.identifier, changed.revision.revision)
    return Receipt(
        identifier=identifier,
        status=changed.revision.status,
        revision=changed.revision.revision,
        transmissions=transmissions,
        warnings=warnings_of(warnings),
        links={
            "record": f"/v1/records/{identifier}",
            "transmissions": f"/v1/records/{identifier}/transmissions",
            "page": link(ctx, identifier),
        },
    )


def of_designation(designation: Designation, *, ended: bool = False) -> Receipt:
    """A designation that was made or ended."""
    return Receipt(
        identifier=designation.id,
        status="ended" if ended else "in-force",
        links={"designations": f"/v1/{designation.realm}/designations"},
    )


def of_person(person: Person) -> Receipt:
    """A person who was entered or changed."""
    return Receipt(identifier=person.id, status="entered")


def warnings_of(warnings: Sequence[PublicationWarning]) -> list[WarningAnswer]:
    """Warnings as answers show them."""
    return [WarningAnswer(path=one.path, code=one.code, message=one.message) for one in warnings]


def _draft_link(realm: str, uid: str) -> str:
    return f"/v1/{realm}/drafts/{uid}"
