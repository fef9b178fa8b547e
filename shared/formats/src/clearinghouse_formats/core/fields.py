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
from clearinghouse_formats.values import MAX_ENTRIES, Country, Email, Line, Lstring, RecordReference, Term

MANDATORY = Mandatory()
MAX_LENGTH = Field(max_length=MAX_ENTRIES)

Lines = Annotated[list[Line], MAX_LENGTH]
Emails = Annotated[list[Email], MAX_LENGTH]
Countries = Annotated[list[Country], MAX_LENGTH]
Lstrings = Annotated[list[Lstring], MAX_LENGTH]

Jurisdiction = Annotated[Term, In(JURISDICTIONS)]
OrganizationType = Annotated[Term, In(ORGANIZATION_TYPES)]
Keywords = Annotated[list[Annotated[Term, In(KEYWORDS)]], MAX_LENGTH]
Libraries = Annotated[list[Annotated[Term, In(LIBRARIES)]], MAX_LENGTH]
OrganismTypes = Annotated[list[Annotated[Term, In(ORGANISM_TYPES)]], MAX_LENGTH]
CountriesAndRegions = Annotated[list[Annotated[Term, In(REGIONS, or_country=True)]], MAX_LENGTH]
AichiTargets = Annotated[list[Annotated[Term, In(AICHI_TARGETS)]], MAX_LENGTH]
GbfTargets = Annotated[list[Annotated[Term, In(GBF_TARGETS)]], MAX_LENGTH]

References = Annotated[list[RecordReference], MAX_LENGTH]
AuthorityReferences = Annotated[list[Annotated[RecordReference, To(("authority",))]], MAX_LENGTH]
ContactReferences = Annotated[list[Annotated[RecordReference, To(("contact",))]], MAX_LENGTH]
OrganizationReferences = Annotated[list[Annotated[RecordReference, To(("organization",))]], MAX_LENGTH]
