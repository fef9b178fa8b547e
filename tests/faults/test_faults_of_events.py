"""Events that come twice, and events that nobody can work off."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.support.publishing_authority import Office, assert_told_once
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(120)


async def test_the_same_event_twice_is_one_letter(office: Office) -> None:
    identifier = await office.publish()
    await office.delivered(identifier)
    owed = await office.messages("transmissions", about=identifier)
    assert len(owed) == 4
    await office.produce("transmissions", owed * 2)
    behind = await office.publish()
    await office.delivered(behind)
    assert_told_once(await office.letters(identifier))


async def test_a_poison_event_holds_back_nothing_but_itself(office: Office) -> None:
    model = await office.publish()
    await office.delivered(model)
    key, value = (await office.messages("transmissions", about=model))[0]
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
    await office.produce("transmissions", [(key, each) for each in poison])
    behind = await office.publish()
    await office.delivered(behind)
    assert_told_once(await office.letters(behind))

    async def dead_letters() -> bool:
        return len(await office.messages("dead-letters", about=None)) >= 2

    await until(dead_letters)


async def test_an_outcome_of_no_transmission_is_a_dead_letter_of_the_registry(office: Office) -> None:
    model = await office.publish()
    await office.delivered(model)
    key, value = (await office.messages("transmission-outcomes", about=model))[0]
    strange = json.loads(value)
    strange["id"], strange["data"]["transmission"] = str(uuid.uuid4()), str(uuid.uuid4())
    await office.produce("transmission-outcomes", [(key, json.dumps(strange).encode())])
    behind = await office.publish()
    await office.delivered(behind)

    async def told() -> bool:
        letters = [json.loads(letter) for _, letter in await office.messages("dead-letters", about=None)]
        return any(strange["id"] in letter["id"] and letter["source"] == "registry" for letter in letters)

    await until(told)


async def test_outcomes_that_are_lost_are_asked_for_again(office: Office) -> None:
    """The registry forgets what it was told (as after a restored backup): the sweep has it told again."""
    identifier = await office.publish()
    await office.delivered(identifier)
    await office.forget_outcomes(identifier)
    assert {one.state for one in await office.transmissions(identifier)} == {"owed"}
    await office.delivered(identifier)
    assert_told_once(await office.letters(identifier))
