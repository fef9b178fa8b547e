"""The permit: its publication constitutes an internationally recognized certificate of compliance.

Source: Nagoya Protocol, Articles 6.3 (e) and 17.2 to 17.4 (the minimum information of a certificate).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clearinghouse_formats.absch.rules import after
from clearinghouse_formats.absch.vocabularies import USAGES
from clearinghouse_formats.core.fields import MANDATORY, MAX_LENGTH, Keywords
from clearinghouse_formats.declare import Format, titled
from clearinghouse_formats.markers import Confidential, In, MustBe, To
from clearinghouse_formats.record import Intent, Links, RecordModel
from clearinghouse_formats.values import (
    Country,
    Date,
    Flag,
    Lstring,
    MapLocation,
    RecordReference,
    Term,
)

Providers = Annotated[list[Annotated[RecordReference, To(("contact", "authority"))]], MAX_LENGTH]
Grantees = Annotated[list[Annotated[RecordReference, To(("contact", "organization"))]], MAX_LENGTH]
Permits = Annotated[list[Annotated[RecordReference, To(("absPermit",))]], MAX_LENGTH]
Usages = Annotated[list[Annotated[Term, In(USAGES)]], MAX_LENGTH]


class Permit(RecordModel):
    """A permit or its equivalent. Four of its fields may be declared confidential instead of filled."""

    government: Annotated[Country | None, MANDATORY] = None
    update_reasons: Lstring | None = None
    abs_cna: Annotated[RecordReference | None, Field(alias="absCNA"), To(("authority",)), MANDATORY] = None
    title: Annotated[Lstring | None, MANDATORY] = None
    """The permit's reference number."""
    reference_to_national_permit: Lstring | None = None
    date_of_issuance: Annotated[Date | None, MANDATORY] = None
    date_of_expiry: Date | None = None
    providers: Annotated[Providers | None, MANDATORY, Confidential("providersConfidential")] = None
    providers_confidential: Flag | None = None
    entities_to_whom_pic_granted: Annotated[
        Grantees | None,
        Field(alias="entitiesToWhomPICGranted"),
        MANDATORY,
        Confidential("entitiesToWhomPICGrantedConfidential"),
    ] = None
    entities_to_whom_pic_granted_confidential: Annotated[
        Flag | None, Field(alias="entitiesToWhomPICGrantedConfidential")
    ] = None
    subject_matter: Annotated[Lstring | None, MANDATORY, Confidential("subjectMatterConfidential")] = None
    subject_matter_confidential: Flag | None = None
    keywords: Keywords | None = None
    keyword_other: Lstring | None = None
    specimens: Links | None = None
    taxonomies: Links | None = None
    gis_files: Links | None = None
    gis_map_center: MapLocation | None = None
    amendment_intent: Intent | None = None
    pic_granted: Annotated[Flag | None, MANDATORY, MustBe(value=True)] = None
    pic_information: Lstring | None = None
    pic_documents: Links | None = None
    mat_established: Annotated[Flag | None, MANDATORY, MustBe(value=True)] = None
    mat_information: Lstring | None = None
    mat_documents: Links | None = None
    usages: Annotated[Usages | None, MANDATORY, Confidential("usagesConfidential")] = None
    usages_confidential: Flag | None = None
    usages_description: Lstring | None = None
    third_party_transfer_condition: Lstring | None = None
    permit_files: Links | None = None
    permit_description: Lstring | None = None
    related_irccs: Annotated[Permits | None, Field(alias="relatedIRCCs")] = None


FORMATS = (
    Format(
        name="absPermit",
        model=Permit,
        kind="national",
        title_of=titled("title"),
        reason="required",
        ends="revoked",
        rules=(after("dateOfIssuance", "dateOfExpiry"),),
    ),
)
