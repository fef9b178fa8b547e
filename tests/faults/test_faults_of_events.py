"""Events that come twice, and events that nobody can work off."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.support.publishing_authority import PublishingAuthority, assert_sent_once
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(120)


async def test_the_same_event_twice_is_one_letter(authority: PublishingAuthority) -> None:
    identifier = await authority.publish()
    await authority.delivered(identifier)
    owed = await authority.messages("transmissions", about=identifier)
    assert len(owed) == 4
    await authority.produce("transmissions", owed * 2)
    behind = await authority.publish()
    await authority.delivered(behind)
    assert_sent_once(await authority.letters(identifier))


async def test_a_poison_event_holds_back_nothing_but_itself(authority: PublishingAuthority) -> None:
    model = await authority.publish()
    await authority.delivered(model)
    key, value = (await authority.messages("transmissions", about=model))[0]
    strange = json.loads(value)
    strange["id"], strange["record"] = str(uuid.uuid4()), "ABSCH-DEV-IRCC-MX-1"
    strange["data"]["transmission"], strange["data"]["kind"] = str(uuid.uuid4()), "of-no-kind-we-know"
    incomplete = {**strange, "id": str(uuid.uuid4()), "data": {"nothing": True}}
    poison = [
        b"\x00 this is no event",
        b"{}",
        json.dumps(strange).encode(),
        json.dumps(incomplete).encode(),
    ]
    await authority.produce("transmissions", [(key, each) for each in poison])
    behind = await authority.publish()
    await authority.delivered(behind)
    assert_sent_once(await authority.letters(behind))

    async def dead_letters() -> bool:
        return len(await authority.messages("dead-letters", about=None)) >= 2

    await until(dead_letters)


async def test_an_outcome_of_no_transmission_is_a_dead_letter_of_the_registry(
    authority: PublishingAuthority,
) -> None:
    model = await authority.publish()
    await authority.delivered(model)
    key, value = (await authority.messages("transmission-outcomes", about=model))[0]
    strange = json.loads(value)
    strange["id"], strange["data"]["transmission"] = str(uuid.uuid4()), str(uuid.uuid4())
    await authority.produce("transmission-outcomes", [(key, json.dumps(strange).encode())])
    behind = await authority.publish()
    await authority.delivered(behind)

    async def told() -> bool:
        letters = [json.loads(letter) for _, letter in await authority.messages("dead-letters", about=None)]
        return any(strange["id"] in letter["id"] and letter["source"] == "registry" for letter in letters)

    await until(told)


async def test_outcomes_that_are_lost_are_asked_for_again(authority: PublishingAuthority) -> None:
    """The registry lost what was reported to it (as after a restored backup): the sweep has it reported again."""
    identifier = await authority.publish()
    await authority.delivered(identifier)
    await authority.forget_outcomes(identifier)
    assert {one.status for one in await authority.transmissions(identifier)} == {"owed"}
    await authority.delivered(identifier)
    assert_sent_once(await authority.letters(identifier))
