"""Sample records to try the system with: four countries, six languages, every format.

The same seed gives the same samples. Nobody and nothing in them is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from clearinghouse_demo.persons import PERSONS, TrialPerson
from clearinghouse_demo.samples import certificates, library, national, people
from clearinghouse_demo.samples.document import Sample

START = "2024-01-15"
"""From when on the designations of the samples hold."""

_REALMS = {
    "secretariat": ("absch", "bch", "chm"),
    "national-focal-point": ("absch",),
    "publishing-authority": ("absch", "bch"),
    "national-authorized-user": ("absch", "bch"),
}


def generate(seed: int = 2016) -> Iterator[dict[str, Any]]:
    """Persons, their designations, and records, each after those that it refers to; one line of JSON each."""
    for person in PERSONS:
        yield {
            "kind": "person",
            "sub": person.sub,
            "name": person.name,
            "email": person.email,
            "language": person.language,
        }
    for person in PERSONS:
        yield from _designations(person)
    for sample in records(seed):
        yield sample.line()


def records(seed: int) -> Iterator[Sample]:
    """The records alone."""
    random = Random(seed)  # noqa: S311 - samples are to be the same again, not unforeseeable
    yield from people.focal_points(random)
    yield from people.authorities(random)
    yield from people.contacts(random)
    yield from people.organizations(random)
    yield from national.measures(random)
    yield from national.databases()
    yield from national.laws(random)
    yield from certificates.permits(random)
    yield from certificates.checkpoints()
    yield from certificates.communiques()
    yield from library.resources(random)


def _designations(person: TrialPerson) -> Iterator[dict[str, Any]]:
    for realm in _REALMS.get(person.role or "", ()):
        yield {
            "kind": "designation",
            "person": person.sub,
            "realm": realm,
            "role": person.role,
            "country": person.country,
            "start": START,
            "reason": "To try the system",
        }
