"""A clearing-house of the high seas (the Agreement of 2023): its row and the format that it alone has."""

from __future__ import annotations

from typing import Annotated

from clearinghouse_formats.core.fields import MANDATORY
from clearinghouse_formats.declare import Format, Realm, titled
from clearinghouse_formats.record import RecordModel
from clearinghouse_formats.values import Country, Lstring
from clearinghouse_formats.vocabulary import names

_NAME = "High Seas Clearing-House"
_INSTRUMENT = "Agreement on Marine Biological Diversity"

REALM = Realm(
    slug="bbnj",
    prefix="BBNJ",
    name=names(_NAME, _NAME, _NAME, _NAME, _NAME, _NAME),
    instrument=names(_INSTRUMENT, _INSTRUMENT, _INSTRUMENT, _INSTRUMENT, _INSTRUMENT, _INSTRUMENT),
    mail_identity="bbnj",
    focal_points=frozenset({"CBD-FP1"}),
    short_codes={"focalPoint": "NFP", "cruiseNotification": "CRN"},
)


class CruiseNotification(RecordModel):
    """A notification of a collection of marine genetic resources."""

    government: Annotated[Country | None, MANDATORY] = None
    title: Annotated[Lstring | None, MANDATORY] = None


FORMATS = (
    Format(name="cruiseNotification", model=CruiseNotification, kind="national", title_of=titled("title")),
)
