"""A registry, in memory unless a store is given, with persons, designations and a clock that is moved by hand."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from clearinghouse_formats import load
from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.events import Stream
from clearinghouse_runtime.commands import Caller
from registry.application import drafts
from registry.application.commands import CreateDraft, PublishDraft
from registry.application.context import Context, RegistryExtension, TransmissionRule, provisions_of, rules_of
from registry.application.drafts import DraftView
from registry.application.pipeline import execute
from registry.application.ports import Store, Transaction
from registry.domain.entities import Designation, Draft, Person, Role, Transmission
from tests.registry.support import records
from tests.registry.support.memory import MemoryLedger, MemoryNumbers, MemoryStore

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class World:
    """The registry's use cases with everything outside faked."""

    rules: Sequence[TransmissionRule] = ()
    realms: Sequence[str] = ("absch", "bch", "chm")
    at: datetime = START
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    on: Store | None = None
    """A store with a real engine under it; in memory when there is none."""

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self.store: Store = self.on or MemoryStore(self.ledger)
        extension = RegistryExtension(self.rules)
        self.context = Context(
            store=self.store,
            ledger=self.ledger,
            numbers=MemoryNumbers(),
            catalogue=load(self.realms),
            clock=lambda: self.at,
            new_id=lambda: str(uuid.UUID(int=next(self._ids))),
            secret=b"of the tests",
            mark="DEV",
            public_address="http://registry.example",
            rules=rules_of([extension]),
            provisions=provisions_of([extension]),
        )

    def wait(self, time: timedelta) -> None:
        """Let time pass."""
        self.at += time

    async def appoint(self, person: str, role: Role, realm: str, country: str | None) -> Designation:
        """Enter a person and give them a role from now on."""
        designation = Designation(
            id=f"{person}-{role}-{realm}",
            person=person,
            realm=realm,
            role=role,
            country=country,
            start=self.at,
            made_by="tests",
            reason="tests",
            seat=f"{realm}/{country}" if role == "publishing-authority" else None,
        )

        async def body(tx: Transaction) -> None:
            if await tx.get(Person, person) is None:
                await tx.insert(Person(id=person, name=person, email=f"{person}@example.org", language="en"))
            await tx.insert(designation)

        await self.store.transact(body)
        return designation

    async def do(self, person: str, command: object, key: str | None = None) -> Receipt:
        """Send a command as somebody."""
        return await execute(self.context, Caller(person, key), command)

    async def draft(self, person: str, realm: str, document: records.Document) -> DraftView:
        """Draft a document, and read the draft."""
        await self.do(person, CreateDraft(realm, document))
        return await drafts.read(self.context, person, realm, document["header"]["identifier"])

    async def publish(self, person: str, realm: str, document: records.Document) -> Receipt:
        """Draft and publish at once."""
        await self.do(person, CreateDraft(realm, document))
        uid = document["header"]["identifier"]
        return await self.do(person, PublishDraft(realm, uid, await self.version(realm, uid)))

    async def version(self, realm: str, uid: str) -> int:
        """The version of the draft of a record."""
        for draft in await self.store.find(Draft, {"realm": realm}):
            if draft.uid == uid:
                return draft.version
        raise LookupError(uid)

    async def owed(self, number: int) -> list[Transmission]:
        """The transmissions of a record."""
        return await self.store.find(Transmission, {"number": number}, order="owed_at")

    def stated(self, stream: Stream) -> list[Envelope]:
        """The events of a stream, in order of position."""
        return [event for name, event in self.ledger.events if name == stream]


async def populated(rules: Sequence[TransmissionRule]) -> World:
    """Mexico and Germany with their officials, focal points, authorities; a provider and a grantee."""
    world = World(rules=rules)
    await world.appoint("secretariat", "secretariat", "absch", None)
    for country in ("mx", "de"):
        await world.appoint(f"{country}-nfp", "national-focal-point", "absch", country)
        await world.appoint(f"{country}-pa", "publishing-authority", "absch", country)
        await world.appoint(f"{country}-nau", "national-authorized-user", "absch", country)
        await world.publish("secretariat", "absch", records.focal_point(country))
        await world.publish(f"{country}-pa", "absch", records.authority(country))
    await world.publish("mx-pa", "absch", records.contact("provider-contact"))
    await world.publish("mx-pa", "absch", records.contact("grantee-contact", language="fr"))
    await world.publish("de-pa", "absch", records.checkpoint("de"))
    return world


def addresses(owed: Sequence[Transmission]) -> dict[str, list[str]]:
    """Roles by the addresses of each letter."""
    return {", ".join(one.emails): [role.role for role in one.roles] for one in owed}


def number_of(made: Receipt) -> int:
    """The number of the record that a receipt names with its revision."""
    return int(made.identifier.split("-")[-2])


def content_of(envelope: Envelope) -> dict[str, Any]:
    """The public content that a record event carries."""
    content: dict[str, Any] = envelope.data["content"]
    return content
