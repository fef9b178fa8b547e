from __future__ import annotations

from datetime import timedelta

import pytest

from clearinghouse_messages.events import TransmissionOutcome
from clearinghouse_runtime.lease import Lease, LeaseLost
from clearinghouse_runtime.retry import RetryPolicy
from notifier.application.send import SenderContext, send
from notifier.domain.delivery import Delivery, begin, commit_to_hand_over, status_of
from tests.notifier.support.fakes import FakeDeliveries, FakeMailServer, ServerScript
from tests.notifier.support.samples import NOON, Clock, delivery


class World:
    def __init__(self, *scripts: ServerScript) -> None:
        self.deliveries = FakeDeliveries()
        self.server = FakeMailServer(*scripts)
        self.context = SenderContext(
            self.deliveries,
            self.server,
            Clock(),
            infrastructure=(ConnectionError,),
            rewrite_every=timedelta(0),
        )

    async def owe(self, owed: Delivery) -> str:
        await self.deliveries.owe(owed)
        return owed.transmission

    async def send(self, transmission: str) -> str:
        after = await send(self.deliveries.claim(transmission), self.context)
        assert after is not None
        return status_of(after)

    @property
    def reported(self) -> list[tuple[str, list[str]]]:
        return [(o.status, [attempt.status for attempt in o.attempts]) for o in self.deliveries.reported]


async def test_evidence_is_written_before_and_after_the_hand_over() -> None:
    world = World()
    transmission = await world.owe(delivery())
    seen: list[str] = []
    world.server.when_committed = lambda: seen.append(world.deliveries.kept[transmission].attempts[-1].status)
    assert await world.send(transmission) == "delivered"
    assert [step.attempts[-1].status for step in world.deliveries.steps] == [
        "connecting",
        "handing-over",
        "accepted",
    ]
    assert seen == ["handing-over"]
    assert world.reported == [("delivered", ["accepted"])]
    (mail,) = world.server.received
    assert mail.recipients == ["nfp@example.mx"]


async def test_a_deferred_letter_is_handed_over_again_with_the_same_message_id() -> None:
    world = World(ServerScript(content_code=451), ServerScript(lost="before"), ServerScript())
    transmission = await world.owe(delivery())
    assert [await world.send(transmission) for _ in range(3)] == ["retrying", "retrying", "delivered"]
    assert world.reported[-1] == ("delivered", ["deferred", "deferred", "accepted"])
    assert len(world.server.received) == 1


async def test_accepted_addresses_never_get_a_second_hand_over() -> None:
    world = World(ServerScript(codes={"b@example.mx": 450, "c@example.mx": 550}), ServerScript())
    transmission = await world.owe(delivery("a@example.mx", "b@example.mx", "c@example.mx"))
    assert [await world.send(transmission) for _ in range(2)] == ["retrying", "delivered"]
    assert [mail.recipients for mail in world.server.received] == [["a@example.mx"], ["b@example.mx"]]


async def test_a_letter_that_every_address_refuses_has_failed() -> None:
    world = World(ServerScript(codes={"nfp@example.mx": 550}))
    assert await world.send(await world.owe(delivery())) == "failed"
    assert world.reported == [("failed", ["refused"])]


async def test_no_answer_to_the_content_is_uncertain_before_anything_is_sent_again() -> None:
    world = World(ServerScript(lost="after", keeps=True), ServerScript())
    transmission = await world.owe(delivery())
    assert await world.send(transmission) == "uncertain"
    assert world.reported == [("uncertain", ["uncertain"])]
    assert await world.send(transmission) == "delivered"
    assert world.reported[-1] == ("delivered", ["uncertain", "accepted"])
    first, second = world.server.received
    assert first.content == second.content


async def test_a_hand_over_that_an_ended_sender_left_open_is_reported_as_uncertain_first() -> None:
    world = World()
    left = commit_to_hand_over(begin(delivery(), "mail:25", NOON), [])
    transmission = await world.owe(left)
    assert await world.send(transmission) == "delivered"
    assert world.reported == [("uncertain", ["uncertain"]), ("delivered", ["uncertain", "accepted"])]


async def test_a_sender_that_ended_before_the_hand_over_is_reported_as_deferred_first() -> None:
    world = World()
    transmission = await world.owe(begin(delivery(), "mail:25", NOON))
    assert await world.send(transmission) == "delivered"
    assert world.reported == [("retrying", ["deferred"]), ("delivered", ["deferred", "accepted"])]


