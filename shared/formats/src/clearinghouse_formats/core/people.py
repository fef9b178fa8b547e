"""Whom one turns to: focal points, authorities, contacts, organizations.

What is marked mandatory follows the domain's rules; the exchange form's own marks differ in places.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from clearinghouse_formats.core.fields import (
    MANDATORY,
    MAX_LENGTH,
    AichiTargets,
    ContactReferences,
    CountriesAndRegions,
    Emails,
    GbfTargets,
    Jurisdiction,
    Libraries,
    Lines,
    Lstrings,
    OrganismTypes,
    OrganizationReferences,
    OrganizationType,
)
from clearinghouse_formats.core.vocabularies.competence import (
    ACTIVITIES,
    FUNCTIONS,
    GENETIC_RESOURCE_AREAS,
    GENETIC_RESOURCE_TYPES,
)
from clearinghouse_formats.core.vocabularies.general import FOCAL_POINT_CATEGORIES, GENDERS, WORKING_LANGUAGES
from clearinghouse_formats.declare import Format, contact_title, person_title, titled
from clearinghouse_formats.markers import Filled, In, Mandatory, MaxCharacters, To, is_empty
from clearinghouse_formats.record import Links, RecordModel
from clearinghouse_formats.values import (
    Country,
    Flag,
    Language,
    Line,
    Lstring,
    MapLocation,
    RecordReference,
    Term,
    Text,
)
from clearinghouse_messages.documents import Document
from clearinghouse_messages.problems import Fault

Gender = Annotated[Term, In(GENDERS)]
Policies = Annotated[list[Annotated[RecordReference, To(("measure", "biosafetyLaw"))]], MAX_LENGTH]
Activities = Annotated[list[Annotated[Term, In(ACTIVITIES)]], MAX_LENGTH]


class FocalPoint(RecordModel):
    """A country's focal point for one instrument or several; entered by the Secretariat."""

    government: Annotated[Country | None, Mandatory(unless=Filled("country"))] = None
    categories: Annotated[list[Annotated[Line, In(FOCAL_POINT_CATEGORIES)]] | None, MAX_LENGTH, MANDATORY] = (
        None
    )
    description: Text | None = None
    title: Lstring | None = None
    first_name: Annotated[Line | None, MANDATORY] = None
    middle_name: Line | None = None
    last_name: Annotated[Line | None, MANDATORY] = None
    gender: Gender | None = None
    organization: Lstring | None = None
    organization_acronym: Lstring | None = None
    organization_type: OrganizationType | None = None
    designation: Lstring | None = None
    department: Lstring | None = None
    address_line1: Annotated[Lstring | None, Field(alias="addressLine1")] = None
    address_line2: Annotated[Lstring | None, Field(alias="addressLine2")] = None
    city: Lstring | None = None
    state: Lstring | None = None
    postal_code: Lstring | None = None
    country: Country | None = None
    phones: Lines | None = None
    mobiles: Lines | None = None
    faxes: Lines | None = None
    emails: Emails | None = None
    websites: Links | None = None
    language: Language | None = None
    """The language of letters."""


class Authority(RecordModel):
    """A competent national authority."""

    government: Annotated[Country | None, MANDATORY] = None
    name: Annotated[Lstring | None, MANDATORY] = None
    websites: Links | None = None
    address: Lstring | None = None
    city: Annotated[Lstring | None, MANDATORY] = None
    state: Lstring | None = None
    postal_code: Lstring | None = None
    country: Annotated[Country | None, MANDATORY] = None
    phones: Annotated[Lines | None, MANDATORY] = None
    faxes: Lines | None = None
    emails: Annotated[Emails | None, MANDATORY] = None
    contacts: ContactReferences | None = None
    responsible_for_all: Annotated[Flag | None, MANDATORY] = None
    responsibilities: Annotated[Lstring | None, MANDATORY, MaxCharacters(300)] = None
    policy_basis_for_competency: Lstring | None = None
    policy_basis_for_competency_ref: Policies | None = None
    abs_responsible_for_all: Flag | None = None
    abs_policy_basis_for_competency: Lstring | None = None
    abs_policy_basis_for_competency_ref: Policies | None = None
    abs_jurisdiction: Annotated[
        Annotated[list[Jurisdiction], MAX_LENGTH] | None, Mandatory(unless=Filled("functions"))
    ] = None
    abs_jurisdiction_name: Lstring | None = None
    abs_genetic_resource_types: Annotated[
        list[Annotated[Term, In(GENETIC_RESOURCE_TYPES)]] | None, MAX_LENGTH
    ] = None
    abs_genetic_resource_areas: Annotated[
        list[Annotated[Term, In(GENETIC_RESOURCE_AREAS)]] | None, MAX_LENGTH
    ] = None
    functions: Annotated[list[Annotated[Term, In(FUNCTIONS)]] | None, MAX_LENGTH] = None
    """What it does under the Cartagena Protocol; such an authority needs no jurisdiction of the ABS kind."""
    cpb_organism_types: OrganismTypes | None = None
    libraries: Libraries | None = None
    language: Language | None = None
    """The language of letters."""


