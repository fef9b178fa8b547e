"""What every adapter of the notifier's ports does, the fakes included. Each suite inherits the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import pytest

from clearinghouse_messages.events import Audience, RequestApproved, RequestEvent, TransmissionOutcome
from clearinghouse_runtime.lease import Lease, LeaseLost
from notifier.application.ports import (
    Deliveries,
    InboxTransaction,
    Letters,
    MailServer,
    NotHandedOverError,
    Notifications,
    UncertainError,
    UnknownLetterError,
)
from notifier.domain.delivery import AddressReply, begin, commit_to_hand_over, defer, end
from notifier.domain.notifications import notifications_of, request_status_after
from tests.notifier.support.fakes import ReceivedMail, ServerScript
from tests.notifier.support.samples import IDENTIFIER, NOON, delivery, envelope, owed, request_event
from tests.support.waiting import until


class DeliveriesUnderTest(Protocol):
    """An adapter with the doors that its cases need."""

    port: Deliveries

    async def claim(self, transmission: str) -> Lease | None:
        """Take the delivery from the queue, as a sender does once the lease before has run out."""

    async def reported(self) -> list[TransmissionOutcome]:
        """The outcomes stated so far, oldest first."""


class DeliveriesCases:
    """Cases of ``Deliveries``; the suite gives the fixture ``deliveries``."""

    async def test_a_transmission_is_owed_once(self, deliveries: DeliveriesUnderTest) -> None:
        owed = delivery("a@example.mx", "b@example.mx")
        assert await deliveries.port.owe(owed)
        assert not await deliveries.port.owe(replace(owed, kind="withdrawal"))
        assert await deliveries.port.get(owed.transmission) == owed

    async def test_what_is_not_owed_is_not_found(self, deliveries: DeliveriesUnderTest) -> None:
        assert await deliveries.port.get("unheard-of") is None

    async def test_the_evidence_of_every_step_is_kept(self, deliveries: DeliveriesUnderTest) -> None:
        owed = delivery("a@example.mx", "b@example.mx")
        await deliveries.port.owe(owed)
        hold = await _hold(deliveries, owed.transmission)
        step = begin(owed, "mail:25", NOON)
        await deliveries.port.save(step, hold, report=False)
        assert await deliveries.port.get(owed.transmission) == step
        step = commit_to_hand_over(step, [AddressReply("b@example.mx", "refused", 550, "no such user")])
        await deliveries.port.save(step, hold, report=False)
        assert await deliveries.port.get(owed.transmission) == step
        assert await deliveries.reported() == []

    async def test_an_outcome_is_reported_with_the_step_that_brought_it(
        self, deliveries: DeliveriesUnderTest
    ) -> None:
        owed = delivery("a@example.mx")
        await deliveries.port.owe(owed)
        hold = await _hold(deliveries, owed.transmission)
        started = begin(owed, "mail:25", NOON)
        await deliveries.port.save(started, hold, report=False)
        deferred = defer(started, 451, "later", NOON + timedelta(seconds=1))
        await deliveries.port.save(deferred, hold, report=True)
        (outcome,) = await deliveries.reported()
        assert outcome.status == "retrying"
        assert outcome.attempts == list(deferred.attempts)

    async def test_a_settled_delivery_leaves_the_queue(self, deliveries: DeliveriesUnderTest) -> None:
        owed = delivery("a@example.mx")
        await deliveries.port.owe(owed)
        hold = await _hold(deliveries, owed.transmission)
        settled = end(
            begin(owed, "mail:25", NOON), [AddressReply("a@example.mx", "accepted", 250, "OK")], NOON
        )
        await deliveries.port.save(settled, hold, report=True)
        with pytest.raises(LeaseLost):
            await deliveries.port.save(begin(owed, "mail:25", NOON), hold, report=False)
        assert await deliveries.port.get(owed.transmission) == settled

    async def test_a_sender_that_lost_its_lease_writes_nothing(self, deliveries: DeliveriesUnderTest) -> None:
        owed = delivery("a@example.mx")
        await deliveries.port.owe(owed)
        paused = await _hold(deliveries, owed.transmission)
        heir = await _hold(deliveries, owed.transmission)
        taken_over = begin(owed, "mail:25", NOON)
        await deliveries.port.save(taken_over, heir, report=False)
        late = end(taken_over, [AddressReply("a@example.mx", "accepted", 250, "OK")], NOON)
        with pytest.raises(LeaseLost):
            await deliveries.port.save(late, paused, report=True)
        assert await deliveries.port.get(owed.transmission) == taken_over
        assert await deliveries.reported() == []

    async def test_an_outcome_can_be_reported_again(self, deliveries: DeliveriesUnderTest) -> None:
        owed = delivery("a@example.mx")
        settled = end(
            begin(owed, "mail:25", NOON), [AddressReply("a@example.mx", "accepted", 250, "OK")], NOON
        )
        await deliveries.port.report_again(settled)
        await deliveries.port.report_again(settled)
        first, second = await deliveries.reported()
        assert first == second
        assert first.status == "delivered"

    async def test_there_is_no_outcome_to_report_before_an_attempt_has_ended(
        self, deliveries: DeliveriesUnderTest
    ) -> None:
        with pytest.raises(ValueError, match="no outcome"):
            await deliveries.port.report_again(delivery("a@example.mx"))

    async def test_the_backlog_counts_by_state_and_lane(self, deliveries: DeliveriesUnderTest) -> None:
        nothing = await deliveries.port.backlog()
        assert (dict(nothing.counts), nothing.oldest) == ({}, None)
        await deliveries.port.owe(delivery("a@example.mx"))
        await deliveries.port.owe(delivery("a@example.mx", lane="bulk", owed_at=NOON - timedelta(hours=1)))
        done = end(
            begin(delivery("a@example.mx", owed_at=NOON - timedelta(days=1)), "mail:25", NOON),
            [AddressReply("a@example.mx", "refused", 550, "no")],
            NOON,
        )
        await deliveries.port.owe(done)
        backlog = await deliveries.port.backlog()
        assert dict(backlog.counts) == {
            ("owed", "official"): 1,
            ("owed", "bulk"): 1,
            ("failed", "official"): 1,
        }
        assert backlog.oldest == NOON - timedelta(hours=1)


class NotificationsCases:
    """Cases of ``Notifications``; the suite gives the fixture ``inbox``."""

    async def test_each_person_of_the_audience_has_a_row(self, inbox: Notifications) -> None:
        await _tell(inbox, _opened("mx-pa", "mx-nfp"))
        for person in ("mx-pa", "mx-nfp"):
            (row,) = await inbox.of_person(person, unread_only=True, limit=10)
            assert (row.person, row.request_status, row.read) == (person, "open", False)
            assert (row.role, row.title, row.at) == ("publishing-authority", {"es": "Ley 104"}, NOON)
        assert await inbox.of_person("de-pa", unread_only=False, limit=10) == []

    async def test_the_same_event_twice_is_one_row_and_stays_read(self, inbox: Notifications) -> None:
        await _tell(inbox, _opened("mx-pa"), event_id="event-1")
        (row,) = await inbox.of_person("mx-pa", unread_only=True, limit=10)
        assert await _mark_read(inbox, "mx-pa", row.id)
        await _tell(inbox, _opened("mx-pa"), event_id="event-1")
        assert await inbox.of_person("mx-pa", unread_only=True, limit=10) == []
        assert await inbox.of_person("mx-pa", unread_only=False, limit=10) == [replace(row, read=True)]

    async def test_earlier_rows_follow_the_state_of_their_request(self, inbox: Notifications) -> None:
        await _tell(inbox, _opened("mx-pa"), event_id="event-1", seq=1)
        other = request_event(request="request-2", audience=[Audience(person="mx-pa", role="author")])
        await _tell(inbox, _request(other), event_id="event-2", seq=1)
        approved = request_event(RequestApproved, audience=[Audience(person="mx-nau", role="author")])
        await _tell(inbox, _request(approved), event_id="event-3", seq=2)
        states = {
            row.request: row.request_status
            for row in await inbox.of_person("mx-pa", unread_only=False, limit=10)
        }
        assert states == {"request-1": "approved", "request-2": "open"}

    async def test_an_older_state_that_comes_again_changes_nothing(self, inbox: Notifications) -> None:
        await _tell(inbox, _opened("mx-pa"), event_id="event-1", seq=1)
        await _tell(inbox, _request(request_event(RequestApproved)), event_id="event-2", seq=2)
        await _tell(inbox, _opened("mx-pa"), event_id="event-1", seq=1)
        rows = await inbox.of_person("mx-pa", unread_only=False, limit=10)
        assert {row.request_status for row in rows} == {"approved"}

    async def test_rows_come_newest_first_and_no_more_than_asked_for(self, inbox: Notifications) -> None:
        for minute in range(3):
            await _tell(inbox, _opened("mx-pa"), seq=minute + 1, minutes=minute)
        rows = await inbox.of_person("mx-pa", unread_only=False, limit=2)
        assert [row.at for row in rows] == [NOON + timedelta(minutes=2), NOON + timedelta(minutes=1)]

    async def test_nobody_marks_a_row_of_another(self, inbox: Notifications) -> None:
        await _tell(inbox, _opened("mx-pa"))
        (row,) = await inbox.of_person("mx-pa", unread_only=True, limit=10)
        assert not await _mark_read(inbox, "de-pa", row.id)
        assert not await _mark_read(inbox, "mx-pa", "unheard-of")
        assert await inbox.of_person("mx-pa", unread_only=True, limit=10) == [row]

    async def test_a_transaction_that_fails_marks_nothing(self, inbox: Notifications) -> None:
        await _tell(inbox, _opened("mx-pa"))
        (row,) = await inbox.of_person("mx-pa", unread_only=True, limit=10)

        async def body(tx: InboxTransaction) -> None:
            assert await tx.mark_read("mx-pa", row.id)
            raise RuntimeError("on purpose")

        with pytest.raises(RuntimeError):
            await inbox.transact(body)
        assert await inbox.of_person("mx-pa", unread_only=True, limit=10) == [row]


class LettersCases:
    """Cases of ``Letters``; the suite gives the fixture ``letters``, which has copies of records of the BCH."""

    def test_a_letter_is_in_the_recipients_language_and_names_what_is_sent(self, letters: Letters) -> None:
        letter = letters.render(owed(language="es"), environment="production")
        assert letter.language == "es"
        assert all(IDENTIFIER in part for part in (letter.subject, letter.text, letter.html))

    def test_a_letter_outside_production_differs_from_an_official_one(self, letters: Letters) -> None:
        official, other = (
            letters.render(owed(), environment=environment) for environment in ("production", "training")
        )
        assert official.subject != other.subject
        assert official.text != other.text
        assert official.html != other.html

    @pytest.mark.parametrize("changes", [{"kind": "unheard-of"}, {"realm": "chm"}], ids=["kind", "realm"])
    def test_a_kind_or_realm_without_letters_is_refused(
        self, letters: Letters, changes: dict[str, str]
    ) -> None:
        with pytest.raises(UnknownLetterError, match=r"^no letters? (is|are) declared"):
            letters.render(owed(**changes), environment="production")


class MailServerUnderTest(Protocol):
    """A mail server with the doors that its cases need."""

    port: MailServer

    def behave(self, script: ServerScript) -> None:
        """How to answer from now on."""

    def received(self) -> list[ReceivedMail]:
        """What was kept, oldest first."""


class MailServerCases:
    """Cases of ``MailServer``; the suite gives the fixture ``mail``."""

    async def test_one_message_reaches_all_addresses(self, mail: MailServerUnderTest) -> None:
        replies = await _hand_over(mail, "a@example.mx", "b@example.mx")
        assert [(v.email, v.status, v.code) for v in replies] == [
            ("a@example.mx", "accepted", 250),
            ("b@example.mx", "accepted", 250),
        ]
        (received,) = mail.received()
        assert received.recipients == ["a@example.mx", "b@example.mx"]
        assert received.sender == "bch@clearinghouse.example"
        assert received.content == CONTENT

    async def test_what_the_server_declined_is_committed_before_the_content(
        self, mail: MailServerUnderTest
    ) -> None:
        mail.behave(ServerScript(codes={"b@example.mx": 550, "c@example.mx": 450}))
        committed: list[tuple[str, str]] = []

        async def commit(declined: Sequence[AddressReply]) -> None:
            assert mail.received() == []
            committed.extend((reply.email, reply.status) for reply in declined)

        emails = ["a@example.mx", "b@example.mx", "c@example.mx"]
        replies = await mail.port.hand_over(SENDER, emails, CONTENT, commit=commit)
        assert committed == [("b@example.mx", "refused"), ("c@example.mx", "pending")]
        assert {reply.email: reply.status for reply in replies} == {
            "a@example.mx": "accepted",
            "b@example.mx": "refused",
            "c@example.mx": "pending",
        }
        assert mail.received()[0].recipients == ["a@example.mx"]

    async def test_nothing_is_committed_when_every_address_is_declined(
        self, mail: MailServerUnderTest
    ) -> None:
        mail.behave(ServerScript(codes={"a@example.mx": 550}))

        async def commit(_: Sequence[AddressReply]) -> None:
            raise AssertionError("there is nothing to hand over")

        (reply,) = await mail.port.hand_over(SENDER, ["a@example.mx"], CONTENT, commit=commit)
        assert (reply.status, reply.code) == ("refused", 550)

    @pytest.mark.parametrize(("code", "status"), [(451, "pending"), (554, "refused")])
    async def test_the_answer_to_the_content_holds_for_every_address(
        self, mail: MailServerUnderTest, code: int, status: str
    ) -> None:
        mail.behave(ServerScript(content_code=code))
        replies = await _hand_over(mail, "a@example.mx", "b@example.mx")
        assert [(reply.status, reply.code) for reply in replies] == [(status, code)] * 2
        assert mail.received() == []

    async def test_nothing_is_sent_when_the_commit_fails(self, mail: MailServerUnderTest) -> None:
        async def commit(_: Sequence[AddressReply]) -> None:
            raise LeaseLost("another sender has it")

        with pytest.raises(LeaseLost):
            await mail.port.hand_over(SENDER, ["a@example.mx"], CONTENT, commit=commit)
        assert mail.received() == []

    async def test_a_server_that_cannot_be_asked_was_not_handed_anything(
        self, mail: MailServerUnderTest
    ) -> None:
        mail.behave(ServerScript(lost="before"))
        with pytest.raises(NotHandedOverError):
            await _hand_over(mail, "a@example.mx")
        assert mail.received() == []

    @pytest.mark.parametrize("keeps", [True, False])
    async def test_a_connection_lost_after_the_content_is_uncertain(
        self, mail: MailServerUnderTest, keeps: bool
    ) -> None:
        mail.behave(ServerScript(lost="after", keeps=keeps))
        with pytest.raises(UncertainError):
            await _hand_over(mail, "a@example.mx")
        assert len(mail.received()) == keeps


SENDER = "bch@clearinghouse.example"
CONTENT = b"Subject: a test\r\n\r\n.a line that begins with a dot\r\nthe last\r\n"


async def _hold(deliveries: DeliveriesUnderTest, transmission: str) -> Lease:
    return await until(lambda: deliveries.claim(transmission))


async def _hand_over(mail: MailServerUnderTest, *emails: str) -> list[AddressReply]:
    async def commit(_: Sequence[AddressReply]) -> None:
        return None

    return await mail.port.hand_over(SENDER, list(emails), CONTENT, commit=commit)


async def _mark_read(inbox: Notifications, person: str, row: str) -> bool:
    return await inbox.transact(lambda tx: tx.mark_read(person, row))


def _request(state: object) -> RequestEvent:
    assert isinstance(state, RequestEvent)
    return state


def _opened(*persons: str) -> RequestEvent:
    audience = [Audience(person=person, role="publishing-authority") for person in persons]
    return _request(request_event(audience=audience))


async def _tell(
    inbox: Notifications, event: RequestEvent, *, event_id: str | None = None, seq: int = 1, minutes: int = 0
) -> None:
    landed = envelope(event, event=event_id, seq=seq, at=NOON + timedelta(minutes=minutes))
    await inbox.add(
        notifications_of(landed, event),
        request=event.request,
        request_status=request_status_after(event),
        seq=seq,
    )
