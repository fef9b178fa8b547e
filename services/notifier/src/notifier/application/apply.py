"""What follows from an event that has landed. Applying the same event again changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.events import (
    RecordAmended,
    RecordDeleted,
    RecordPublished,
    RecordRevoked,
    RequestApproved,
    RequestCancelled,
    RequestEvent,
    RequestOpened,
    RequestRecalled,
    RequestRejected,
    RequestTimedOut,
    TransmissionOutcome,
    TransmissionOwed,
    decode,
)
from notifier.application.ports import Deliveries, Letters, Notifications
from notifier.domain.addresses import distinct
from notifier.domain.delivery import Delivery, RecipientAddress, outcome
from notifier.domain.message import message_id
from notifier.domain.notifications import notifications_of, request_status_after


@dataclass(frozen=True)
class MailIdentity:
    """Who the deployment is in its mail: its environment, and the addresses that its letters come from."""

    environment: str
    mail_domain: str
    mailboxes: Mapping[str, str]
    """The local part of each realm's address."""

    def sender(self, realm: str) -> str:
        """The e-mail identity of a realm, for instance ``absch@clearinghouse.example``."""
        return f"{self.mailboxes[realm]}@{self.mail_domain}"


async def apply(
    envelope: Envelope,
    *,
    notifications: Notifications,
    deliveries: Deliveries,
    letters: Letters,
    mail_identity: MailIdentity,
) -> None:
    """Rows for the persons whom a request concerns; a delivery for a transmission that is owed.

    Only what a command caused makes anyone receive anything. Types that this reader does not know are
    passed over; what cannot be applied raises and becomes a dead letter.
    """
    payload = decode(envelope)
    if payload is None or envelope.cause != "command":
        return
    match payload:
        case RecordPublished() | RecordAmended() | RecordRevoked() | RecordDeleted() | TransmissionOutcome():
            return
        case (
            RequestOpened()
            | RequestApproved()
            | RequestRejected()
            | RequestRecalled()
            | RequestCancelled()
            | RequestTimedOut()
        ):
            await _notify(envelope, payload, notifications)
        case TransmissionOwed():
            await _owe(envelope, payload, deliveries, letters, mail_identity)
        case _:
            assert_never(payload)


async def _notify(envelope: Envelope, event: RequestEvent, notifications: Notifications) -> None:
    await notifications.add(
        notifications_of(envelope, event),
        request=event.request,
        request_status=request_status_after(event),
        seq=envelope.seq,
    )


async def _owe(
    envelope: Envelope,
    owed: TransmissionOwed,
    deliveries: Deliveries,
    letters: Letters,
    mail_identity: MailIdentity,
) -> None:
    """A letter may take seconds to lay out: it is made beside the loop, which goes on with other work."""
    known = await deliveries.get(owed.transmission)
    if known is None:
        delivery = await asyncio.to_thread(_delivery, envelope, owed, letters, mail_identity)
        await deliveries.owe(delivery)
    elif outcome(known) is not None:
        await deliveries.report_again(known)


def _delivery(
    envelope: Envelope, owed: TransmissionOwed, letters: Letters, mail_identity: MailIdentity
) -> Delivery:
    if not owed.emails:
        raise ValueError("the transmission names no address")
    letter = letters.render(owed, environment=mail_identity.environment)
    return Delivery(
        transmission=owed.transmission,
        kind=owed.kind,
        realm=owed.realm,
        record=envelope.record,
        identifier=owed.identifier,
        roles=tuple(dict.fromkeys(role.role for role in owed.roles)),
        lane=envelope.lane,
        sender=mail_identity.sender(owed.realm),
        message_id=message_id(owed.transmission, mail_identity.mail_domain),
        letter=letter,
        recipients=tuple(RecipientAddress(email) for email in distinct(owed.emails)),
        owed_at=owed.owed_at,
        traceparent=envelope.traceparent,
    )
