"""What happens to a letter when servers, senders and events misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

from clearinghouse_messages.dead_letters import DeadLetter
from clearinghouse_messages.events import TransmissionOwed
from clearinghouse_runtime.dead_letters import listed, replayed, shown
from notifier.adapters.mongo.deliveries import SENDING
from notifier.application.ports import Commit, MailServer
from notifier.domain.delivery import AddressReply, Letter
from tests.notifier.support import samples
from tests.notifier.support.fakes import FakeLetters, ServerScript
from tests.notifier.support.smtp import ScriptedServer
from tests.support.waiting import until

if TYPE_CHECKING:
    from .conftest import Notifier


async def test_a_landed_transmission_is_one_mail_with_its_proof(
    notifier: Notifier, server: ScriptedServer
) -> None:
    owed = samples.owed()
    async with notifier.working():
        await notifier.land(samples.envelope(owed))
        await notifier.reaches(owed.transmission, "delivered")
    (mail,) = server.received
    assert mail.recipients == ["nfp@example.mx"]
    assert message_from_bytes(mail.content)["X-Clearinghouse-Transmission"] == owed.transmission
    (outcome,) = await notifier.outcomes(owed.transmission)
    assert [attempt.status for attempt in outcome.attempts] == ["accepted"]
    assert outcome.attempts[0].replies[0].code == 250


async def test_the_same_event_twice_is_one_mail(notifier: Notifier, server: ScriptedServer) -> None:
    owed = samples.owed()
    event = samples.envelope(owed)
    async with notifier.working():
        await notifier.land(event, event)
        await notifier.reaches(owed.transmission, "delivered")
        await notifier.land(event)
        await notifier.land(samples.envelope(owed, seq=2))
        last = samples.owed()
        await notifier.land(samples.envelope(last, seq=3))
        await notifier.reaches(last.transmission, "delivered")
    assert len(server.received) == 2


async def test_a_transmission_stated_again_has_its_outcome_reported_again_and_no_second_mail(
    notifier: Notifier, server: ScriptedServer
) -> None:
    owed = samples.owed()
    event = samples.envelope(owed)
    async with notifier.working():
        await notifier.land(event)
        await notifier.reaches(owed.transmission, "delivered", reported=1)
        await notifier.land(event, restated=True)
        await notifier.reaches(owed.transmission, "delivered", reported=2)
    first, second = await notifier.outcomes(owed.transmission)
    assert first == second
    assert len(server.received) == 1


async def test_a_server_that_refuses_for_a_while_gets_the_letter_once(
    notifier: Notifier, server: ScriptedServer
) -> None:
    server.scripts = [
        ServerScript(lost="before"),
        ServerScript(codes={"nfp@example.mx": 450}),
        ServerScript(content_code=452),
        ServerScript(),
    ]
    owed = samples.owed()
    async with notifier.working():
        await notifier.land(samples.envelope(owed))
        await notifier.reaches(owed.transmission, "delivered")
    assert len(server.received) == 1
    outcomes = await notifier.outcomes(owed.transmission)
    assert [outcome.status for outcome in outcomes] == ["retrying", "retrying", "retrying", "delivered"]
    assert [attempt.status for attempt in outcomes[-1].attempts] == ["deferred"] * 3 + ["accepted"]


async def test_a_refused_letter_has_failed_and_is_not_tried_again(
    notifier: Notifier, server: ScriptedServer
) -> None:
    server.scripts = [ServerScript(codes={"nfp@example.mx": 550})]
    owed = samples.owed()
    async with notifier.working():
        await notifier.land(samples.envelope(owed))
        await notifier.reaches(owed.transmission, "failed")
    assert server.received == []
    assert await notifier.app.backbone.queues[SENDING].open_work() == []


async def test_a_connection_lost_after_the_content_is_reported_before_the_second_mail(
    notifier: Notifier, server: ScriptedServer
) -> None:
    server.scripts = [ServerScript(lost="after", keeps=True), ServerScript()]
    await _uncertain_then_delivered(notifier, server)


async def test_a_server_without_an_answer_after_the_content_is_reported_before_the_second_mail(
    notifier: Notifier, server: ScriptedServer
) -> None:
    server.scripts = [ServerScript(lost="hang", keeps=True), ServerScript()]
    await _uncertain_then_delivered(notifier, server)


async def _uncertain_then_delivered(notifier: Notifier, server: ScriptedServer) -> None:
    owed = samples.owed()
    async with notifier.working():
        await notifier.land(samples.envelope(owed))
        await notifier.reaches(owed.transmission, "delivered")
    first, second = server.received
    assert first.content == second.content
    assert message_from_bytes(first.content)["Message-ID"] == f"<{owed.transmission}@clearinghouse.invalid>"
    outcomes = await notifier.outcomes(owed.transmission)
    assert [outcome.status for outcome in outcomes] == ["uncertain", "delivered"]


class NeverReturns:
    """Hands the letter over, and is never heard of again: its process is about to be killed."""

    name = "127.0.0.1:25"

    def __init__(self, server: MailServer, *, after_commit: bool) -> None:
        self.reached = asyncio.Event()
        self._server = server
        self._after_commit = after_commit

    async def hand_over(
        self, sender: str, emails: Sequence[str], content: bytes, *, commit: Commit
    ) -> list[AddressReply]:
        if self._after_commit:
            await self._server.hand_over(sender, emails, content, commit=commit)
        self.reached.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


async def _killed_at(notifier: Notifier, dying: NeverReturns) -> None:
    """A process works until its sender is where it is to die; nothing of it runs after that."""

    async def work() -> None:
        async with notifier.working(notifier.beside(dying)):
            await asyncio.Event().wait()

    process = asyncio.create_task(work())
    async with asyncio.timeout(20):
        await dying.reached.wait()
    process.cancel()
    await asyncio.gather(process, return_exceptions=True)


async def test_a_sender_killed_after_the_server_accepted_is_reported_as_uncertain_before_the_second_mail(
    notifier: Notifier, server: ScriptedServer
) -> None:
    owed = samples.owed()
    await notifier.land(samples.envelope(owed))
    await _killed_at(notifier, NeverReturns(notifier.app.sender_context.server, after_commit=True))
    assert len(server.received) == 1
    assert await notifier.outcomes(owed.transmission) == []
    async with notifier.working():
        await notifier.reaches(owed.transmission, "delivered")
    first, second = server.received
    assert first.content == second.content
    outcomes = await notifier.outcomes(owed.transmission)
    assert [outcome.status for outcome in outcomes] == ["uncertain", "delivered"]


async def test_a_sender_killed_before_the_hand_over_leaves_one_mail(
    notifier: Notifier, server: ScriptedServer
) -> None:
    owed = samples.owed()
    await notifier.land(samples.envelope(owed))
    await _killed_at(notifier, NeverReturns(notifier.app.sender_context.server, after_commit=False))
    async with notifier.working():
        await notifier.reaches(owed.transmission, "delivered")
    assert len(server.received) == 1
    outcomes = await notifier.outcomes(owed.transmission)
    assert [attempt.status for attempt in outcomes[-1].attempts] == ["deferred", "accepted"]


async def test_competing_senders_send_each_letter_once(notifier: Notifier, server: ScriptedServer) -> None:
    owed = [samples.owed() for _ in range(12)]
    async with notifier.working(), notifier.working(notifier.beside()):
        await notifier.land(*(samples.envelope(one, seq=seq) for seq, one in enumerate(owed, start=1)))
        for one in owed:
            await notifier.reaches(one.transmission, "delivered")
    sent = [message_from_bytes(mail.content)["X-Clearinghouse-Transmission"] for mail in server.received]
    assert sorted(sent) == sorted(one.transmission for one in owed)


async def test_an_official_letter_does_not_wait_behind_a_hanging_bulk(
    notifier: Notifier, server: ScriptedServer
) -> None:
    bulk = [samples.owed(emails=[f"bulk{number}@example.mx"]) for number in range(6)]
    official = samples.owed()
    for seq, one in enumerate(bulk, start=1):
        await notifier.land(samples.envelope(one, record=f"BULK-{seq}", lane="bulk"))

    class HangsForBulk(NeverReturns):
        async def hand_over(
            self, sender: str, emails: Sequence[str], content: bytes, *, commit: Commit
        ) -> list[AddressReply]:
            if emails[0].startswith("bulk"):
                return await super().hand_over(sender, emails, content, commit=commit)
            return await notifier.app.sender_context.server.hand_over(sender, emails, content, commit=commit)

    hanging = HangsForBulk(notifier.app.sender_context.server, after_commit=False)

    async def work() -> None:
        async with notifier.working(notifier.beside(hanging)):
            await asyncio.Event().wait()

    process = asyncio.create_task(work())
    async with asyncio.timeout(20):
        await hanging.reached.wait()
    await notifier.land(samples.envelope(official))
    await notifier.reaches(official.transmission, "delivered")
    process.cancel()
    await asyncio.gather(process, return_exceptions=True)
    assert [mail.recipients for mail in server.received] == [["nfp@example.mx"]]


async def _dead(notifier: Notifier, count: int) -> list[DeadLetter]:
    async def there() -> list[DeadLetter] | None:
        letters = await notifier.app.backbone.dead_letters.all()
        return letters if len(letters) == count else None

    return await until(there)


async def test_a_poison_event_holds_back_its_own_record_and_nothing_else(
    notifier: Notifier, server: ScriptedServer
) -> None:
    poison, behind, other = samples.owed(kind="unheard-of"), samples.owed(), samples.owed()
    async with notifier.working():
        await notifier.land(
            samples.envelope(poison, record="A", seq=1),
            samples.envelope(behind, record="A", seq=2),
            samples.envelope(other, record="B", seq=1),
        )
        await notifier.reaches(other.transmission, "delivered")
        (dead,) = await _dead(notifier, 1)
        assert await notifier.app.deliveries.get(behind.transmission) is None
    assert (dead.queue, dead.record, dead.replayable) == ("landed.transmissions", "A", True)
    assert dead.error == "UnknownLetterError: no letter is declared for this kind of transmission"
    assert len(server.received) == 1


async def test_a_dead_letter_is_listed_shown_and_replayed(notifier: Notifier) -> None:
    poison = samples.envelope(samples.owed(kind="unheard-of"), record="A")
    behind = samples.owed()
    async with notifier.working():
        await notifier.land(poison, samples.envelope(behind, record="A", seq=2))
        (dead,) = await _dead(notifier, 1)
    (line,) = await listed(notifier.app.backbone.dead_letters)
    assert line["id"] == dead.id == f"{poison.source}|{poison.id}"
    assert "payload" not in line
    whole = await shown(notifier.app.backbone.dead_letters, dead.id)
    assert whole is not None
    assert whole["payload"]["envelope"]["id"] == poison.id
    assert await shown(notifier.app.backbone.dead_letters, "unheard-of") is None
    assert await replayed(notifier.app.backbone.dead_letters, "unheard-of") is None

    class LettersOfToday(FakeLetters):
        def render(self, owed: TransmissionOwed, *, environment: str) -> Letter:
            return super().render(owed.model_copy(update={"kind": "copy"}), environment=environment)

    answer = await replayed(notifier.app.backbone.dead_letters, dead.id)
    assert answer is not None
    assert answer["replayed"] is True
    async with notifier.working(replace(notifier.app, letters=LettersOfToday())):
        await notifier.reaches(behind.transmission, "delivered")
    assert await notifier.app.backbone.dead_letters.all() == []


async def test_a_message_that_is_no_event_is_kept_and_cannot_be_replayed(notifier: Notifier) -> None:
    await notifier.app.backbone.land([notifier.message(b"no event")])
    (dead,) = await _dead(notifier, 1)
    assert (dead.queue, dead.replayable) == ("landed.transmissions.undecodable", False)
    whole = await shown(notifier.app.backbone.dead_letters, dead.id)
    assert whole is not None
    assert whole["payload"] == {"bytes": 8}
    assert await replayed(notifier.app.backbone.dead_letters, dead.id) is None


async def test_a_later_letter_never_overtakes_an_earlier_one_to_the_same_recipient(
    notifier: Notifier, server: ScriptedServer
) -> None:
    server.scripts = [ServerScript(codes={"nfp@example.mx": 450}), ServerScript()]
    certificate = samples.owed()
    revocation = samples.owed().model_copy(update={"owed_at": certificate.owed_at + timedelta(seconds=1)})
    async with notifier.working():
        await notifier.land(samples.envelope(certificate), samples.envelope(revocation, seq=2))
        await notifier.reaches(revocation.transmission, "delivered")
    sent = [message_from_bytes(mail.content)["X-Clearinghouse-Transmission"] for mail in server.received]
    assert sent == [certificate.transmission, revocation.transmission]
