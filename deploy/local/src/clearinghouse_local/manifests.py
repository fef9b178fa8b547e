"""Every service of the clearing-houses, in the order in which a stack shows them: the one list."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from clearinghouse_runtime.manifest import Manifest
from clearinghouse_runtime.service import Service
from clearinghouse_runtime.settings import ServiceSettings

SERVICES = ("registry", "notifier")
"""The packages of the services. Each has ``manifest``, ``settings`` and ``entrypoints.service``."""


@cache
def manifests() -> tuple[Manifest, ...]:
    """What each service says of itself."""
    return tuple(import_module(f"{name}.manifest").MANIFEST for name in SERVICES)


def settings_of(name: str) -> type[ServiceSettings]:
    """The settings of a service."""
    settings: type[ServiceSettings] = import_module(f"{name}.settings").Settings
    return settings


def service_of(name: str) -> Service[Any, Any]:
    """The service itself, with everything that it is made of."""
    service: Service[Any, Any] = import_module(f"{name}.entrypoints.service").SERVICE
    return service
