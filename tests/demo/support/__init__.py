"""What the tests of the demo have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from clearinghouse_messages.answers import RecordAnswer

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IDENTIFIER = "ABSCH-DEV-IRCC-MX-104-1"


def certificate(**content: Any) -> RecordAnswer:
    """A certificate with that content, as the registry answers it."""
    return RecordAnswer(
        identifier=IDENTIFIER,
        uid="demo-permit-1",
        number=104,
        revision=1,
        realm="absch",
        format="absPermit",
        country="mx",
        status="current",
        title=content["title"],
        published_at=AT,
        link=f"http://registry.test/{IDENTIFIER}",
        statement="This is the current revision.",
        languages=list(content["title"]),
        reason=None,
        current=IDENTIFIER,
        revisions=[],
        referred_by=[],
        content=content,
    )
