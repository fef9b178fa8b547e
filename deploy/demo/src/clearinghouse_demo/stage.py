"""What the chapters of the demo share: the persons' connections, the sink, the followers, the timeline."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from importlib.resources import files

import httpx

from clearinghouse_client.api import Notifier, Registry
from clearinghouse_client.connection import Connection
from clearinghouse_client.identity import Issuer
from clearinghouse_client.models import Document, Record
from clearinghouse_demo.addresses import Addresses
from clearinghouse_demo.followers import Followers
from clearinghouse_demo.recipients import Law
from clearinghouse_demo.sink import Letter, Sink
from clearinghouse_demo.timeline import Timeline

REALM = "absch"
AUTHOR, AUTHORITY, CHECKPOINT, SECRETARIAT = "mx-nau", "mx-pa", "de-pa", "secretariat"
PERSONS = (AUTHOR, AUTHORITY, CHECKPOINT, SECRETARIAT)
PASSWORD = "try-it"  # noqa: S105 - of the persons to try, whom only a deployment for trying out knows


@dataclass
class Person:
    """Someone signed in: what he can ask the services."""

    registry: Registry
    notifier: Notifier


@dataclass
class Stage:
    """One run of the demo."""

    timeline: Timeline
    persons: dict[str, Person]
    reader: Registry
    """An anonymous reader."""
    sink: Sink
    followers: Followers
    law: Law
    permit: Document
    """The permit, under an identifier that is fresh for this run."""
    run: str = ""
    """Makes the identifiers of this run unlike those of any other."""
    identifiers: dict[str, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)

    def registry(self, person: str) -> Registry:
        """The registry as that person uses it."""
        return self.persons[person].registry

    def fresh(self, document: Document, name: str) -> Document:
        """The document under an identifier of this run."""
        return under_identifier(document, f"{name}-{self.run}")


@dataclass(frozen=True)
class Certificate:
    """What the later chapters need of a constituted certificate."""

    record: Record
    permit: Document


def new_run() -> str:
    """A token that no other run has."""
    return secrets.token_hex(6)


def under_identifier(document: Document, uid: str) -> Document:
    """The document under another identifier."""
    return {**document, "header": {**document["header"], "identifier": uid}}


def shipped(name: str) -> Document:
    """A document that comes with the demo."""
    document: Document = json.loads(files("clearinghouse_demo").joinpath(name).read_text(encoding="utf-8"))
    return document


async def sign_in(addresses: Addresses, client: httpx.AsyncClient, name: str) -> Person:
    """One of the persons to try, signed in at the local issuer."""
    token = (await Issuer(addresses.issuer, client).by_password(name, PASSWORD)).access

    async def bearer() -> str:
        return token

    return Person(
        Registry(Connection(addresses.registry, client, bearer)),
        Notifier(Connection(addresses.notifier, client, bearer)),
    )
