"""Official transmissions with every public field filled, for tests of the letters that are made from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from clearinghouse_messages.events import Multilingual, RecipientRole, RecordSnapshot, TransmissionOwed

AT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
SAMPLES = {"ar": "نص", "en": "text", "es": "texto", "fr": "texte", "ru": "текст", "zh": "文本"}
"""One word a language, of which the texts below are made."""

OTHER = "5B6177DD-5E5E-434E-8CB7-D63D67D5EBED"
COMMERCIAL = "5E833A3F-87D1-4ADD-8701-9F1B76383017"


def text(number: int) -> Multilingual:
    """A text in all six languages that no other number has."""
    return {language: f"{word} {number}" for language, word in SAMPLES.items()}


def link(number: int) -> dict[str, str]:
    return {"url": f"https://example.org/{number}", "name": f"№ {number}", "language": "es"}


def permit(**changes: Any) -> dict[str, Any]:
    """A permit in the exchange form with all its public fields."""
    content: dict[str, Any] = {
        "header": {"identifier": "MX-PERMIT-2026-0104", "schema": "absPermit", "languages": ["es"]},
        "government": {"identifier": "mx"},
        "updateReasons": text(1),
        "absCNA": {"identifier": "MX-CNA-0000001@2"},
        "title": text(2),
        "referenceToNationalPermit": text(3),
        "dateOfIssuance": "2026-03-01",
        "dateOfExpiry": "2031-02-28",
        "providers": [{"identifier": "MX-CONTACT-0001"}],
        "entitiesToWhomPICGranted": [{"identifier": "DE-CONTACT-0001"}],
        "subjectMatter": text(4),
        "keywords": [{"identifier": OTHER, "customValue": text(5)}],
        "keywordOther": text(6),
        "specimens": [link(7)],
        "taxonomies": [link(8)],
        "gisFiles": [link(9)],
        "gisMapCenter": {"zoom": 5, "lat": 20.7, "lng": -103.4},
        "amendmentIntent": 0,
        "amendmentDescription": text(10),
        "picGranted": True,
        "picInformation": text(11),
        "picDocuments": [link(12)],
        "matEstablished": True,
        "matInformation": text(13),
        "matDocuments": [link(14)],
        "usages": [{"identifier": COMMERCIAL}],
        "usagesDescription": text(15),
        "thirdPartyTransferCondition": text(16),
        "permitFiles": [link(17), link(18)],
        "permitDescription": text(19),
        "relevantInformation": text(20),
        "relevantDocuments": [link(21)],
        "relatedIRCCs": [{"identifier": "ABSCH-DEV-IRCC-MX-99"}],
    }
    return content | changes


def communique(**changes: Any) -> dict[str, Any]:
    """A checkpoint communiqué in the exchange form with all its public fields."""
    content: dict[str, Any] = {
        "header": {
            "identifier": "DE-COMMUNIQUE-01",
            "schema": "absCheckpointCommunique",
            "languages": ["en"],
        },
        "title": text(2),
        "government": {"identifier": "de"},
        "absIRCCs": [{"identifier": "ABSCH-DEV-IRCC-MX-99"}],
        "absCheckpoints": [{"identifier": "DE-CHECKPOINT-01"}],
        "absIRCCsNotAvailable": False,
        "sourceCountries": [{"identifier": "mx"}, {"identifier": "ma"}],
        "entityWhoGrantedPIC": {"identifier": "MX-CNA-0000001"},
        "subjectMatter": text(4),
        "specimens": [link(7)],
        "taxonomies": [link(8)],
        "gisFiles": [link(9)],
        "gisMapCenter": {"zoom": 5, "lat": 20.7, "lng": -103.4},
        "personsAtCheckpoint": [{"identifier": "DE-CONTACT-0001"}],
        "evidenceOfPIC": text(30),
        "evidenceOfMAT": text(31),
        "entityToWhomPICGranted": {"identifier": "DE-CONTACT-0001"},
        "description": text(32),
        "dateOfAccess": "2026-03-02",
        "dateCollected": "2026-03-03",
        "dateCollectedFrom": "2026-03-04",
        "dateCollectedTo": "2026-03-05",
        "amendmentDescription": text(10),
        "relevantInformation": text(20),
        "relevantDocuments": [link(21)],
        "keywords": [{"identifier": OTHER, "customValue": text(5)}],
        "keywordOther": text(6),
    }
    return content | changes


LABELS: dict[str, Multilingual] = {
    "MX-CNA-0000001": text(50),
    "MX-CONTACT-0001": text(51),
    "DE-CONTACT-0001": text(52),
    "ABSCH-DEV-IRCC-MX-99": text(53),
    "DE-CHECKPOINT-01": text(54),
    OTHER: text(55),
    COMMERCIAL: text(56),
}

ROLES = [
    RecipientRole(
        role="national-focal-point",
        provision="certificate.country",
        country="mx",
        record="ABSCH-DEV-NFP-MX-101-1",
        name="№ 60",
    )
]


def owed(kind: str, language: str, *, revision: int = 1, **changes: Any) -> TransmissionOwed:
    """A transmission of the sample permit or communiqué. ``changes`` reach the transmission or its record."""
    of_permit = kind != "communique"
    record = f"ABSCH-DEV-{'IRCC-MX-104' if of_permit else 'CPC-DE-205'}"
    content = permit() if of_permit else communique()
    state: dict[str, Any] = {
        "identifier": f"{record}-{revision}",
        "uid": content["header"]["identifier"],
        "number": 104 if of_permit else 205,
        "revision": revision,
        "realm": "absch",
        "format": content["header"]["schema"],
        "format_version": 1,
        "country": content["government"]["identifier"],
        "status": "revoked" if kind == "certificate-revoked" else "current",
        "languages": content["header"]["languages"],
        "title": content["title"],
        "published_at": AT,
        "reason": text(70) if revision > 1 or kind == "certificate-revoked" else None,
        "link": f"https://example.org/{record}-{revision}",
        "supersedes": f"{record}-{revision - 1}" if revision > 1 else None,
        "content": content,
    }
    transmission: dict[str, Any] = {
        "transmission": "a1b2c3",
        "kind": kind,
        "realm": "absch",
        "identifier": f"{record}-{revision}",
        "roles": ROLES,
        "emails": ["office@example.org"],
        "language": language,
        "labels": LABELS,
        "contacts": ["№ 80 <contact@example.org>"],
        "owed_at": AT,
    }
    return owing(state, transmission, changes)


def owing(state: dict[str, Any], transmission: dict[str, Any], changes: dict[str, Any]) -> TransmissionOwed:
    """A transmission of the record in that state. ``changes`` reach the one, the other, or both."""
    of_record = {name: value for name, value in changes.items() if name in RecordSnapshot.model_fields}
    of_transmission = {
        name: value for name, value in changes.items() if name in TransmissionOwed.model_fields
    }
    assert changes.keys() == of_record.keys() | of_transmission.keys()
    return TransmissionOwed.model_validate(transmission | of_transmission | {"record": state | of_record})
