"""The common formats of the clearing-houses, declared once.

A format is a pydantic model with annotations; validation, JSON Schema, references, confidentiality, and the
public and the private part derive from it. Documents are plain dicts in the exchange form.
"""

from clearinghouse_formats.catalogue import Catalogue, load
from clearinghouse_formats.check import check_draft, check_publication, is_revocation
from clearinghouse_formats.countries import country_name, first_language
from clearinghouse_formats.declare import Format, Realm
from clearinghouse_formats.extensions import extensions
from clearinghouse_formats.extract import Reference, confidential_flags, labels, references, split
from clearinghouse_formats.languages import FALLBACK, LANGUAGES, in_language
from clearinghouse_formats.record import REASON
from clearinghouse_formats.schema import json_schema
from clearinghouse_messages.problems import Fault

__all__ = [
    "FALLBACK",
    "LANGUAGES",
    "REASON",
    "Catalogue",
    "Fault",
    "Format",
    "Realm",
    "Reference",
    "check_draft",
    "check_publication",
    "confidential_flags",
    "country_name",
    "extensions",
    "first_language",
    "in_language",
    "is_revocation",
    "json_schema",
    "labels",
    "load",
    "references",
    "split",
]
