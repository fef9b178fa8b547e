"""Published records as the rules of a realm look them up: by what they are and by reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clearinghouse_formats import Reference
from registry.application.ports import Reader
from registry.domain import identifiers
from registry.domain.entities import Record, Revision, Transmission
from registry.domain.publication import revision_id


@dataclass(frozen=True)
class PublishedRecord:
    """A record with its current (or last) revision."""

    record: Record
    revision: Revision

    @property
    def identifier(self) -> str:
        """Of the revision."""
        return identifiers.of_revision(self.record.identifier, self.revision.revision)

    @property
    def content(self) -> dict[str, Any]:
        """The public content."""
        return self.revision.public


class Directory:
    """Looks up published records within one transaction, each reference once: what it reads is one snapshot."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._referred: dict[str, PublishedRecord | None] = {}

    async def current(self, format: str, country: str, *, realm: str | None = None) -> list[PublishedRecord]:  # noqa: A002
        """The current records of a format and country, oldest first; of one home realm, or of any."""
        where: dict[str, str | None] = {"format": format, "country": country, "status": "current"}
        if realm is not None:
            where["realm"] = realm
        records = await self._reader.find(Record, where, order="number")
        return [await self._published(record) for record in records]

    async def referred(self, reference: object) -> PublishedRecord | None:
        """What a reference of the exchange form names, whichever revision it pins: the record as it is now."""
        text = reference.get("identifier") if isinstance(reference, dict) else None
        if not isinstance(text, str):
            return None
        if text not in self._referred:
            record = await named(self._reader, text)
            self._referred[text] = await self._published(record) if record and record.revision else None
        return self._referred[text]

    async def transmitted(self, number: int) -> list[Transmission]:
        """Every transmission of any revision of a record, oldest first."""
        return await self._reader.find(Transmission, {"number": number}, order="owed_at")

    async def _published(self, record: Record) -> PublishedRecord:
        revision = await self._reader.get(Revision, revision_id(record.number, record.revision))
        if revision is None:
            raise LookupError(f"revision {record.revision} of {record.number} is missing")
        return PublishedRecord(record, revision)


async def named(reader: Reader, text: str) -> Record | None:
    """The record that a text names in any of the accepted forms, published or not."""
    name = identifiers.parse(text)
    if name is None:
        return None
    if name.number is not None:
        record = await reader.get(Record, str(name.number))
        if record and name.stem in (None, record.identifier.upper()):
            return record
    if name.uid is None:
        return None
    found = await reader.find(Record, {"uid_key": name.uid.lower()}, limit=1)
    return found[0] if found else None


def pinned(reference: Reference, record: Record) -> int | None:
    """The revision that a reference pins, written ``…@2`` or within our own identifier; None if it follows."""
    name = identifiers.parse(reference.identifier)
    ours = name is not None and name.stem == record.identifier.upper()
    return reference.revision or (name.revision if name and ours else None)
