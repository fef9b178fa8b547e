"""Whom the Nagoya Protocol names: recipients of certificates, of communiqués and of revocations.

Sources: Nagoya Protocol, Articles 13, 14, 17; modalities of operation of the ABS Clearing-House (decision NP-1/2);
on checkpoint communiqués, Article 17.1(a). Addresses come from published records, never from user accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clearinghouse_formats import first_language, in_language
from clearinghouse_formats.absch import REALM
from clearinghouse_messages.events import RecipientRole
from registry.application.context import TransmissionRule
from registry.application.directory import Directory, Published
from registry.domain.publication import Changed
from registry.domain.transmissions import Addressee


async def of_certificate(changed: Changed, directory: Directory) -> list[Addressee]:
    """Focal point and every competent authority of the issuing country; provider and grantee unless confidential."""
    permit = changed.revision.public
    country = changed.record.country or ""
    return [
        *await _focal_points(directory, country, "certificate.country"),
        *await _authorities(
            directory,
            country,
            "competent-national-authority",
            "certificate.country",
            also=[permit.get("absCNA")],
        ),
        *await _referred(directory, permit.get("providers"), "provider", "certificate.provider"),
        *await _referred(directory, permit.get("entitiesToWhomPICGranted"), "grantee", "certificate.grantee"),
    ]


async def of_revocation(changed: Changed, directory: Directory) -> list[Addressee]:
    """All to whom any version of the certificate was owed, at the address used then."""
    return [
        Addressee(
            role.model_copy(update={"provision": "revocation.informed"}),
            tuple(transmission.emails),
            transmission.language,
        )
        for transmission in await directory.transmitted(changed.record.number)
        if transmission.letter == "certificate" and transmission.emails
        for role in transmission.roles
    ]


async def of_communique(changed: Changed, directory: Directory) -> list[Addressee]:
    """The user country's authorities, always focal point and authorities of each provider country, the grantee."""
    communique = changed.revision.public
    certificates = [
        found for found in [await directory.referred(one) for one in _list(communique, "absIRCCs")] if found
    ]
    countries = [certificate.record.country for certificate in certificates]
    if not certificates:
        countries = [str(term.get("identifier", "")).lower() for term in _list(communique, "sourceCountries")]
    addressees = await _of_checkpoints(communique, directory)
    for country in dict.fromkeys(filter(None, countries)):
        addressees += await _focal_points(directory, country, "communique.provider-country")
        named = [
            certificate.content.get("absCNA")
            for certificate in certificates
            if certificate.record.country == country
        ]
        addressees += await _authorities(
            directory, country, "competent-national-authority", "communique.provider-country", also=named
        )
    addressees += await _referred(
        directory,
        [communique.get("entityWhoGrantedPIC")],
        "pic-granting-entity",
        "communique.provider-country",
    )
    for holder in [*(certificate.content for certificate in certificates), communique]:
        grantees = [*_list(holder, "entitiesToWhomPICGranted"), holder.get("entityToWhomPICGranted")]
        addressees += await _referred(directory, grantees, "grantee", "communique.grantee")
    return addressees


async def _of_checkpoints(communique: Mapping[str, Any], directory: Directory) -> list[Addressee]:
    """The designated national authorities of the user country, as each checkpoint's record says."""
    addressees: list[Addressee] = []
    for reference in _list(communique, "absCheckpoints"):
        checkpoint = await directory.referred(reference)
        if checkpoint is None:
            continue
        if checkpoint.content.get("informAllAuthorities"):
            addressees += await _authorities(
                directory,
                checkpoint.record.country or "",
                "user-country-authority",
                "communique.user-country",
            )
        else:
            addressees += await _referred(
                directory,
                checkpoint.content.get("contactsToInform"),
                "user-country-authority",
                "communique.user-country",
            )
    return addressees


async def contacts_of_certificate(changed: Changed, directory: Directory) -> list[str]:
    """The authority that issued the permit."""
    return _lines([await directory.referred(changed.revision.public.get("absCNA"))])


async def contacts_of_communique(changed: Changed, directory: Directory) -> list[str]:
    """The checkpoints' authorities, and those of the countries that provided the resource."""
    communique = changed.revision.public
    found: list[Published | None] = [
        await directory.referred(one) for one in _list(communique, "personsAtCheckpoint")
    ]
    found += await directory.current("authority", changed.record.country or "", realm=REALM.slug)
    for reference in _list(communique, "absIRCCs"):
        certificate = await directory.referred(reference)
        if certificate is not None:
            found.append(await directory.referred(certificate.content.get("absCNA")))
    return _lines(found)


async def _focal_points(directory: Directory, country: str, provision: str) -> list[Addressee]:
    found = [
        record
        for record in await directory.current("focalPoint", country)
        if REALM.focal_points.intersection(record.content.get("categories", []))
    ]
    return _all_or_nobody(found, "national-focal-point", provision, country)


async def _authorities(
    directory: Directory, country: str, role: str, provision: str, also: Iterable[object] = ()
) -> list[Addressee]:
    """Every current authority of the country; an authority that a record names is added, never put in their place."""
    found = await directory.current("authority", country, realm=REALM.slug)
    named = [record for record in [await directory.referred(one) for one in also] if record is not None]
    unique = {record.record.id: record for record in [*found, *named]}
    return _all_or_nobody(list(unique.values()), role, provision, country)


async def _referred(directory: Directory, references: object, role: str, provision: str) -> list[Addressee]:
    listed = references if isinstance(references, list) else []
    found = [await directory.referred(reference) for reference in listed]
    return [
        _addressee(record, role, provision, record.record.country) for record in found if record is not None
    ]


def _all_or_nobody(found: Sequence[Published], role: str, provision: str, country: str) -> list[Addressee]:
    """Those found; where the law names somebody and there is no record, one whom nobody can address."""
    if found:
        return [_addressee(record, role, provision, country) for record in found]
    missing = RecipientRole(role=role, provision=provision, country=country, record="", name="")
    return [Addressee(missing, (), first_language(country))]


def _addressee(published: Published, role: str, provision: str, country: str | None) -> Addressee:
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


def _lines(found: Iterable[Published | None]) -> list[str]:
    lines = []
    for record in found:
        if record is not None:
            emails = ", ".join(record.content.get("emails", []))
            name = in_language(record.revision.title, "en")[0]
            lines.append(f"{name} <{emails}>" if emails else name)
    return list(dict.fromkeys(lines))


def _list(document: Mapping[str, Any], field: str) -> list[Any]:
    value = document.get(field)
    return value if isinstance(value, list) else []


RULES = (
    TransmissionRule("absPermit", "published", "certificate", of_certificate, contacts_of_certificate),
    TransmissionRule("absPermit", "amended", "certificate", of_certificate, contacts_of_certificate),
    TransmissionRule("absPermit", "revoked", "certificate-revoked", of_revocation, contacts_of_certificate),
    TransmissionRule(
        "absCheckpointCommunique", "published", "communique", of_communique, contacts_of_communique
    ),
    TransmissionRule(
        "absCheckpointCommunique", "amended", "communique", of_communique, contacts_of_communique
    ),
)
