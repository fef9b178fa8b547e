"""The name of a lease of work: nothing may be written under it once another worker holds the item."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lease:
    """One lease of one item: ``id`` is the item, ``token`` the lease."""

    id: str
    token: str


class LeaseLost(Exception):
    """The lease of an item ended and another worker holds or finished it: nothing was changed."""
