"""Which mail addresses are one mailbox: who receives one letter, and not two of the same."""

from __future__ import annotations

import idna


def mailbox(email: str) -> str:
    """Equal for addresses of the same mailbox, whatever their letter case and the form of their domain.

    Servers may tell local parts apart by case (RFC 5321, section 2.4), and none of those that people use does.
    An international domain is compared by its A-label (RFC 5891).
    """
    local, at, domain = email.strip().rpartition("@")
    return f"{local.casefold()}{at}{_domain(domain)}"


def _domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain.casefold()
