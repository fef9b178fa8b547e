"""The HTTP interfaces, as their services describe them; nothing is contacted."""

from __future__ import annotations

from typing import Any

from clearinghouse_local.manifests import manifests, service_of

_NOWHERE = "nowhere.invalid"

_EXAMPLES: dict[str, Any] = {
    "environment": "development",
    "mongo_uri": f"mongodb://{_NOWHERE}",
    "database": "example",
    "topic_prefix": "dev",
    "audience": "clearinghouse",
    "data_dir": ".",
    "secret": "of no use",
}
"""Settings whose value shows in no description; every other one that is needed is an address of nowhere."""


def descriptions() -> dict[str, dict[str, Any]]:
    """OpenAPI of every service, by its name."""
    return {one.name: _description(one.name) for one in manifests()}


def _somewhere(field: str) -> str:
    return "25" if field.endswith("_port") else f"https://{_NOWHERE}"


def _description(name: str) -> dict[str, Any]:
    service = service_of(name)
    needed = {field for field, info in service.settings.model_fields.items() if info.is_required()}
    values = {field: _EXAMPLES.get(field) or _somewhere(field) for field in needed}
    return service.openapi(service.settings.model_validate(values))
