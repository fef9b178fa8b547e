"""What every use case is given: the ports, the catalogue of formats and what the realms add."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from clearinghouse_formats import Catalogue
from clearinghouse_runtime.clock import Clock
from registry.application.directory import Directory
from registry.application.ports import EventLedger, Numbers, Store
from registry.domain.publication import Change, Changed
from registry.domain.transmissions import Addressee


@dataclass(frozen=True)
class TransmissionRule:
    """The official transmission that a change of a record of one format owes; declared by a realm.

    ``addressees`` names everybody whom the law names, ``contacts`` whom to ask about it (lines of plain text).
    """

    format: str
    change: Change
    kind: str
    """Which letter it is, for instance ``certificate``."""
    addressees: Callable[[Changed, Directory], Awaitable[Sequence[Addressee]]]
    contacts: Callable[[Changed, Directory], Awaitable[Sequence[str]]]


@dataclass(frozen=True)
class RegistryExtension:
    """What a realm adds to the registry: its transmission rules, and the provisions of the law by their keys."""

    rules: Sequence[TransmissionRule] = ()
    provisions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """Everything outside a use case."""

    store: Store
    ledger: EventLedger
    numbers: Numbers
    catalogue: Catalogue
    clock: Clock
    new_id: Callable[[], str]
    secret: bytes
    """Key of the hashes that idempotency keeps."""
    mark: str | None
    """What marks identifiers of this environment."""
    public_address: str
    rules: Mapping[tuple[str, str], TransmissionRule] = field(default_factory=dict)
    """By format and change."""
    provisions: Mapping[str, str] = field(default_factory=dict)
    """What the keys of provisions in transmissions stand for."""


def rules_of(extensions: Iterable[RegistryExtension]) -> dict[tuple[str, str], TransmissionRule]:
    """The rules of all realms by format and change; a second registration of one raises ValueError."""
    registered: dict[tuple[str, str], TransmissionRule] = {}
    for rule in (rule for extension in extensions for rule in extension.rules):
        key = (rule.format, rule.change)
        if key in registered:
            raise ValueError(f"a second transmission rule for {rule.format} {rule.change}")
        registered[key] = rule
    return registered


def provisions_of(extensions: Iterable[RegistryExtension]) -> dict[str, str]:
    """The provisions of all realms; a second registration of one key raises ValueError."""
    registered: dict[str, str] = {}
    for extension in extensions:
        for key, words in extension.provisions.items():
            if key in registered:
                raise ValueError(f"a second provision {key}")
            registered[key] = words
    return registered
