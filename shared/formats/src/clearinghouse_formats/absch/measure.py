"""Legislative, administrative and policy measures. Source: Nagoya Protocol, Article 14.2 (a)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clearinghouse_formats.absch.rules import not_before
from clearinghouse_formats.absch.vocabularies import (
    ADOPTED,
    IN_FORCE,
    LIMITED,
    MATRIX_ELEMENTS,
    MEASURE_STATUSES,
    MEASURE_TYPES,
    RETIRED,
)
from clearinghouse_formats.core.fields import (
    MANDATORY,
    MAX_LENGTH,
    AuthorityReferences,
    CountriesAndRegions,
    Jurisdiction,
    Libraries,
)
from clearinghouse_formats.declare import Format, titled
from clearinghouse_formats.markers import In, Is, Mandatory, To
from clearinghouse_formats.record import Links, RecordModel
from clearinghouse_formats.values import Country, Flag, Lstring, PartialDate, RecordReference, Term, Value

Measures = Annotated[list[Annotated[RecordReference, To(("measure",))]], MAX_LENGTH]


class MatrixElement(Value):
    """Elements that a measure covers, and in which section."""

    types: Annotated[list[Annotated[Term, In(MATRIX_ELEMENTS)]] | None, MAX_LENGTH] = None
    section: Lstring | None = None


class MatrixPart(Value):
    """One part of the matrix: whether the measure covers it."""

    answer: Flag | None = None
    elements: Annotated[list[MatrixElement] | None, MAX_LENGTH] = None


class MeasuresMatrix(Value):
    """The matrix: what of access, benefit-sharing and compliance a measure covers."""

    genetic_resources: MatrixPart | None = None
    traditional_knowledge: MatrixPart | None = None
    access: MatrixPart | None = None
    benefit_sharing: MatrixPart | None = None
    compliance: MatrixPart | None = None


class Measure(RecordModel):
    """A measure on access and benefit-sharing. Which date is required depends on its status."""

    government: Annotated[Country | None, MANDATORY] = None
    libraries: Libraries | None = None
    title: Annotated[Lstring | None, MANDATORY] = None
    description: Lstring | None = None
    type: Annotated[Term | None, In(MEASURE_TYPES), MANDATORY] = None
    other_type_name: Lstring | None = None
    jurisdiction: Annotated[Jurisdiction | None, MANDATORY] = None
    jurisdiction_regions: CountriesAndRegions | None = None
    jurisdiction_name: Lstring | None = None
    documents: Annotated[Links | None, MANDATORY] = None
    """Files or links."""
    document_translations: Links | None = None
    status: Annotated[Term | None, In(MEASURE_STATUSES), MANDATORY] = None
    adoption: Annotated[PartialDate | None, Mandatory(when=Is("status", ADOPTED))] = None
    entry_into_force: Annotated[PartialDate | None, Mandatory(when=Is("status", IN_FORCE))] = None
    retired: Annotated[PartialDate | None, Mandatory(when=Is("status", RETIRED))] = None
    limited_application: Annotated[PartialDate | None, Mandatory(when=Is("status", LIMITED))] = None
    is_amendment: Annotated[Flag | None, MANDATORY] = None
    amended_measures: Measures | None = None
    amendments_description: Lstring | None = None
    linked_measures: Measures | None = None
    linked_measures_description: Lstring | None = None
    authorities: Annotated[AuthorityReferences | None, MANDATORY] = None
    abs_measures: Annotated[
        MeasuresMatrix | None, Mandatory(unless=Is("absMesasureNotApplicable", value=True))
    ] = None
    abs_measures_not_applicable: Annotated[Flag | None, Field(alias="absMesasureNotApplicable")] = None
    other_abs_measure: Lstring | None = None
    is_model_contractual_clause: Flag | None = None
    model_contractual_clause_description: Lstring | None = None
    other_information: Lstring | None = None
    other_documents: Links | None = None


FORMATS = (
    Format(
        name="measure",
        model=Measure,
        kind="national",
        title_of=titled("title"),
        rules=(not_before("entryIntoForce", "retired"),),
    ),
)
