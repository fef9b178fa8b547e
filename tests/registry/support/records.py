"""Small valid records in the exchange form, made by the country given; each call may change fields."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

JURISDICTION = "7437F880-7B12-4F26-AA91-CED37250DD0A"
COMMERCIAL = "5E833A3F-87D1-4ADD-8701-9F1B76383017"


def document(schema: str, uid: str, **fields: Any) -> Document:
    """A document with its header; a field that is None is left out."""
    header = {"identifier": uid, "schema": schema, "languages": ["en", "es"]}
    return {"header": header, **{name: value for name, value in fields.items() if value is not None}}


def ref(uid: str) -> dict[str, str]:
    """A reference."""
    return {"identifier": uid}


def text(words: str) -> dict[str, str]:
    """Multilingual text in the languages of the header."""
    return {"en": words, "es": f"{words} (es)"}


def focal_point(country: str, uid: str | None = None, **fields: Any) -> Document:
    """A national focal point for the Nagoya Protocol."""
    return document(
        "focalPoint",
        uid or f"focal-point-{country}-1",
        **{
            "government": ref(country),
            "categories": ["ABS-FP"],
            "firstName": "Focal",
            "lastName": f"Point {country}",
            "emails": [f"nfp@{country}.example"],
            **fields,
        },
    )


def authority(country: str, uid: str | None = None, **fields: Any) -> Document:
    """A competent national authority."""
    return document(
        "authority",
        uid or f"authority-{country}-1",
        **{
            "government": ref(country),
            "name": text(f"Authority of {country}"),
            "city": text("Capital"),
            "country": ref(country),
            "phones": ["+52 55 0000 0000"],
            "emails": [f"cna@{country}.example"],
            "responsibleForAll": True,
            "responsibilities": text("Grants access"),
            "absJurisdiction": [ref(JURISDICTION)],
            **fields,
        },
    )


def contact(uid: str, country: str = "mx", **fields: Any) -> Document:
    """A person as contact."""
    return document(
        "contact",
        uid,
        **{
            "type": "person",
            "government": ref(country),
            "firstName": "Person",
            "lastName": uid,
            "country": ref(country),
            "emails": [f"{uid}@{country}.example"],
            **fields,
        },
    )


def permit(uid: str, country: str = "mx", **fields: Any) -> Document:
    """A permit with provider and grantee."""
    return document(
        "absPermit",
        uid,
        **{
            "government": ref(country),
            "absCNA": ref(f"authority-{country}-1"),
            "title": text(f"Permit {uid}"),
            "dateOfIssuance": "2026-11-01",
            "providers": [ref("provider-contact")],
            "entitiesToWhomPICGranted": [ref("grantee-contact")],
            "subjectMatter": text("Seeds of agave"),
            "picGranted": True,
            "matEstablished": True,
            "usages": [ref(COMMERCIAL)],
            **fields,
        },
    )


def checkpoint(country: str, uid: str | None = None, **fields: Any) -> Document:
    """A checkpoint that informs all authorities of its country."""
    return document(
        "absCheckpoint",
        uid or f"checkpoint-{country}-1",
        **{
            "government": ref(country),
            "name": text(f"Checkpoint of {country}"),
            "jurisdiction": ref(JURISDICTION),
            "informAllAuthorities": True,
            **fields,
        },
    )


def communique(uid: str, country: str = "de", **fields: Any) -> Document:
    """A communiqué of the country's checkpoint about a permit."""
    return document(
        "absCheckpointCommunique",
        uid,
        **{
            "title": text(f"Communique {uid}"),
            "government": ref(country),
            "absCheckpoints": [ref(f"checkpoint-{country}-1")],
            "description": text("Use of the resource in research"),
            **fields,
        },
    )


def law(uid: str, country: str = "mx", **fields: Any) -> Document:
    """A law on biosafety."""
    return document(
        "biosafetyLaw",
        uid,
        **{
            "government": ref(country),
            "title": text(f"Law {uid}"),
            "type": ref("law-law"),
            "isAmendment": False,
            "authorities": [ref(f"authority-{country}-1")],
            "cpbSubjectAreas": [ref("biosafety-contained-use")],
            "cpbOrganismTypes": [ref("organism-plants")],
            "expires": False,
            **fields,
        },
    )


def resource(uid: str, **fields: Any) -> Document:
    """A resource of the virtual library."""
    return document(
        "resource",
        uid,
        **{
            "title": text(f"Guide {uid}"),
            "resourceTypes": [ref("resource-book")],
            "publicationDate": "2016",
            "resourceLinks": [{"url": "https://library.example/guide.pdf"}],
            "summary": text("What to do and why"),
            **fields,
        },
    )
