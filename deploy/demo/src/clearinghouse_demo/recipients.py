"""Whom the recipient_rules names, worked out from the published records as anybody can read them.

Nagoya Protocol, Articles 14 and 17, and the decisions on them: a certificate goes to the focal point and the
competent national authorities of its country, the provider and the grantee (both unless confidential); a
communiqué to the authorities that its checkpoint informs, to the focal point and the authorities of each
country providing the resource, and to the grantee.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clearinghouse_client.api import Registry
from clearinghouse_messages.answers import RecordAnswer
from clearinghouse_messages.documents import Document

LANGUAGES = {"mx": "es", "de": "en", "ma": "ar", "cn": "zh"}
"""The language of a letter where the recipient's record names none: the first UN language, else English."""

NFP, CNA, PROVIDER, GRANTEE = "national-focal-point", "competent-national-authority", "provider", "grantee"
USER_AUTHORITY, PIC_GRANTING = "user-country-authority", "pic-granting-entity"
INSTRUMENT = "ABS-FP"
"""The category of a focal point for the Nagoya Protocol."""


@dataclass(frozen=True)
class ExpectedRecipient:
    """One letter that is due: why, to which addresses (in lower case), in which language."""

    roles: frozenset[str]
    emails: frozenset[str]
    language: str


class RecipientRules:
    """The rules, asked of one registry."""

    def __init__(self, registry: Registry, realm: str) -> None:
        self._registry = registry
        self._realm = realm

    async def certificate(self, permit: Document) -> list[ExpectedRecipient]:
        """Recipients of a certificate with this content."""
        return merged(
            [
                *await self._country(_country(permit)),
                *await self._named(_one(permit.get("absCNA")), CNA),
                *await self._named(permit.get("providers"), PROVIDER),
                *await self._named(permit.get("entitiesToWhomPICGranted"), GRANTEE),
            ]
        )

    async def communique(self, communique: Document) -> list[ExpectedRecipient]:
        """Recipients of a communiqué with this content."""
        found: list[ExpectedRecipient] = []
        for checkpoint in await self._records(communique.get("absCheckpoints")):
            found += await self._informed(checkpoint)
        permits = await self._records(communique.get("absIRCCs"))
        sources = [_country(permit.content) for permit in permits] or [
            str(source["identifier"]) for source in communique.get("sourceCountries") or []
        ]
        for source in dict.fromkeys(sources):
            found += await self._country(source)
        for permit in permits:
            found += await self._named(_one(permit.content.get("absCNA")), CNA)
            found += await self._named(permit.content.get("entitiesToWhomPICGranted"), GRANTEE)
        found += await self._named(_one(communique.get("entityWhoGrantedPIC")), PIC_GRANTING)
        found += await self._named(_one(communique.get("entityToWhomPICGranted")), GRANTEE)
        return merged(found)

    async def authorities(self, country: str) -> list[RecordAnswer]:
        """The competent national authorities of a country."""
        listed = await self._registry.records("authority", country, realm=self._realm)
        return [await self._registry.record(record.uid) for record in listed]

    async def _country(self, country: str) -> list[ExpectedRecipient]:
        listed = await self._registry.records("focalPoint", country)
        focal_points = [await self._registry.record(record.uid) for record in listed]
        return [
            *[_recipient(each, NFP) for each in focal_points if INSTRUMENT in each.content["categories"]],
            *[_recipient(record, CNA) for record in await self.authorities(country)],
        ]

    async def _informed(self, checkpoint: RecordAnswer) -> list[ExpectedRecipient]:
        if checkpoint.content.get("informAllAuthorities"):
            country = checkpoint.country or ""
            return [_recipient(record, USER_AUTHORITY) for record in await self.authorities(country)]
        return await self._named(checkpoint.content.get("contactsToInform"), USER_AUTHORITY)

    async def _named(self, references: list[Document] | None, role: str) -> list[ExpectedRecipient]:
        return [_recipient(record, role) for record in await self._records(references)]

    async def _records(self, references: list[Document] | None) -> list[RecordAnswer]:
        return [await self._registry.record(str(reference["identifier"])) for reference in references or []]


def merged(recipients: Iterable[ExpectedRecipient]) -> list[ExpectedRecipient]:
    """One letter for recipients who share an address; none for who has no address."""
    groups: list[ExpectedRecipient] = []
    for recipient in recipients:
        if not recipient.emails:
            continue
        sharing = [group for group in groups if group.emails & recipient.emails]
        groups = [group for group in groups if group not in sharing]
        first = sharing[0] if sharing else recipient
        everyone = [*sharing, recipient]
        groups.append(
            ExpectedRecipient(
                roles=frozenset[str]().union(*(each.roles for each in everyone)),
                emails=frozenset[str]().union(*(each.emails for each in everyone)),
                language=first.language,
            )
        )
    return groups


def _recipient(record: RecordAnswer, role: str) -> ExpectedRecipient:
    country = record.country or str((record.content.get("country") or {}).get("identifier", ""))
    language = record.content.get("language") or LANGUAGES.get(country, "en")
    emails = record.content.get("emails") or []
    return ExpectedRecipient(
        frozenset({role}), frozenset(email.casefold() for email in emails), str(language)
    )


def _one(reference: Document | None) -> list[Document]:
    return [reference] if reference else []


def _country(document: Document) -> str:
    return str(document["government"]["identifier"])
