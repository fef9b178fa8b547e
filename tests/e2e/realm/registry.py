"""What the fourth clearing-house adds to the registry: a copy of each notification goes to the focal point."""

from __future__ import annotations

from clearinghouse_formats import load
from registry.application.addressees import contact_lines, focal_points
from registry.application.context import RegistryExtension, TransmissionRule
from registry.application.directory import Directory
from registry.domain.publication import Changed
from registry.domain.transmissions import Addressee

PROVISION = "notice.country"


async def addressees(changed: Changed, directory: Directory) -> list[Addressee]:
    """The focal point of the notifying country."""
    realm = load().realm("bbnj")
    return await focal_points(directory, realm, changed.record.country or "", PROVISION)


async def contacts(changed: Changed, directory: Directory) -> list[str]:
    """Nobody beside the addressees."""
    return contact_lines([])


EXTENSION = RegistryExtension(
    rules=[TransmissionRule("cruiseNotification", "published", "notice", addressees, contacts)],
    provisions={PROVISION: "Article 12"},
)
