"""Chapter 7: who followed has seen all of it, in order, from the ledger and from Kafka alike."""

from __future__ import annotations

from collections import Counter

from clearinghouse_demo.demo_run import DemoRun
from clearinghouse_demo.followers import Follower
from clearinghouse_demo.timeline import expect

KINDS = ("published", "amended", "published", "published", "published", "revoked")
NAMES = (
    "certificate",
    "amendedCertificate",
    "confidentialCertificate",
    "communique",
    "communiqueWithoutCertificate",
    "amendedCertificate",
)


async def compare_followers(demo: DemoRun) -> None:
    """Both followers hold the same events, in order of position, and every step of the demo among them."""
    demo.timeline.chapter("7. What a follower has seen")
    expected = [(demo.identifiers[name], kind) for name, kind in zip(NAMES, KINDS, strict=True)]
    for follower in (demo.followers.ledger, demo.followers.kafka):
        with demo.timeline.step(f"{follower.name}: all of it, in order of position") as step:
            positions = [event.position for event in follower.events]
            expect(positions == sorted(set(positions)), "positions that only grow", positions)
            mine = [each for each in _reported(follower) if each in expected]
            expect(mine == expected, f"{expected}", mine)
            step.detail = f"{len(positions)} events, positions {positions[0]} to {positions[-1]}"
    with demo.timeline.step("the ledger and Kafka hold the same"):
        last = max(event.position for event in demo.followers.ledger.events)
        from_kafka = [event for event in demo.followers.kafka.events if event.position <= last]
        expect(from_kafka == demo.followers.ledger.events, "the same events from both")
    await _no_second_letter(demo)


def _reported(follower: Follower) -> list[tuple[str, str]]:
    return [
        (event.subject, event.type.removeprefix("int.cbd.record.").removesuffix(".v1"))
        for event in follower.events
    ]


async def _no_second_letter(demo: DemoRun) -> None:
    with demo.timeline.step("nobody has received anything twice") as step:
        ours = set(demo.identifiers.values())
        letters = [letter for letter in await demo.sink.letters() if letter.record in ours]
        twice = [name for name, times in Counter(each.transmission for each in letters).items() if times > 1]
        expect(not twice, "one letter for each transmission", twice)
        known = {letter.id for letter in demo.letters}
        expect({letter.id for letter in letters} == known, f"{len(known)} letters", len(letters))
        step.detail = f"{len(letters)} letters"