async def test_a_sender_that_lost_its_lease_before_the_content_sends_nothing() -> None:
    world = World()
    transmission = await world.owe(delivery())
    paused = world.deliveries.claim(transmission)
    world.deliveries.claim(transmission)
    with pytest.raises(LeaseLost):
        await send(paused, world.context)
    assert world.server.received == []
    assert world.deliveries.steps == []


async def test_a_sender_that_loses_its_lease_during_the_hand_over_writes_no_more() -> None:
    world = World()
    transmission = await world.owe(delivery())
    hold = world.deliveries.claim(transmission)

    def take_over() -> None:
        world.deliveries.claim(transmission)

    world.server.when_committed = take_over
    with pytest.raises(LeaseLost):
        await send(hold, world.context)
    assert [step.attempts[-1].status for step in world.deliveries.steps] == ["connecting", "handing-over"]
    assert world.reported == []


async def test_an_address_that_no_server_can_be_given_is_refused_by_itself() -> None:
    world = World()
    transmission = await world.owe(delivery("jörg@example.de", "amt@example.de"))
    assert await world.send(transmission) == "delivered"
    answers = {a.address: (a.code, a.accepted) for a in world.deliveries.reported[-1].attempts[-1].replies}
    assert answers == {"jörg@example.de": (None, False), "amt@example.de": (250, True)}
    assert world.server.received[0].recipients == ["amt@example.de"]


async def test_a_letter_without_any_usable_address_fails_without_a_server() -> None:
    world = World()
    assert await world.send(await world.owe(delivery("nobody"))) == "failed"
    assert world.server.received == []
    assert (
        world.deliveries.reported[-1].attempts[-1].replies[0].text == "not sent: this is not a mail address"
    )


class ForgetfulDeliveries(FakeDeliveries):
    """Away for a while after the server has answered."""

    def __init__(self, absences: int) -> None:
        super().__init__()
        self.absences = absences

    async def save(self, delivery: Delivery, hold: Lease, *, report: bool) -> None:
        if report and self.absences:
            self.absences -= 1
            raise ConnectionError
        await super().save(delivery, hold, report=report)


async def test_an_answer_is_kept_until_the_database_is_back() -> None:
    world = World()
    deliveries = ForgetfulDeliveries(absences=3)
    context = SenderContext(
        deliveries, world.server, Clock(), infrastructure=(ConnectionError,), rewrite_every=timedelta(0)
    )
    owed = delivery()
    await deliveries.owe(owed)
    after = await send(deliveries.claim(owed.transmission), context)
    assert after is not None
    assert deliveries.kept[owed.transmission] == after
    assert [outcome.status for outcome in deliveries.reported] == ["delivered"]
    assert len(world.server.received) == 1


async def test_an_answer_is_not_kept_for_ever() -> None:
    world = World()
    deliveries = ForgetfulDeliveries(absences=1_000_000)
    context = SenderContext(
        deliveries,
        world.server,
        Clock(),
        infrastructure=(ConnectionError,),
        rewrite_every=timedelta(0),
        rewrite_for=timedelta(0),
    )
    owed = delivery()
    await deliveries.owe(owed)
    with pytest.raises(ConnectionError):
        await send(deliveries.claim(owed.transmission), context)


async def test_work_for_a_delivery_that_is_not_there_is_done() -> None:
    world = World()
    assert await send(Lease("unheard-of", "token"), world.context) is None


async def test_every_outcome_holds_the_whole_evidence() -> None:
    world = World(ServerScript(content_code=451), ServerScript())
    transmission = await world.owe(delivery())
    await world.send(transmission)
    await world.send(transmission)
    last: TransmissionOutcome = world.deliveries.reported[-1]
    first, second = last.attempts
    assert (first.number, second.number) == (1, 2)
    assert first.ended_at is not None
    assert first.started_at < first.ended_at < second.started_at
    assert first.server == second.server == "mail.example:25"


def test_pauses_double_up_to_the_cap_and_are_spread() -> None:
    retry_policy = RetryPolicy(timedelta(seconds=4), timedelta(minutes=1))
    assert [retry_policy.delay(attempts, 0.0).total_seconds() for attempts in (1, 2, 3, 5, 900)] == [
        2,
        4,
        8,
        30,
        30,
    ]
    assert retry_policy.delay(2, 0.5) == timedelta(seconds=6)
