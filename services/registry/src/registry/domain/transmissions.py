"""Whom an official transmission is owed to: one letter for each recipient, whatever their roles.

All addresses of a recipient go into one message, and an address in two roles gets one letter that names both:
recipients whose addresses overlap are therefore one recipient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clearinghouse_messages.events import RecipientRole
from clearinghouse_runtime.mailbox import mailbox


@dataclass(frozen=True)
class Addressee:
    """Someone whom the law names, with the addresses and language of their published record."""

    role: RecipientRole
    emails: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Recipient:
    """One letter that is recipient: to whom, why, in which language. Without addresses nobody can be reached."""

    roles: tuple[RecipientRole, ...]
    emails: tuple[str, ...]
    language: str

    @property
    def key(self) -> str:
        """Distinguishes the letters of one publication, the same on each try of its transaction."""
        who = "+".join(sorted(f"{role.role}:{role.country}:{role.record}" for role in self.roles))
        return "|".join([who, *sorted(mailbox(email) for email in self.emails)])


def merge(addressees: Iterable[Addressee]) -> list[Recipient]:
    """One letter for each group of addressees that share an address; its language is the first one's.

    Order is kept. The same role named twice through one record counts once.
    """
    groups: list[list[Addressee]] = []
    for addressee in addressees:
        mine = {mailbox(email) for email in addressee.emails}
        touching = [group for group in groups if mine & _addresses(group)]
        if not touching:
            groups.append([addressee])
            continue
        touching[0].append(addressee)
        for other in touching[1:]:
            touching[0].extend(other)
            groups.remove(other)
    return _without_repeats([_recipient(group) for group in groups])


def _recipient(group: Sequence[Addressee]) -> Recipient:
    roles = list(dict.fromkeys(_as_key(addressee.role) for addressee in group))
    by_key = {_as_key(addressee.role): addressee.role for addressee in group}
    emails: dict[str, str] = {}
    for addressee in group:
        for email in addressee.emails:
            emails.setdefault(mailbox(email), email.strip())
    return Recipient(tuple(by_key[role] for role in roles), tuple(emails.values()), group[0].language)


def _without_repeats(recipients: list[Recipient]) -> list[Recipient]:
    """A recipient without any address, named twice for the same role, is one task for the Secretariat."""
    return list({recipient.key: recipient for recipient in recipients}.values())


def _addresses(group: Sequence[Addressee]) -> set[str]:
    return {mailbox(email) for addressee in group for email in addressee.emails}


def _as_key(role: RecipientRole) -> tuple[str, str, str | None, str]:
    return (role.role, role.provision, role.country, role.record)
