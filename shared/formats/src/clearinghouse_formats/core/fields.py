"""Types that several common formats use."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clearinghouse_formats.core.vocabularies.biosafety import ORGANISM_TYPES
from clearinghouse_formats.core.vocabularies.competence import AICHI_TARGETS, GBF_TARGETS
from clearinghouse_formats.core.vocabularies.general import (
    JURISDICTIONS,
    LIBRARIES,
    ORGANIZATION_TYPES,
    REGIONS,
)
from clearinghouse_formats.core.vocabularies.subjects import KEYWORDS
from clearinghouse_formats.markers import In, Mandatory, To
from clearinghouse_formats.values import MOST_ENTRIES, Country, Email, Line, Lstring, RecordReference, Term

MANDATORY = Mandatory()
AT_MOST = Field(max_length=MOST_ENTRIES)

Lines = Annotated[list[Line], AT_MOST]
Emails = Annotated[list[Email], AT_MOST]
Countries = Annotated[list[Country], AT_MOST]
Texts = Annotated[list[Lstring], AT_MOST]

Jurisdiction = Annotated[Term, In(JURISDICTIONS)]
OrganizationType = Annotated[Term, In(ORGANIZATION_TYPES)]
Keywords = Annotated[list[Annotated[Term, In(KEYWORDS)]], AT_MOST]
Libraries = Annotated[list[Annotated[Term, In(LIBRARIES)]], AT_MOST]
OrganismTypes = Annotated[list[Annotated[Term, In(ORGANISM_TYPES)]], AT_MOST]
CountriesAndRegions = Annotated[list[Annotated[Term, In(REGIONS, or_country=True)]], AT_MOST]
AichiTargets = Annotated[list[Annotated[Term, In(AICHI_TARGETS)]], AT_MOST]
GbfTargets = Annotated[list[Annotated[Term, In(GBF_TARGETS)]], AT_MOST]

References = Annotated[list[RecordReference], AT_MOST]
AuthorityReferences = Annotated[list[Annotated[RecordReference, To(("authority",))]], AT_MOST]
ContactReferences = Annotated[list[Annotated[RecordReference, To(("contact",))]], AT_MOST]
OrganizationReferences = Annotated[list[Annotated[RecordReference, To(("organization",))]], AT_MOST]
