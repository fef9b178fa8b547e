"""Every command of the registry. What each does is the handler that ``pipeline.HANDLERS`` names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from clearinghouse_messages.documents import Document
from clearinghouse_messages.events import Multilingual
from registry.domain.entities import Role


@dataclass(frozen=True)
class CreateDraft:
    """Draft a new record, or the next revision of a published one."""

    realm: str
    document: Document


@dataclass(frozen=True)
class ReplaceDraft:
    """Replace a draft's content, if it still has that version."""

    realm: str
    uid: str
    document: Document
    version: int


@dataclass(frozen=True)
class DiscardDraft:
    """Discard a draft, if it still has that version."""

    realm: str
    uid: str
    version: int


@dataclass(frozen=True)
class OpenRequest:
    """Ask for publication of a draft, if it still has that version."""

    realm: str
    uid: str
    version: int


@dataclass(frozen=True)
class PublishDraft:
    """Publish a draft without a request."""

    realm: str
    uid: str
    version: int


@dataclass(frozen=True)
class ApproveRequest:
    """Publish what was asked for."""

    realm: str
    request: str


@dataclass(frozen=True)
class RejectRequest:
    """Decline what was asked for, with a reason."""

    realm: str
    request: str
    reason: str


@dataclass(frozen=True)
class RecallRequest:
    """Take one's own request back."""

    realm: str
    request: str


@dataclass(frozen=True)
class DeleteRecord:
    """Delete a record of a type that may be deleted."""

    realm: str
    identifier: str
    reason: Multilingual | None = None


@dataclass(frozen=True)
class EnterPerson:
    """Enter or change a person."""

    sub: str
    name: str
    email: str
    language: str


@dataclass(frozen=True)
class Designate:
    """Give a person a role. ``country`` is lower case; None for roles of a realm."""

    realm: str
    person: str
    role: Role
    country: str | None
    reason: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class EndDesignation:
    """End a designation now."""

    realm: str
    designation: str
    reason: str
