"""Puts the declarations together that a deployment serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType, ModuleType

from clearinghouse_formats.declare import Format, Realm


@dataclass(frozen=True)
class Catalogue:
    """The realms and the formats of a deployment, by slug and by name."""

    realms: Mapping[str, Realm]
    formats: Mapping[str, Format]

    def realm(self, slug: str) -> Realm:
        """The realm of a slug. Raises KeyError where this deployment does not serve it."""
        if slug not in self.realms:
            raise KeyError(f"no such realm; there are {', '.join(self.realms)}")
        return self.realms[slug]

    def format(self, name: str) -> Format:
        """The format of a name. Raises KeyError where this deployment does not know it."""
        if name not in self.formats:
            raise KeyError(f"no such format; there are {', '.join(self.formats)}")
        return self.formats[name]

    def short_code(self, realm: str, name: str) -> str | None:
        """The short code of a format's identifiers in a realm; None where the realm does not declare it."""
        return self.realm(realm).short_codes.get(name)

    def declared_in(self, name: str) -> tuple[str, ...]:
        """The slugs of the realms that declare a format, and so show its records whatever their home."""
        return tuple(slug for slug, realm in self.realms.items() if name in realm.short_codes)


def load(realms: Sequence[str] = ("absch", "bch", "chm")) -> Catalogue:
    """The catalogue of the realms that are asked for and are here; each is a package beside this module.

    Raises ValueError where two packages register one name or a realm declares a format that nobody did.
    """
    packages = [package for slug in realms if (package := _package(slug)) is not None]
    return assemble([import_module("clearinghouse_formats.core"), *packages])


def _package(slug: str) -> ModuleType | None:
    spec = find_spec(f"clearinghouse_formats.{slug}")
    # A folder whose sources were removed may still hold caches; it has no origin.
    return import_module(spec.name) if spec is not None and spec.origin is not None else None


def assemble(packages: Sequence[ModuleType]) -> Catalogue:
    """A catalogue from packages that have ``FORMATS``, ``REALM`` or both."""
    formats: dict[str, Format] = {}
    rows: dict[str, Realm] = {}
    for package in packages:
        for one in getattr(package, "FORMATS", ()):
            if one.name in formats:
                raise ValueError(f"the format {one.name} is registered twice")
            formats[one.name] = one
        row: Realm | None = getattr(package, "REALM", None)
        if row is not None:
            if row.slug in rows or any(row.prefix == other.prefix for other in rows.values()):
                raise ValueError(f"the realm {row.slug} is registered twice")
            rows[row.slug] = row
    _check(rows, formats)
    return Catalogue(MappingProxyType(rows), MappingProxyType(formats))


def _check(rows: Mapping[str, Realm], formats: Mapping[str, Format]) -> None:
    for row in rows.values():
        unknown = set(row.short_codes) - set(formats)
        if unknown:
            raise ValueError(f"the realm {row.slug} declares formats that do not exist: {sorted(unknown)}")
        if len(set(row.short_codes.values())) != len(row.short_codes):
            raise ValueError(f"the realm {row.slug} gives one short code to two formats")
