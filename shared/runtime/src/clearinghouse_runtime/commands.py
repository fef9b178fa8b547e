"""The pipeline that every command runs through: provenance, idempotency, transaction, permission, decision, events.

A command is a frozen dataclass; its handler gets a unit of work, asks for permission there, decides, and returns
a receipt. What holds for all commands holds here: sent twice under one Idempotency-Key a command acts once and
answers the same receipt; another command under that key is refused; a refused command leaves nothing; nothing is
done without permission, and a repeat is permitted anew before it is answered.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from clearinghouse_messages.answers import Receipt
from clearinghouse_runtime.clock import Clock
from clearinghouse_runtime.entries import LedgerEntry, Provenance
from clearinghouse_runtime.problems import key_reused

KEPT_FOR = timedelta(days=30)
"""How long a command is known by its Idempotency-Key."""

Question = Mapping[str, Any]
"""What permission was asked for, as JSON, so that it can be asked again."""


@dataclass(frozen=True)
class Caller:
    """Who sends a command, under which Idempotency-Key, in which trace."""

    person: str
    """``sub`` of their token."""
    idempotency_key: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True)
class IdempotencyRecord:
    """What a command under an Idempotency-Key did: its receipt, and what it asked permission for.

    ``id`` is a keyed hash of caller and key, ``command`` one of the command: no content can be read from them.
    """

    id: str
    command: str
    receipt: Mapping[str, Any]
    question: Question
    at: datetime


class AlreadyStored(Exception):
    """The same command, sent twice at the same time, has been done by the other one."""


class CommandTransaction(Protocol):
    """What the pipeline needs of a service's transaction."""

    async def stored_result(self, record_id: str) -> IdempotencyRecord | None:
        """What was stored under that id."""

    async def store_result(self, record: IdempotencyRecord) -> None:
        """Store the result of a command. Raises AlreadyStored."""

    async def append(self, entries: Sequence[LedgerEntry]) -> None:
        """State events in the ledger, in this order; each gets the next ``seq`` of its record and stream."""


Tx = TypeVar("Tx", bound=CommandTransaction)
T = TypeVar("T")


@dataclass
class UnitOfWork(Generic[Tx]):
    """One try of a command's transaction. ``entries`` are stated when the handler has returned."""

    tx: Tx
    caller: Caller
    provenance: Provenance
    entries: list[LedgerEntry] = field(default_factory=list)
    question: Question | None = None
    _known: dict[str, Any] = field(default_factory=dict)

    def permitted(self, question: Question) -> None:
        """Note that permission was asked for and given; a command without it is a programming error."""
        self.question = question

    async def once(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """What must be the same on each try of the transaction, made outside it and on the first try only."""
        if name not in self._known:
            self._known[name] = await make()
        known: T = self._known[name]
        return known


@dataclass(frozen=True)
class Pipeline(Generic[Tx]):
    """What commands of one service share. ``ask_again`` refuses (Problem) what is not permitted any more."""

    clock: Clock
    new_id: Callable[[], str]
    secret: bytes
    """The key of the hashes that idempotency keeps."""
    transact: Callable[[Callable[[Tx], Awaitable[Receipt]]], Awaitable[Receipt]]
    ask_again: Callable[[UnitOfWork[Tx], Question], Awaitable[None]]


CommandHandler = Callable[[UnitOfWork[Tx]], Awaitable[Receipt]]


async def execute(
    pipeline: Pipeline[Tx], caller: Caller, command: object, handle: CommandHandler[Tx]
) -> Receipt:
    """Run one command, or answer what it answered before. Raises Problem when it is refused."""
    provenance = Provenance(pipeline.clock(), caller.person, "command", pipeline.new_id(), caller.traceparent)
    fingerprint = fingerprint_of(pipeline.secret, caller, command)
    known: dict[str, Any] = {}

    async def body(tx: Tx) -> Receipt:
        unit = UnitOfWork(tx, caller, provenance, _known=known)
        stored = await tx.stored_result(fingerprint.id) if fingerprint else None
        if fingerprint and stored:
            return await replayed(pipeline, unit, fingerprint, stored)
        receipt = await handle(unit)
        if unit.question is None:
            raise AssertionError(f"{type(command).__name__} asked for no permission")
        if unit.entries:
            await tx.append(unit.entries)
        if fingerprint:
            result = receipt.model_dump(mode="json", exclude_defaults=True)
            await tx.store_result(
                IdempotencyRecord(fingerprint.id, fingerprint.command, result, unit.question, provenance.at)
            )
        return receipt

    try:
        return await pipeline.transact(body)
    except AlreadyStored:
        return await pipeline.transact(body)


async def replayed(
    pipeline: Pipeline[Tx], unit: UnitOfWork[Tx], fingerprint: CommandFingerprint, stored: IdempotencyRecord
) -> Receipt:
    """The receipt of the same command, for whoever is still permitted to send it."""
    if stored.command != fingerprint.command:
        raise key_reused()
    await pipeline.ask_again(unit, stored.question)
    return Receipt.model_validate(stored.receipt)


@dataclass(frozen=True)
class CommandFingerprint:
    """Where a command's result is stored (``id``), and the hash of the command."""

    id: str
    command: str


def fingerprint_of(secret: bytes, caller: Caller, command: object) -> CommandFingerprint | None:
    """The hashes of a command under its caller's key; None when the caller gave none."""
    if caller.idempotency_key is None:
        return None
    content = json.dumps([type(command).__name__, _content(command)], sort_keys=True, default=str)
    return CommandFingerprint(
        _hash(secret, json.dumps([caller.person, caller.idempotency_key])), _hash(secret, content)
    )


def _content(command: object) -> dict[str, Any]:
    if not is_dataclass(command):
        raise TypeError("a command is a dataclass")
    return {part.name: getattr(command, part.name) for part in fields(command)}


def _hash(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
