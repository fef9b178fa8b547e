"""What every use case is given: the ports, the catalogue of formats and what the realms plug in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from clearinghouse_formats import Catalogue
from registry.application.directory import Directory
from registry.application.ports import Clock, Ledger, NewId, Numbers, Store
from registry.domain.publication import Changed
from registry.domain.transmissions import Addressee


@dataclass(frozen=True)
class TransmissionRule:
    """The official transmission that a change of a record of one format owes; declared by a realm.

    ``addressees`` names everybody whom the law names, ``contacts`` whom to ask about it (lines of plain text).
    """

    format: str
    change: str
    """``published``, ``amended`` or ``revoked``."""
    letter: str
    addressees: Callable[[Changed, Directory], Awaitable[Sequence[Addressee]]]
    contacts: Callable[[Changed, Directory], Awaitable[Sequence[str]]]


@dataclass(frozen=True)
class Context:
    """Everything outside a use case."""

    store: Store
    ledger: Ledger
    numbers: Numbers
    catalogue: Catalogue
    clock: Clock
    new_id: NewId
    secret: bytes
    """Key of the hashes that idempotency keeps."""
    mark: str | None
    """What marks identifiers of this environment."""
    public_address: str
    rules: Mapping[tuple[str, str], TransmissionRule] = field(default_factory=dict)
    """By format and change."""
    provisions: Mapping[str, str] = field(default_factory=dict)
    """What the keys of provisions in transmissions stand for."""


def register(rules: Sequence[TransmissionRule]) -> dict[tuple[str, str], TransmissionRule]:
    """The rules by format and change; a second registration of one raises ValueError."""
    registered: dict[tuple[str, str], TransmissionRule] = {}
    for rule in rules:
        key = (rule.format, rule.change)
        if key in registered:
            raise ValueError(f"a second transmission rule for {rule.format} {rule.change}")
        registered[key] = rule
    return registered
