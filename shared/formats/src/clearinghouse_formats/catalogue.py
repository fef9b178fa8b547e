"""Puts the declarations together that a deployment serves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from clearinghouse_formats import core
from clearinghouse_formats.declare import Format, Realm
from clearinghouse_formats.extensions import realm_package, subpackages

_PACKAGE = "clearinghouse_formats"


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


def load(realms: Sequence[str] | None = None) -> Catalogue:
    """The catalogue of the realms whose packages are beside this module, or of those of them that are named.

    Raises ValueError where two packages register one name or a realm declares a format that nobody did.
    """
    slugs = subpackages(_PACKAGE) if realms is None else realms
    packages = [package for slug in slugs if (package := realm_package(_PACKAGE, slug)) is not None]
    return assemble([core, *(package for package in packages if package is not core)])


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


_PREFIX = re.compile(r"[A-Z]{3,5}")


def _check(rows: Mapping[str, Realm], formats: Mapping[str, Format]) -> None:
    for row in rows.values():
        if not _PREFIX.fullmatch(row.prefix):
            raise ValueError(f"the prefix of the realm {row.slug} is not three to five capital letters")
        unknown = set(row.short_codes) - set(formats)
        if unknown:
            raise ValueError(f"the realm {row.slug} declares formats that do not exist: {sorted(unknown)}")
        if len(set(row.short_codes.values())) != len(row.short_codes):
            raise ValueError(f"the realm {row.slug} gives one short code to two formats")
