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
    RequestOpened,
    RequestRecalled,
    RequestRejected,
    RequestTimedOut,
    TransmissionOutcome,
    TransmissionOwed,
    decode,
)
from notifier.application.ports import Deliveries, Letters, Notices
from notifier.domain.addresses import distinct
from notifier.domain.delivery import Delivery, Recipient, outcome
from notifier.domain.message import message_id
from notifier.domain.notices import RequestEvent, condition, notices


@dataclass(frozen=True)
class Identity:
    """Who the deployment is in its mail: its environment, and the addresses that its letters come from."""

    environment: str
    mail_domain: str
    mailboxes: Mapping[str, str]
    """The local part of each realm's address."""

    def sender(self, realm: str) -> str:
        """The e-mail identity of a realm, for instance ``absch@clearinghouse.example``."""
        return f"{self.mailboxes[realm]}@{self.mail_domain}"


async def apply(
    envelope: Envelope, *, inbox: Notices, deliveries: Deliveries, letters: Letters, identity: Identity
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
            await _notify(envelope, payload, inbox)
        case TransmissionOwed():
            await _owe(envelope, payload, deliveries, letters, identity)
        case _:
            assert_never(payload)


async def _notify(envelope: Envelope, event: RequestEvent, inbox: Notices) -> None:
    await inbox.tell(
        notices(envelope, event),
        request=event.request,
        request_state=condition(event),
        seq=envelope.seq,
    )


async def _owe(
    envelope: Envelope, owed: TransmissionOwed, deliveries: Deliveries, letters: Letters, identity: Identity
) -> None:
    """A letter may take seconds to lay out: it is made beside the loop, which goes on with other work."""
    known = await deliveries.get(owed.transmission)
    if known is None:
        delivery = await asyncio.to_thread(_delivery, envelope, owed, letters, identity)
        await deliveries.owe(delivery)
    elif outcome(known) is not None:
        await deliveries.tell_again(known)


def _delivery(envelope: Envelope, owed: TransmissionOwed, letters: Letters, identity: Identity) -> Delivery:
    if not owed.emails:
        raise ValueError("the transmission names no address")
    letter = letters.render(owed, environment=identity.environment)
    return Delivery(
        transmission=owed.transmission,
        kind=owed.kind,
        realm=owed.realm,
        record=envelope.record,
        identifier=owed.identifier,
        roles=tuple(dict.fromkeys(role.role for role in owed.roles)),
        lane=envelope.lane,
        sender=identity.sender(owed.realm),
        message_id=message_id(owed.transmission, identity.mail_domain),
        letter=letter,
        recipients=tuple(Recipient(email) for email in distinct(owed.emails)),
        owed_at=owed.owed_at,
        traceparent=envelope.traceparent,
    )
