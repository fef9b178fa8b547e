"""What only the ABS Clearing-House does in the registry: the official transmissions of the Nagoya Protocol."""

from registry.absch.transmissions import RULES

__all__ = ["RULES"]
