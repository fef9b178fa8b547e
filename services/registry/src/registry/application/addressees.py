"""Addressees by role, looked up in published records: what the rules of every realm are made of.

Addresses come from published records, never from user accounts. A realm's rule says who is named and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clearinghouse_formats import Realm, first_language, in_language
from clearinghouse_messages.events import RecipientRole
from registry.application.directory import Directory, PublishedRecord
from registry.domain.transmissions import Addressee

FOCAL_POINT = "national-focal-point"
COMPETENT_AUTHORITY = "competent-national-authority"


async def focal_points(
    directory: Directory, realm: Realm, country: str, provision: str, *, role: str = FOCAL_POINT
) -> list[Addressee]:
    """The focal points of a country that are national focal points of the realm."""
    found = [
        record
        for record in await directory.current("focalPoint", country)
        if realm.focal_points.intersection(record.content.get("categories", []))
    ]
    return _all_or_nobody(found, role, provision, country)


async def authorities(
    directory: Directory,
    realm: Realm,
    country: str,
    provision: str,
    *,
    role: str = COMPETENT_AUTHORITY,
    also: Iterable[object] = (),
) -> list[Addressee]:
    """Every current authority of a country in the realm; those that ``also`` refers to are added to them."""
    found = await directory.current("authority", country, realm=realm.slug)
    named = [record for record in [await directory.referred(one) for one in also] if record is not None]
    unique = {record.record.id: record for record in [*found, *named]}
    return _all_or_nobody(list(unique.values()), role, provision, country)


async def referred(
    directory: Directory, references: Sequence[object], role: str, provision: str
) -> list[Addressee]:
    """Whoever the references name; a reference that names no published record names nobody."""
    found = [await directory.referred(reference) for reference in references]
    return [
        _addressee(record, role, provision, record.record.country) for record in found if record is not None
    ]


def contact_lines(found: Iterable[PublishedRecord | None]) -> list[str]:
    """Whom to ask about a transmission: a line for each record, with its addresses."""
    lines = []
    for record in found:
        if record is not None:
            emails = ", ".join(record.content.get("emails", []))
            name = in_language(record.revision.title, "en")[0]
            lines.append(f"{name} <{emails}>" if emails else name)
    return list(dict.fromkeys(lines))


def entries_in(document: Mapping[str, Any], field: str) -> list[Any]:
    """The entries of a list in a document; none where it is no list."""
    value = document.get(field)
    return value if isinstance(value, list) else []


def _all_or_nobody(
    found: Sequence[PublishedRecord], role: str, provision: str, country: str
) -> list[Addressee]:
    """Those found; where the law names somebody and there is no record, one whom nobody can address."""
    if found:
        return [_addressee(record, role, provision, country) for record in found]
    missing = RecipientRole(role=role, provision=provision, country=country, record="", name="")
    return [Addressee(missing, (), first_language(country))]


def _addressee(published: PublishedRecord, role: str, provision: str, country: str | None) -> Addressee:
    content = published.content
    place = content.get("country")
    of_address = str(place["identifier"] if isinstance(place, dict) else country or "").lower()
    language = str(content.get("language") or first_language(of_address or (country or "")))
    return Addressee(
        RecipientRole(
            role=role,
            provision=provision,
            country=country or of_address or None,
            record=published.record.identifier,
            name=in_language(published.revision.title, language)[0],
        ),
        tuple(str(email) for email in content.get("emails", []) if str(email).strip()),
        language,
    )
