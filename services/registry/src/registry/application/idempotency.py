"""A command that is sent twice under one Idempotency-Key is done once, and answers the same both times.

What is kept is a keyed hash of the caller, key and command: nothing of the content can be read from it, and
nothing at all is kept of a refused command, because it is written in the command's own transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime

from registry.application.ports import Transaction
from registry.domain.entities import Remembered
from registry.domain.refusals import conflict


@dataclass(frozen=True)
class Caller:
    """Who sends a command, under which key, in which trace."""

    person: str
    key: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True)
class Mark:
    """Where a command's result is kept, and the hash of the command."""

    id: str
    body: str


def mark(secret: bytes, caller: Caller, command: str, body: object) -> Mark | None:
    """The mark of a command, or None when the caller gave no key."""
    if caller.key is None:
        return None
    content = json.dumps([command, body], sort_keys=True, ensure_ascii=False)
    return Mark(_hash(secret, f"{caller.person}\n{caller.key}"), _hash(secret, content))


async def recall(tx: Transaction, place: Mark | None) -> dict[str, str] | None:
    """The result of the same command, if it was done before. Refuses another command under the same key."""
    known = await tx.get(Remembered, place.id) if place else None
    if known is None or place is None:
        return None
    if known.body != place.body:
        raise conflict(
            "idempotency-key-reused",
            "The key was used for another command",
            "Send a new command with a new key.",
        )
    return known.result


async def keep(tx: Transaction, place: Mark | None, result: dict[str, str], at: datetime) -> None:
    """Remember what the command did."""
    if place is not None:
        await tx.insert(Remembered(id=place.id, body=place.body, result=result, at=at))


def _hash(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
