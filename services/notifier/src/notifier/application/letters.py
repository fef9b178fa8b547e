"""What a realm states of the letters of its official transmissions.

The layout of letters, and the words that any realm needs, are core: a realm gives its own words, and says which
letters there are and what they show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable


@dataclass(frozen=True, kw_only=True)
class LettersOfKind:
    """The letters of one kind of transmission, by their names in the realm's words, and what they show."""

    first: str
    """The letter about a first revision."""
    later: str
    """The letter about a revision that replaces another."""
    expiry_field: str | None = None
    """The record's field with its last day of validity; None where the letters state no validity."""
    shows_replaced: bool = True
    """Whether a row names the revision that this one replaces."""


@dataclass(frozen=True, kw_only=True)
class RealmLetters:
    """The letters of one realm."""

    kinds: Mapping[str, LettersOfKind]
    """By the kind of a transmission."""
    words: Traversable
    """The folder of the realm's words: a file ``<language>.json`` for each of the six languages."""


@dataclass(frozen=True, kw_only=True)
class NotifierExtension:
    """What a realm adds to the notifier."""

    letters: RealmLetters
