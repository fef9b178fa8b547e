"""Whom the Nagoya Protocol names: recipients of certificates, of communiqués and of revocations.

Sources: Nagoya Protocol, Articles 13, 14, 17; modalities of operation of the ABS Clearing-House (decision NP-1/2);
on checkpoint communiqués, Article 17.1(a).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clearinghouse_formats.absch import REALM
from registry.application.addressees import authorities, contact_lines, entries_in, focal_points, referred
from registry.application.context import TransmissionRule
from registry.application.directory import Directory, PublishedRecord
from registry.domain.publication import Changed
from registry.domain.transmissions import Addressee

USER_AUTHORITY = "user-country-authority"


async def of_certificate(changed: Changed, directory: Directory) -> list[Addressee]:
    """Focal point and every competent authority of the issuing country; provider and grantee unless confidential."""
    permit = changed.revision.public
    country = changed.record.country or ""
    by_country = "certificate.country"
    grantees = entries_in(permit, "entitiesToWhomPICGranted")
    return [
        *await focal_points(directory, REALM, country, by_country),
        *await authorities(directory, REALM, country, by_country, also=[permit.get("absCNA")]),
        *await referred(directory, entries_in(permit, "providers"), "provider", "certificate.provider"),
        *await referred(directory, grantees, "grantee", "certificate.grantee"),
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
        if transmission.kind == "certificate" and transmission.emails
        for role in transmission.roles
    ]


async def of_communique(changed: Changed, directory: Directory) -> list[Addressee]:
    """The user country's authorities, always focal point and authorities of each provider country, the grantee."""
    communique = changed.revision.public
    certificates = [
        found
        for found in [await directory.referred(one) for one in entries_in(communique, "absIRCCs")]
        if found
    ]
    countries = [certificate.record.country for certificate in certificates]
    if not certificates:
        sources = entries_in(communique, "sourceCountries")
        countries = [str(term.get("identifier", "")).lower() for term in sources]
    found = await _of_checkpoints(communique, directory)
    by_country = "communique.provider-country"
    for country in dict.fromkeys(filter(None, countries)):
        found += await focal_points(directory, REALM, country, by_country)
        named = [one.content.get("absCNA") for one in certificates if one.record.country == country]
        found += await authorities(directory, REALM, country, by_country, also=named)
    granting = [communique.get("entityWhoGrantedPIC")]
    found += await referred(directory, granting, "pic-granting-entity", by_country)
    for holder in [*(certificate.content for certificate in certificates), communique]:
        grantees = [*entries_in(holder, "entitiesToWhomPICGranted"), holder.get("entityToWhomPICGranted")]
        found += await referred(directory, grantees, "grantee", "communique.grantee")
    return found


async def _of_checkpoints(communique: Mapping[str, Any], directory: Directory) -> list[Addressee]:
    """The designated national authorities of the user country, as each checkpoint's record says."""
    found: list[Addressee] = []
    by_country = "communique.user-country"
    for reference in entries_in(communique, "absCheckpoints"):
        checkpoint = await directory.referred(reference)
        if checkpoint is None:
            continue
        if checkpoint.content.get("informAllAuthorities"):
            country = checkpoint.record.country or ""
            found += await authorities(directory, REALM, country, by_country, role=USER_AUTHORITY)
        else:
            named = entries_in(checkpoint.content, "contactsToInform")
            found += await referred(directory, named, USER_AUTHORITY, by_country)
    return found


async def contacts_of_certificate(changed: Changed, directory: Directory) -> list[str]:
    """The authority that issued the permit."""
    return contact_lines([await directory.referred(changed.revision.public.get("absCNA"))])


async def contacts_of_communique(changed: Changed, directory: Directory) -> list[str]:
    """The checkpoints' authorities, and those of the countries that provided the resource."""
    communique = changed.revision.public
    found: list[PublishedRecord | None] = [
        await directory.referred(one) for one in entries_in(communique, "personsAtCheckpoint")
    ]
    found += await directory.current("authority", changed.record.country or "", realm=REALM.slug)
    for reference in entries_in(communique, "absIRCCs"):
        certificate = await directory.referred(reference)
        if certificate is not None:
            found.append(await directory.referred(certificate.content.get("absCNA")))
    return contact_lines(found)


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
