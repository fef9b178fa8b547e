"""A small OpenID issuer, FOR TRYING OUT ONLY: its persons are in the source and share one password."""

from clearinghouse_local.issuer.issuer import LocalIssuer
from clearinghouse_local.issuer.keys import KeyRing

__all__ = ["KeyRing", "LocalIssuer"]
