"""The mail message of a delivery (RFC 5322): the same bytes on every hand-over."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from notifier.domain.addresses import UnmailableAddress, envelope_address
from notifier.domain.delivery import Delivery

NOT_ONE_LINE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""White space of any kind, control characters, broken surrogates and overrides of the direction of text."""

MAX_ROLE_CHARACTERS = 100
"""Characters of one role in its header field; a longer one is cut."""

PROPER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def one_line(text: str) -> str:
    """Text fit for a header field: nothing in it can end the line or begin another field."""
    return NOT_ONE_LINE.sub(" ", text).strip()


def message_id(transmission: str, mail_domain: str) -> str:
    """The Message-ID of a transmission's letter: it never changes, so that a second copy is known as such."""
    if not PROPER_ID.fullmatch(transmission):
        raise ValueError("the transmission's identifier holds characters that a Message-ID may not hold")
    return f"<{transmission}@{mail_domain}>"


def compose(delivery: Delivery) -> bytes:
    """The whole message with CRLF line ends. The delivery has begun its first attempt: its Date is that."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = delivery.message_id
    message["Date"] = delivery.attempts[0].started_at
    message["From"] = Address(addr_spec=delivery.sender)
    message["To"] = _mailable(delivery)
    message["Subject"] = one_line(delivery.letter.subject)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Clearinghouse-Type"] = "official-transmission"
    message["X-Clearinghouse-Transmission"] = delivery.transmission
    message["X-Clearinghouse-Record"] = one_line(delivery.identifier)
    message["X-Clearinghouse-Roles"] = ", ".join(
        one_line(role)[:MAX_ROLE_CHARACTERS] for role in delivery.roles
    )
    message.set_content(delivery.letter.text, charset="utf-8")
    message.add_alternative(delivery.letter.html, subtype="html", charset="utf-8")
    message["Content-Language"] = one_line(delivery.letter.language)
    message.set_boundary(f"=_{delivery.transmission[:60]}_=")
    return message.as_bytes()


def _mailable(delivery: Delivery) -> list[Address]:
    addresses = []
    for recipient in delivery.recipients:
        try:
            addresses.append(Address(addr_spec=envelope_address(recipient.email)))
        except UnmailableAddress:
            continue
    return addresses
