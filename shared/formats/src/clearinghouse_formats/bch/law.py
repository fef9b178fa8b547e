"""Laws, regulations, guidelines and agreements of a country (Cartagena Protocol, Article 20.3 (a))."""

from __future__ import annotations

from typing import Annotated

from clearinghouse_formats.bch.vocabularies import LAW_TYPES
from clearinghouse_formats.core.fields import (
    MANDATORY,
    MAX_LENGTH,
    AuthorityReferences,
    Jurisdiction,
    OrganismTypes,
)
from clearinghouse_formats.core.vocabularies.biosafety import BIOSAFETY_SUBJECTS
from clearinghouse_formats.declare import Format, titled
from clearinghouse_formats.markers import In, To
from clearinghouse_formats.record import Links, RecordModel
from clearinghouse_formats.values import Country, Date, Flag, Lstring, RecordReference, Term

Laws = Annotated[list[Annotated[RecordReference, To(("biosafetyLaw",))]], MAX_LENGTH]


class BiosafetyLaw(RecordModel):
    """A law, regulation, guideline or agreement on biosafety."""

    government: Annotated[Country | None, MANDATORY] = None
    jurisdiction: Jurisdiction | None = None
    jurisdictions_details: Lstring | None = None
    title: Annotated[Lstring | None, MANDATORY] = None
    description: Lstring | None = None
    type: Annotated[Term | None, In(LAW_TYPES), MANDATORY] = None
    entry_into_force: Date | None = None
    documents: Links | None = None
    documents_info: Lstring | None = None
    unofficial_documents: Links | None = None
    is_amendment: Annotated[Flag | None, MANDATORY] = None
    amended_records: Laws | None = None
    amendments_details: Lstring | None = None
    related_records: Laws | None = None
    relation_details: Lstring | None = None
    authorities: Annotated[AuthorityReferences | None, MANDATORY] = None
    cpb_subject_areas: Annotated[
        list[Annotated[Term, In(BIOSAFETY_SUBJECTS)]] | None, MAX_LENGTH, MANDATORY
    ] = None
    cpb_organism_types: Annotated[OrganismTypes | None, MANDATORY] = None
    expires: Annotated[Flag | None, MANDATORY] = None


FORMATS = (Format(name="biosafetyLaw", model=BiosafetyLaw, kind="national", title_of=titled("title")),)
