"""Official transmissions checked from both ends: the letter in the sink and the evidence with the record."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clearinghouse_demo.demo_run import DemoRun
from clearinghouse_demo.recipients import ExpectedRecipient
from clearinghouse_demo.sink import SinkLetter
from clearinghouse_demo.timeline import Timeline, expect, until
from clearinghouse_messages.answers import RecordAnswer, TransmissionAnswer
from clearinghouse_messages.events import Multilingual

FALLBACK = ("en", "fr", "es", "ru", "ar", "zh")


@dataclass(frozen=True)
class Expected:
    """What a publication must make happen: which letters, about what, to whom, from which moment."""

    kind: str
    record: RecordAnswer
    recipients: Sequence[ExpectedRecipient]
    since: float
    behind: int
    """The number of the newest letter in the sink before the publication."""


async def check_transmissions(demo: DemoRun, expected: Expected, viewer: str) -> None:
    """Every recipient has their letter, once, and the proof stands with the record, as ``viewer`` sees it."""
    letters = await _letters(demo, expected)
    with demo.timeline.step("evidence: every transmission delivered", expected.since) as step:
        found = await until(
            lambda: _evidence(demo, expected, viewer),
            lambda all_: (
                len(all_) >= len(expected.recipients) and all(each.status == "delivered" for each in all_)
            ),
            f"{len(expected.recipients)} delivered transmissions of {expected.record.identifier}",
        )
        expect(
            len(found) == len(expected.recipients), f"{len(expected.recipients)} transmissions", len(found)
        )
        for transmission in found:
            _check_evidence(transmission, letters)
        step.detail = f"{len(found)} delivered, with the server's answer"


async def _letters(demo: DemoRun, expected: Expected) -> list[SinkLetter]:
    arrived: dict[int, SinkLetter] = {}
    open_ = {recipient.emails: recipient for recipient in expected.recipients}
    while open_:
        with demo.timeline.step(f"letters: {len(open_)} to come", expected.since) as step:
            new = await until(
                lambda: _new_letters(demo, expected, arrived),
                bool,
                f"letters to {_addresses(open_.values())}",
            )
            step.name, step.detail = _describe(demo, expected, new, open_)
        arrived.update({letter.id: letter for letter in new})
    demo.letters += arrived.values()
    return list(arrived.values())


async def _new_letters(demo: DemoRun, expected: Expected, known: dict[int, SinkLetter]) -> list[SinkLetter]:
    return [
        letter
        for letter in await demo.sink.letters(expected.behind)
        if letter.record == expected.record.identifier and letter.id not in known
    ]


def _describe(
    demo: DemoRun,
    expected: Expected,
    new: list[SinkLetter],
    open_: dict[frozenset[str], ExpectedRecipient],
) -> tuple[str, str]:
    """Check the letters that came together; all but the last get a line of their own here."""
    lines = []
    for letter in new:
        recipient = open_.pop(letter.addresses, None)
        expect(
            recipient is not None,
            f"one letter each to {_addresses(expected.recipients)}, nobody else and nobody twice",
            f"another to {', '.join(letter.recipients)}",
        )
        if recipient is not None:
            check_letter(letter, recipient, expected.record)
            lines.append((f"letter to {letter.roles}", f"[{letter.language}] {', '.join(letter.recipients)}"))
    elapsed = (Timeline.now() - expected.since) * 1000
    for name, detail in lines[:-1]:
        demo.timeline.done(name, elapsed, detail)
    return lines[-1]


def check_letter(letter: SinkLetter, recipient: ExpectedRecipient, record: RecordAnswer) -> None:
    """An official transmission in the recipient's language, with a copy of the record and a link to it."""
    who = ", ".join(letter.recipients)
    expect(
        letter.header("X-Clearinghouse-Type") == "official-transmission", f"an official transmission to {who}"
    )
    expect(
        letter.header("Auto-Submitted") == "auto-generated",
        f"a letter to {who} that says it is made by a program",
    )
    expect(
        letter.language == recipient.language, f"a letter to {who} in {recipient.language}", letter.language
    )
    named = {role.strip() for role in letter.roles.split(",")}
    expect(
        named == recipient.roles, f"a letter to {who} as {', '.join(sorted(recipient.roles))}", letter.roles
    )
    expect(record.link and record.link in letter.text, f"a letter to {who} with the link {record.link}")
    for field in ("title", "subjectMatter"):
        text = record.content.get(field)
        if isinstance(text, dict):
            expect(
                _plain(in_language(text, recipient.language)) in _plain(letter.text),
                f"a letter to {who} with the record's {field} in that language: a copy",
            )


def in_language(text: Multilingual, language: str) -> str:
    """The text for a reader of ``language``: in it, else in the first of the usual order that there is."""
    return next((text[each] for each in (language, *FALLBACK) if text.get(each)), "")


async def _evidence(demo: DemoRun, expected: Expected, viewer: str) -> list[TransmissionAnswer]:
    found = await demo.registry(viewer).transmissions(expected.record.identifier)
    return [
        each for each in found if each.kind == expected.kind and each.identifier == expected.record.identifier
    ]


def _check_evidence(transmission: TransmissionAnswer, letters: list[SinkLetter]) -> None:
    who = ", ".join(role.role for role in transmission.roles)
    mine = [letter for letter in letters if letter.transmission == transmission.transmission]
    expect(len(mine) == 1, f"exactly one letter for the transmission to {who}", len(mine))
    emails = frozenset(email.casefold() for email in transmission.emails or [])
    expect(mine[0].addresses == emails, f"the letter to {who} at the addresses of the evidence")
    expect(all(role.provision for role in transmission.roles), f"the provision that names {who}")
    expect(transmission.owed_at and transmission.settled_at, f"when it was owed and settled to {who}")
    last = transmission.attempts[-1] if transmission.attempts else None
    expect(
        last is not None
        and last.replies
        and all(answer.accepted and answer.code == 250 for answer in last.replies)
        and last.message_id == mine[0].message_id,
        f"the server's answer 250 and the letter's Message-ID in the evidence of {who}",
    )


def _addresses(recipients: Iterable[ExpectedRecipient]) -> str:
    return "; ".join(", ".join(sorted(recipient.emails)) for recipient in recipients)


def _plain(text: str) -> str:
    """Text without mark-up and line breaks, so that wrapping and simple HTML make no difference."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
