"""Where realms plug in: the package that bears a realm's name, below the formats and below each service.

A realm is found by its folder and states what it adds as ``EXTENSION``, a value of a type that the core declares.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TypeVar

E = TypeVar("E")


def subpackages(parent: str) -> list[str]:
    """The names of the packages directly below a package, in alphabetical order."""
    found = pkgutil.iter_modules(import_module(parent).__path__)
    return sorted(module.name for module in found if module.ispkg and realm_package(parent, module.name))


def realm_package(parent: str, realm: str) -> ModuleType | None:
    """The package of a realm below ``parent``; None where the realm has nothing of its own there."""
    spec = find_spec(f"{parent}.{realm}")
    # A folder whose sources were removed may still hold caches; it has no origin.
    return import_module(spec.name) if spec is not None and spec.origin is not None else None


def extensions(parent: str, realms: Iterable[str], kind: type[E]) -> dict[str, E]:
    """What each realm adds to a service: ``EXTENSION`` of its package there, by realm.

    Raises TypeError for a package of a realm that states no extension of that kind.
    """
    found: dict[str, E] = {}
    for realm in realms:
        package = realm_package(parent, realm)
        if package is None:
            continue
        extension = getattr(package, "EXTENSION", None)
        if not isinstance(extension, kind):
            raise TypeError(f"{package.__name__}.EXTENSION is no {kind.__name__}")
        found[realm] = extension
    return found
