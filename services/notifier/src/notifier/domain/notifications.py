"""Rows of a person's inbox, "Requests & Notifications"."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.events import (
    Multilingual,
    RequestApproved,
    RequestCancelled,
    RequestEvent,
    RequestOpened,
    RequestRecalled,
    RequestRejected,
    RequestStatus,
    RequestTimedOut,
)

_NAMESPACE = uuid.UUID("6f0b1f0e-52b0-5a6c-9a55-7a6f0a1f5d0b")


@dataclass(frozen=True)
class Notification:
    """One event reported to one person. ``request_status`` follows the request after the event."""

    id: str
    person: str
    type: str
    """The type of the event that it reports."""
    request: str
    record: str
    realm: str
    format: str
    country: str | None
    title: Multilingual
    role: str
    at: datetime
    read: bool
    request_status: RequestStatus


def request_status_after(event: RequestEvent) -> RequestStatus:
    """The status in which an event leaves its request."""
    match event:
        case RequestOpened():
            return "open"
        case RequestApproved():
            return "approved"
        case RequestRejected():
            return "rejected"
        case RequestRecalled():
            return "recalled"
        case RequestCancelled():
            return "cancelled"
        case RequestTimedOut():
            return "timed-out"


def notifications_of(envelope: Envelope, event: RequestEvent) -> list[Notification]:
    """One row for each person in the audience, in the first of their roles; the same rows each time."""
    roles: dict[str, str] = {}
    for member in event.audience:
        roles.setdefault(member.person, member.role)
    return [
        Notification(
            id=uuid.uuid5(_NAMESPACE, f"{envelope.source}|{envelope.id}|{person}").hex,
            person=person,
            type=envelope.type,
            request=event.request,
            record=event.record,
            realm=event.realm,
            format=event.format,
            country=event.country,
            title=event.title,
            role=role,
            at=envelope.time,
            read=False,
            request_status=request_status_after(event),
        )
        for person, role in roles.items()
    ]
