"""Mail addresses of recipients, as they stand in published records, and the form a mail server is given."""

from __future__ import annotations

from collections.abc import Sequence
from email.errors import HeaderParseError
from email.headerregistry import Address

import idna

from clearinghouse_runtime.mailbox import mailbox

MAX_CHARACTERS = 254
"""Characters of an address on the envelope (RFC 5321, section 4.5.3.1.3, less the angle brackets)."""


class UnmailableAddress(ValueError):
    """No mail server can be given this address; the message says why and does not repeat it."""


def envelope_address(email: str) -> str:
    """The ASCII form of an address for the envelope and the header fields.

    International domains become A-labels (RFC 5891). Local parts beyond ASCII would need SMTPUTF8
    (RFC 6531) of every server on the way and are refused, so that the recipient is not lost unnoticed.
    """
    trimmed = email.strip()
    if any(not character.isprintable() for character in trimmed):
        raise UnmailableAddress("not sent: the address holds a character that no address may hold")
    local, at, domain = trimmed.rpartition("@")
    if not (local and at and domain):
        raise UnmailableAddress("not sent: this is not a mail address")
    if not local.isascii():
        raise UnmailableAddress("not sent: the part before @ holds letters beyond ASCII (SMTPUTF8, RFC 6531)")
    try:
        address = Address(addr_spec=f"{local}@{_ascii_domain(domain)}").addr_spec
    except (HeaderParseError, ValueError, IndexError):
        raise UnmailableAddress("not sent: this is not a mail address") from None
    if len(address) > MAX_CHARACTERS:
        raise UnmailableAddress("not sent: the address is longer than 254 characters")
    return address


def distinct(emails: list[str]) -> list[str]:
    """Each mailbox once, in the order and the writing of its first mention."""
    first: dict[str, str] = {}
    for email in emails:
        first.setdefault(mailbox(email), email)
    return list(first.values())


def mailbox_key(record: str, emails: Sequence[str]) -> str:
    """What distinguishes the recipients of one record: letters under one key go out in order.

    So a revocation never overtakes the certificate on its way to the same recipient.
    """
    return "|".join([record, *sorted(mailbox(email) for email in emails)])


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise UnmailableAddress("not sent: the domain of the address is not a valid one") from None
