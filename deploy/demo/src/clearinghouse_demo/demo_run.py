"""What the chapters of the demo share: the persons' connections, the sink, the followers, the timeline."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from importlib.resources import files

import httpx

from clearinghouse_client.api import Notifier, Registry
from clearinghouse_client.connection import Connection
from clearinghouse_client.identity import IssuerClient
from clearinghouse_demo.addresses import Addresses
from clearinghouse_demo.followers import Followers
from clearinghouse_demo.persons import PASSWORD
from clearinghouse_demo.recipients import RecipientRules
from clearinghouse_demo.sink import Sink, SinkLetter
from clearinghouse_demo.timeline import Timeline, expect
from clearinghouse_messages.answers import Receipt, RecordAnswer
from clearinghouse_messages.documents import Document

REALM = "absch"
AUTHOR, AUTHORITY, CHECKPOINT, SECRETARIAT = "mx-nau", "mx-pa", "de-pa", "secretariat"
PARTICIPANTS = (AUTHOR, AUTHORITY, CHECKPOINT, SECRETARIAT)
"""The persons to try who take part in the demo."""


@dataclass
class SignedIn:
    """Someone signed in: the services as they use them."""

    registry: Registry
    notifier: Notifier


@dataclass
class DemoRun:
    """One run of the demo."""

    timeline: Timeline
    persons: dict[str, SignedIn]
    reader: Registry
    """An anonymous reader."""
    sink: Sink
    followers: Followers
    recipient_rules: RecipientRules
    permit: Document
    """The permit, under an identifier that is fresh for this run."""
    run: str = ""
    """Makes the identifiers of this run unlike those of any other."""
    identifiers: dict[str, str] = field(default_factory=dict)
    letters: list[SinkLetter] = field(default_factory=list)

    def registry(self, person: str) -> Registry:
        """The registry as that person uses it."""
        return self.persons[person].registry

    async def published(self, receipt: Receipt) -> RecordAnswer:
        """The record that a publication's receipt names, as anybody reads it."""
        with self.timeline.step("the record can be read by anybody") as step:
            record = await self.reader.record(receipt.identifier)
            expect(record.identifier == receipt.identifier, receipt.identifier, record.identifier)
            expect(record.status == receipt.status, f"the status {receipt.status}", record.status)
            step.detail = record.statement
        return record

    def fresh(self, document: Document, name: str) -> Document:
        """The document under an identifier of this run."""
        return under_identifier(document, f"{name}-{self.run}")


@dataclass(frozen=True)
class Certificate:
    """What the later chapters need of a constituted certificate."""

    record: RecordAnswer
    permit: Document


def uid_of(document: Document) -> str:
    """The document's own name of its record."""
    return str(document["header"]["identifier"])


def new_run() -> str:
    """A token that no other run has."""
    return secrets.token_hex(6)


def under_identifier(document: Document, uid: str) -> Document:
    """The document under another identifier."""
    return {**document, "header": {**document["header"], "identifier": uid}}


def bundled_document(name: str) -> Document:
    """A document that comes with the demo."""
    document: Document = json.loads(files("clearinghouse_demo").joinpath(name).read_text(encoding="utf-8"))
    return document


async def sign_in(addresses: Addresses, client: httpx.AsyncClient, name: str) -> SignedIn:
    """One of the persons to try, signed in at the local issuer."""
    token = (await IssuerClient(addresses.issuer, client).by_password(name, PASSWORD)).access

    async def bearer() -> str:
        return token

    return SignedIn(
        Registry(Connection(addresses.registry, client, bearer)),
        Notifier(Connection(addresses.notifier, client, bearer)),
    )
