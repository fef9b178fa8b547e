"""What publishing a draft makes of a record: pure decisions over its revisions.

Publishing a permit, and every amendment of it, constitutes a certificate; amending makes a new version and the
former is no longer valid; revoking ends validity (Nagoya Protocol, Article 17; decision NP-1/2). Every published
revision is kept, for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from clearinghouse_messages.documents import Document
from clearinghouse_messages.envelope import Cause
from clearinghouse_messages.events import Multilingual
from registry.domain.entities import Record, Revision

Change = Literal["published", "amended", "revoked", "deleted"]


@dataclass(frozen=True)
class Changed:
    """What a decision changes. ``revision`` is the one that the event is about."""

    change: Change
    record: Record
    revision: Revision
    former: Revision | None
    """The revision whose status changed because another one took its place."""

    @property
    def is_new_revision(self) -> bool:
        """Whether ``revision`` is to be added rather than replaced."""
        return self.change in ("published", "amended")


@dataclass(frozen=True)
class Content:
    """What a draft brings: its content in two parts, one of which never leaves the registry."""

    public: Document
    private: Document
    title: Multilingual
    format_version: int
    refers_to: Sequence[int]
    reason: Multilingual | None


def next_revision(
    record: Record, former: Revision | None, content: Content, *, by: str, at: datetime, cause: Cause
) -> Changed:
    """The first revision of a record, or the next one, which supersedes ``former``."""
    number = record.revision + 1
    revision = Revision(
        id=revision_id(record.number, number),
        number=record.number,
        revision=number,
        format_version=content.format_version,
        status="current",
        public=content.public,
        private=content.private,
        title=content.title,
        published_at=at,
        published_by=by,
        cause=cause,
        reason=content.reason,
    )
    after = record.model_copy(
        update={
            "status": "current",
            "revision": number,
            "refers_to": [str(other) for other in content.refers_to],
        }
    )
    if former is None:
        return Changed("published", after, revision, None)
    superseded = former.model_copy(update={"status": "superseded", "ended_at": at})
    return Changed("amended", after, revision, superseded)


def end(
    record: Record,
    current: Revision,
    *,
    how: Literal["revoked", "deleted"],
    at: datetime,
    reason: Multilingual | None,
) -> Changed:
    """The end of a record's validity. It makes no new content: the current revision changes its status."""
    ended = current.model_copy(update={"status": how, "ended_at": at, "end_reason": reason})
    return Changed(how, record.model_copy(update={"status": how}), ended, None)


def revision_id(number: int, revision: int) -> str:
    """The identity of a revision: ``104@2``."""
    return f"{number}@{revision}"
