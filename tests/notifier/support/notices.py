"""The letters of a small realm, for tests of what the letters of any realm have: notices of the BCH."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from clearinghouse_formats import Catalogue, Format, load
from clearinghouse_formats.declare import titled
from clearinghouse_formats.markers import Confidential
from clearinghouse_formats.record import Intent, Links, RecordModel
from clearinghouse_formats.values import Country, Date, Flag, Lstring, MapLocation, RecordReference, Term
from clearinghouse_messages.events import RecipientRole, TransmissionOwed
from notifier.adapters.letters.jinja import JinjaLetters
from notifier.application.letters import LettersOfKind, RealmLetters
from tests.notifier.support.transmissions import AT, OTHER, link, owing, text

TERM = "C0FFEE00-0000-4000-8000-000000000001"


class Notice(RecordModel):
    """Something that a country lets others know."""

    government: Country | None = None
    title: Lstring | None = None
    summary: Annotated[Lstring | None, Confidential("summaryConfidential")] = None
    summary_confidential: Flag | None = None
    suppliers: Annotated[list[RecordReference] | None, Confidential("suppliersConfidential")] = None
    suppliers_confidential: Flag | None = None
    subjects: list[Term] | None = None
    issued: Date | None = None
    last_day: Date | None = None
    binding: Flag | None = None
    documents: Links | None = None
    place: MapLocation | None = None
    related: list[RecordReference] | None = None
    amendment_intent: Intent | None = None


FORMAT = Format(name="notice", model=Notice, kind="national", title_of=titled("title"))

LETTERS = RealmLetters(
    kinds={
        "copy": LettersOfKind(first="notice", later="notice-amended", expiry_field="lastDay"),
        "withdrawal": LettersOfKind(
            first="withdrawal", later="withdrawal", expiry_field="lastDay", shows_replaced=False
        ),
        "announcement": LettersOfKind(first="notice", later="notice-amended"),
    },
    words=Path(__file__).with_name("words"),
)

LABELS = {
    "MX-CONTACT-0001": text(51),
    "MX-NOTICE-0099": text(53),
    OTHER: text(55),
    TERM: text(56),
}


def letters() -> JinjaLetters:
    """The letters of the BCH as if it sent notices."""
    return JinjaLetters({"bch": LETTERS}, Catalogue(load(("bch",)).realms, {FORMAT.name: FORMAT}))


def notice(**changes: Any) -> dict[str, Any]:
    """A notice in the exchange form with all its public fields."""
    content: dict[str, Any] = {
        "header": {"identifier": "MX-NOTICE-2026-0104", "schema": "notice", "languages": ["es"]},
        "government": {"identifier": "mx"},
        "title": text(2),
        "summary": text(4),
        "suppliers": [{"identifier": "MX-CONTACT-0001@2"}],
        "subjects": [{"identifier": TERM}, {"identifier": OTHER, "customValue": text(5)}],
        "issued": "2026-03-01",
        "lastDay": "2031-02-28",
        "binding": True,
        "documents": [link(17), link(18)],
        "place": {"zoom": 5, "lat": 20.7, "lng": -103.4},
        "related": [{"identifier": "MX-NOTICE-0099"}],
        "amendmentIntent": 0,
        "amendmentDescription": text(10),
        "relevantInformation": text(20),
        "relevantDocuments": [link(21)],
    }
    return content | changes


def owed(kind: str = "copy", language: str = "en", *, revision: int = 1, **changes: Any) -> TransmissionOwed:
    """A transmission of the sample notice. ``changes`` reach the transmission or its record."""
    record = "BCH-DEV-NOT-MX-104"
    content = notice()
    withdrawn = kind == "withdrawal"
    state: dict[str, Any] = {
        "identifier": f"{record}-{revision}",
        "uid": content["header"]["identifier"],
        "number": 104,
        "revision": revision,
        "realm": "bch",
        "format": "notice",
        "format_version": 1,
        "country": "mx",
        "status": "revoked" if withdrawn else "current",
        "languages": ["es"],
        "title": content["title"],
        "published_at": AT,
        "reason": text(70) if revision > 1 or withdrawn else None,
        "link": f"https://example.org/{record}-{revision}",
        "supersedes": f"{record}-{revision - 1}" if revision > 1 else None,
        "content": content,
    }
    role = RecipientRole(
        role="national-focal-point",
        provision="notice.country",
        country="mx",
        record="BCH-DEV-NFP-MX-101-1",
        name="№ 60",
    )
    transmission: dict[str, Any] = {
        "transmission": "a1b2c3",
        "kind": kind,
        "realm": "bch",
        "identifier": f"{record}-{revision}",
        "roles": [role],
        "emails": ["office@example.org"],
        "language": language,
        "labels": LABELS,
        "contacts": ["№ 80 <contact@example.org>"],
        "owed_at": AT,
    }
    return owing(state, transmission, changes)
