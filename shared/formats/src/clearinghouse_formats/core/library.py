"""What one can read or look things up in: databases and resources of the virtual library."""

from __future__ import annotations

from typing import Annotated

from clearinghouse_formats.core.fields import (
    MANDATORY,
    MAX_LENGTH,
    AichiTargets,
    CountriesAndRegions,
    GbfTargets,
    Lines,
    Lstrings,
    OrganizationReferences,
    References,
)
from clearinghouse_formats.core.vocabularies.biosafety import BIOSAFETY_SUBJECTS
from clearinghouse_formats.core.vocabularies.library import CLAUSE_KEYWORDS, KEY_AREAS, RESOURCE_TYPES
from clearinghouse_formats.core.vocabularies.subjects import CBD_SUBJECTS, KEYWORDS
from clearinghouse_formats.declare import Format, titled
from clearinghouse_formats.markers import In, MaxWords
from clearinghouse_formats.record import Links, RecordModel
from clearinghouse_formats.values import Country, Flag, Lstring, PublicationDate, Term, Value


class NationalDatabase(RecordModel):
    """A national website or database."""

    government: Annotated[Country | None, MANDATORY] = None
    title: Annotated[Lstring | None, MANDATORY] = None
    description: Annotated[Lstring | None, MANDATORY] = None
    websites: Annotated[Links | None, MANDATORY] = None


class NagoyaSubjects(Value):
    """What a resource says on the Nagoya Protocol."""

    subjects: Annotated[list[Annotated[Term, In(KEYWORDS)]] | None, MAX_LENGTH] = None
    key_areas: Annotated[list[Annotated[Term, In(KEY_AREAS)]] | None, MAX_LENGTH] = None
    mcc_keywords: Annotated[list[Annotated[Term, In(CLAUSE_KEYWORDS)]] | None, MAX_LENGTH] = None


class BiosafetySubjects(Value):
    """What a resource says on biosafety."""

    subjects: Annotated[list[Annotated[Term, In(BIOSAFETY_SUBJECTS)]] | None, MAX_LENGTH] = None
    address_modified_organisms: Flag | None = None
    modified_organisms: References | None = None
    address_organisms: Flag | None = None
    organisms: References | None = None
    address_genes: Flag | None = None
    genes: References | None = None


class Resource(RecordModel):
    """A resource of the virtual library."""

    title: Annotated[Lstring | None, MANDATORY] = None
    resource_types: Annotated[list[Annotated[Term, In(RESOURCE_TYPES)]] | None, MAX_LENGTH, MANDATORY] = None
    authors: Lstring | None = None
    organizations: OrganizationReferences | None = None
    publisher: Lstring | None = None
    source: Lstring | None = None
    publication_date: Annotated[PublicationDate | None, MANDATORY] = None
    rights: Lstring | None = None
    resource_links: Annotated[Links | None, MANDATORY] = None
    """Links or files."""
    covers: Links | None = None
    summary: Annotated[Lstring | None, MANDATORY, MaxWords(300)] = None
    country_regions: CountriesAndRegions | None = None
    gbf_targets: GbfTargets | None = None
    aichi_targets: AichiTargets | None = None
    cbd_subjects: Annotated[list[Annotated[Term, In(CBD_SUBJECTS)]] | None, MAX_LENGTH] = None
    nagoya: NagoyaSubjects | None = None
    biosafety: BiosafetySubjects | None = None
    tags: Lstrings | None = None
    admin_tags: Lines | None = None


FORMATS = (
    Format(name="database", model=NationalDatabase, kind="national", title_of=titled("title")),
    Format(
        name="resource",
        model=Resource,
        kind="reference",
        title_of=titled("title"),
        country_fields=(),
        submitted_by="anyone",
    ),
)
