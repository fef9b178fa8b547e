"""Answers of the registry, as clients read them."""

from __future__ import annotations

from datetime import UTC, datetime

from clearinghouse_messages.answers import RecordAnswer
from clearinghouse_messages.documents import Document

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IDENTIFIER = "ABSCH-DEV-IRCC-MX-104-1"


def certificate_answer(content: Document, *, uid: str, address: str) -> RecordAnswer:
    """A certificate with that content, at the registry of that address."""
    return RecordAnswer(
        identifier=IDENTIFIER,
        uid=uid,
        number=104,
        revision=1,
        realm="absch",
        format="absPermit",
        country="mx",
        status="current",
        title=content["title"],
        published_at=AT,
        link=f"{address}/{IDENTIFIER}",
        statement="This is the current revision.",
        languages=list(content["title"]),
        reason=None,
        current=IDENTIFIER,
        revisions=[],
        referred_by=[],
        content=content,
    )
