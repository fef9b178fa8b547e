from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from clearinghouse_messages.envelope import Envelope
from clearinghouse_messages.events import (
    Audience,
    Payload,
    RecordAmended,
    RecordDeleted,
    RecordPublished,
    RecordRevoked,
    RequestApproved,
    RequestCancelled,
    RequestRecalled,
    RequestRejected,
    RequestSnapshot,
    RequestTimedOut,
)
from notifier.application.apply import MailIdentity, apply
from notifier.application.ports import UnknownLetterError
from notifier.domain.delivery import begin, defer
from tests.notifier.support import samples
from tests.notifier.support.fakes import FakeDeliveries, FakeLetters, FakeNotifications


class World:
    def __init__(self) -> None:
        self.inbox = FakeNotifications()
        self.deliveries = FakeDeliveries()
        self.letters = FakeLetters()

    async def apply(self, envelope: Envelope) -> None:
        await apply(
            envelope,
            notifications=self.inbox,
            deliveries=self.deliveries,
            letters=self.letters,
            mail_identity=MailIdentity("development", "clearinghouse.example", {"bch": "bch"}),
        )

    async def rows(self, person: str) -> list[str]:
        return [row.request_status for row in await self.inbox.of_person(person, unread_only=False, limit=10)]


def _payload(model: object) -> Payload:
    assert isinstance(model, Payload)
    return model


async def test_what_is_owed_becomes_a_delivery_with_its_letter() -> None:
    world = World()
    owed = samples.owed(emails=["nfp@example.mx", "office@example.mx", "NFP@Example.mx", "nfp@EXAMPLE.MX"])
    await world.apply(samples.envelope(owed))
    kept = world.deliveries.kept[owed.transmission]
    assert [recipient.email for recipient in kept.recipients] == [
        "nfp@example.mx",
        "office@example.mx",
    ]
    assert kept.letter.subject == "copy BCH-DEV-LAW-MX-104-1 (development)"
    assert kept.letter.language == "es"
    assert kept.message_id == f"<{owed.transmission}@clearinghouse.example>"
    assert kept.sender == "bch@clearinghouse.example"
    assert (kept.record, kept.lane, kept.owed_at) == (samples.RECORD, "official", owed.owed_at)


async def test_the_same_transmission_twice_is_one_delivery() -> None:
    world = World()
    owed = samples.owed()
    await world.apply(samples.envelope(owed))
    await world.apply(samples.envelope(owed))
    assert list(world.deliveries.kept) == [owed.transmission]
    assert world.deliveries.reported == []


async def test_a_transmission_stated_again_has_its_known_outcome_reported_again() -> None:
    world = World()
    owed = samples.owed()
    await world.apply(samples.envelope(owed))
    kept = world.deliveries.kept[owed.transmission]
    world.deliveries.kept[owed.transmission] = defer(
        begin(kept, "mail:25", samples.NOON), 451, "later", samples.NOON
    )
    await world.apply(samples.envelope(owed))
    (reported,) = world.deliveries.reported
    assert (reported.transmission, reported.status) == (owed.transmission, "retrying")


async def test_a_migration_makes_nobody_receive_anything() -> None:
    world = World()
    await world.apply(samples.envelope(samples.owed(), cause="migration"))
    await world.apply(samples.envelope(_payload(samples.request_event()), cause="migration"))
    assert world.deliveries.kept == {}
    assert await world.rows("mx-pa") == []


@pytest.mark.parametrize("kind", [RecordPublished, RecordAmended, RecordRevoked, RecordDeleted])
async def test_the_state_of_a_record_alone_notifies_nobody(kind: type[RecordPublished]) -> None:
    world = World()
    await world.apply(samples.envelope(_payload(samples.record_state(kind))))
    assert world.deliveries.kept == {}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (RequestApproved, "approved"),
        (RequestRejected, "rejected"),
        (RequestRecalled, "recalled"),
        (RequestCancelled, "cancelled"),
        (RequestTimedOut, "timed-out"),
    ],
)
async def test_what_became_of_a_request_reaches_its_audience_and_its_earlier_rows(
    kind: type[RequestSnapshot], status: str
) -> None:
    world = World()
    await world.apply(samples.envelope(_payload(samples.request_event())))
    assert await world.rows("mx-pa") == ["open"]
    decided = samples.request_event(kind, audience=[Audience(person="mx-nau", role="author")])
    await world.apply(samples.envelope(_payload(decided), seq=2, at=samples.NOON + timedelta(minutes=1)))
    assert await world.rows("mx-pa") == [status]
    assert await world.rows("mx-nau") == [status]


async def test_a_person_with_two_roles_has_one_row() -> None:
    world = World()
    audience = [Audience(person="mx-pa", role=role) for role in ("publishing-authority", "author")]
    await world.apply(samples.envelope(_payload(samples.request_event(audience=audience))))
    (row,) = await world.inbox.of_person("mx-pa", unread_only=True, limit=10)
    assert row.role == "publishing-authority"


async def test_an_unknown_type_of_event_is_passed_over() -> None:
    world = World()
    landed = samples.envelope(samples.owed()).model_copy(update={"type": "int.cbd.owed.v9"})
    await world.apply(landed)
    assert world.deliveries.kept == {}


@pytest.mark.parametrize(
    "changes",
    [{"kind": "unheard-of"}, {"realm": "chm"}],
    ids=["kind without letter", "realm without letters"],
)
async def test_a_transmission_without_a_letter_raises(changes: dict[str, str]) -> None:
    world = World()
    with pytest.raises(UnknownLetterError):
        await world.apply(samples.envelope(samples.owed(**changes)))
    assert world.deliveries.kept == {}


async def test_a_transmission_without_an_address_raises() -> None:
    with pytest.raises(ValueError, match="names no address"):
        await World().apply(samples.envelope(samples.owed(emails=[])))


async def test_data_that_do_not_fit_their_type_raise_without_naming_a_value() -> None:
    landed = samples.envelope(samples.owed()).model_copy(update={"data": {"transmission": ["secret"]}})
    with pytest.raises(ValidationError) as refusal:
        await World().apply(landed)
    assert "secret" not in str(refusal.value)
