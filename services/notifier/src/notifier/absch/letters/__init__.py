"""The official letters of the ABS Clearing-House: certificates, their revocation, checkpoint communiqués."""

from notifier.absch.letters.compose import render

__all__ = ["render"]
