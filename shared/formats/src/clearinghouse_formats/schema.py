"""The JSON Schema (draft 2020-12) of what may be published, generated from the declaration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clearinghouse_formats.declare import Format
from clearinghouse_formats.markers import Confidential, Filled, Is, Mandatory, MustBe
from clearinghouse_formats.record import INTENT, REASON, REVOKE
from clearinghouse_formats.walk import fields


def json_schema(declared: Format) -> dict[str, Any]:
    """The schema of one format. Rules between fields that a schema cannot say are the validator's alone."""
    schema = declared.model.model_json_schema(by_alias=True, mode="validation")
    schema["$defs"]["Header"]["properties"]["schema"] = {"const": declared.name}
    published = list(_demands(declared))
    if declared.ends == "revoked":
        revocation = [
            Filled(REASON).schema(),
            *(Filled(name).schema() for name in declared.country_fields[:1]),
        ]
        intent = {"properties": {INTENT: {"const": REVOKE}}, "required": [INTENT]}
        published = [{"if": intent, "then": {"allOf": revocation}, "else": {"allOf": published}}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:clearinghouse:format:{declared.name}:{declared.version}",
        **schema,
        "title": declared.name,
        "allOf": published,
    }


def _demands(declared: Format) -> Iterator[dict[str, Any]]:
    for field in fields(declared.model):
        only, mandatory = field.marker(MustBe), field.marker(Mandatory)
        if only is not None:
            yield {"properties": {field.wire: {"const": only.value}}}
        if mandatory is not None:
            yield _demand(field.wire, mandatory, field.marker(Confidential))


def _demand(name: str, mandatory: Mandatory, confidential: Confidential | None) -> dict[str, Any]:
    demand = Filled(name).schema()
    if confidential is not None:
        demand = {"if": Is(confidential.flag, value=True).schema(), "then": {"not": demand}, "else": demand}
    if mandatory.unless is not None:
        demand = {"if": mandatory.unless.schema(), "else": demand}
    if mandatory.when is not None:
        demand = {"if": mandatory.when.schema(), "then": demand}
    return demand
