"""Checkpoints and their communiqués. Source: Nagoya Protocol, Article 17.1 (a)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clearinghouse_formats.absch.permit import Permits
from clearinghouse_formats.absch.rules import certificates_or_none, not_before
from clearinghouse_formats.core.fields import (
    MANDATORY,
    MAX_LENGTH,
    ContactReferences,
    Countries,
    Jurisdiction,
    Keywords,
)
from clearinghouse_formats.declare import Format, titled
from clearinghouse_formats.markers import Is, Mandatory, MaxCharacters, To
from clearinghouse_formats.record import Links, RecordModel
from clearinghouse_formats.values import Country, Date, Flag, Lstring, MapLocation, RecordReference

WITHOUT_CERTIFICATE = Is("absIRCCsNotAvailable", value=True)

Authorities = Annotated[list[Annotated[RecordReference, To(("contact", "authority"))]], MAX_LENGTH]
Checkpoints = Annotated[list[Annotated[RecordReference, To(("absCheckpoint",))]], MAX_LENGTH]


class Checkpoint(RecordModel):
    """An office that checks the use of genetic resources."""

    government: Annotated[Country | None, MANDATORY] = None
    name: Annotated[Lstring | None, MANDATORY] = None
    responsibilities: Annotated[Lstring | None, MaxCharacters(300)] = None
    jurisdiction: Annotated[Jurisdiction | None, MANDATORY] = None
    jurisdiction_name: Lstring | None = None
    inform_all_authorities: Annotated[Flag | None, MANDATORY] = None
    """Whether its communiqués go to every competent national authority of its country."""
    contacts_to_inform: Annotated[
        Authorities | None, Mandatory(when=Is("informAllAuthorities", value=False))
    ] = None
    """Else the designated national authorities to which they go."""


class CheckpointCommunique(RecordModel):
    """What a checkpoint learned about the use of a genetic resource."""

    title: Annotated[Lstring | None, MANDATORY] = None
    government: Annotated[Country | None, MANDATORY] = None
    abs_irccs: Annotated[Permits | None, Field(alias="absIRCCs"), Mandatory(unless=WITHOUT_CERTIFICATE)] = (
        None
    )
    abs_checkpoints: Annotated[Checkpoints | None, MANDATORY] = None
    abs_irccs_not_available: Annotated[Flag | None, Field(alias="absIRCCsNotAvailable")] = None
    source_countries: Annotated[Countries | None, Mandatory(when=WITHOUT_CERTIFICATE)] = None
    entity_who_granted_pic: Annotated[
        RecordReference | None,
        Field(alias="entityWhoGrantedPIC"),
        To(("authority", "contact", "organization")),
    ] = None
    subject_matter: Annotated[Lstring | None, Mandatory(when=WITHOUT_CERTIFICATE)] = None
    specimens: Links | None = None
    taxonomies: Links | None = None
    gis_files: Links | None = None
    gis_map_center: MapLocation | None = None
    persons_at_checkpoint: ContactReferences | None = None
    evidence_of_pic: Annotated[Lstring | None, Field(alias="evidenceOfPIC")] = None
    evidence_of_mat: Annotated[Lstring | None, Field(alias="evidenceOfMAT")] = None
    entity_to_whom_pic_granted: Annotated[
        RecordReference | None, Field(alias="entityToWhomPICGranted"), To(("contact", "organization"))
    ] = None
    description: Annotated[Lstring | None, MANDATORY] = None
    """The use that was made, type of use included."""
    date_of_access: Date | None = None
    date_collected: Date | None = None
    date_collected_from: Date | None = None
    date_collected_to: Date | None = None
    keywords: Keywords | None = None
    keyword_other: Lstring | None = None


FORMATS = (
    Format(name="absCheckpoint", model=Checkpoint, kind="national", title_of=titled("name")),
    Format(
        name="absCheckpointCommunique",
        model=CheckpointCommunique,
        kind="national",
        title_of=titled("title"),
        rules=(certificates_or_none, not_before("dateCollectedFrom", "dateCollectedTo")),
    ),
)
