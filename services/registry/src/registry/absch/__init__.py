"""What only the ABS Clearing-House does in the registry: the official transmissions of the Nagoya Protocol."""

from registry.absch.provisions import PROVISIONS
from registry.absch.transmissions import RULES
from registry.application.context import RegistryExtension

EXTENSION = RegistryExtension(RULES, PROVISIONS)