class Contact(RecordModel):
    """A person or an organization that one can reach."""

    type: Literal["person", "organization"] | None = None
    prefix: Lstring | None = None
    first_name: Line | None = None
    middle_name: Line | None = None
    last_name: Line | None = None
    gender: Gender | None = None
    designation: Lstring | None = None
    organization: Lstring | None = None
    organization_acronym: Lstring | None = None
    department: Lstring | None = None
    organization_type: OrganizationType | None = None
    contact_organization: Annotated[RecordReference | None, To(("organization",))] = None
    address: Lstring | None = None
    city: Lstring | None = None
    state: Lstring | None = None
    postal_code: Lstring | None = None
    country: Annotated[Country | None, MANDATORY] = None
    phones: Lines | None = None
    faxes: Lines | None = None
    emails: Annotated[Emails | None, MANDATORY] = None
    websites: Links | None = None
    address_type: Line | None = None
    government: Country | None = None
    language: Language | None = None
    """The language of letters."""


class Organization(RecordModel):
    """An organization, entered by whoever knows it."""

    acronym: Lstring | None = None
    name: Annotated[Lstring | None, MANDATORY] = None
    contacts: ContactReferences | None = None
    linked_organizations: OrganizationReferences | None = None
    address: Lstring | None = None
    city: Annotated[Lstring | None, MANDATORY] = None
    state: Lstring | None = None
    postal_code: Lstring | None = None
    country: Annotated[Country | None, MANDATORY] = None
    phones: Annotated[Lines | None, MANDATORY] = None
    faxes: Lines | None = None
    emails: Annotated[Emails | None, MANDATORY] = None
    websites: Links | None = None
    libraries: Libraries | None = None
    organization_type: Annotated[OrganizationType | None, MANDATORY] = None
    thematic_areas: Activities | None = None
    abs_thematic_areas: Activities | None = None
    areas_of_work: Lstrings | None = None
    gbf_targets: GbfTargets | None = None
    aichi_targets: AichiTargets | None = None
    coordinates: MapLocation | None = None
    establishment_google_place_id: Lines | None = None
    operational_languages: Annotated[list[Annotated[Term, In(WORKING_LANGUAGES)]] | None, MAX_LENGTH] = None
    operational_regions: CountriesAndRegions | None = None
    profile: Lstring | None = None
    profile_link: Links | None = None
    language: Language | None = None
    """The language of letters."""


def person_or_organization(document: Document) -> Iterator[Fault]:
    """A contact is a person with their names, or an organization, by name or by reference."""
    kind = document.get("type")
    organization = Filled("organization").holds(document) or Filled("contactOrganization").holds(document)
    missing = [name for name in ("firstName", "lastName") if is_empty(document.get(name))]
    if kind == "person" or (kind != "organization" and not organization):
        for name in missing:
            yield Fault(f"/{name}", "mandatory", "the names of a person, or an organization")
    if kind == "organization" and not organization:
        yield Fault("/organization", "mandatory", "the organization's name, or contactOrganization")


FORMATS = (
    Format(
        name="focalPoint",
        model=FocalPoint,
        kind="national",
        title_of=person_title,
        country_fields=("government", "country"),
        submitted_by="secretariat",
    ),
    Format(name="authority", model=Authority, kind="national", title_of=titled("name")),
    Format(
        name="contact",
        model=Contact,
        kind="national",
        title_of=contact_title,
        country_fields=("government", "country"),
        rules=(person_or_organization,),
    ),
    Format(
        name="organization",
        model=Organization,
        kind="reference",
        title_of=titled("name"),
        country_fields=("country",),
        submitted_by="anyone",
    ),
)
