from __future__ import annotations

from datetime import timedelta

import pytest

from notifier.domain.delivery import (
    Delivery,
    Standing,
    Verdict,
    begin,
    close_interrupted,
    commit_to_hand_over,
    defer,
    doubt,
    end,
    outcome,
    pending,
    settled,
    state,
)
from tests.notifier.support.samples import NOON, delivery

LATER = NOON + timedelta(minutes=1)


def _said(email: str, standing: Standing, code: int) -> Verdict:
    return Verdict(email, standing, code, "text")


def _begun(*emails: str) -> Delivery:
    return begin(delivery(*(emails or ("a@example.mx",))), "mail:25", NOON)


def test_nothing_is_told_before_an_attempt_has_ended() -> None:
    committed = commit_to_hand_over(_begun(), [])
    assert [state(step) for step in (delivery(), _begun(), committed)] == ["owed"] * 3
    assert outcome(committed) is None


def test_one_accepted_address_and_none_pending_is_delivered() -> None:
    ended = end(
        _begun("a@example.mx", "b@example.mx"),
        [_said("a@example.mx", "accepted", 250), _said("b@example.mx", "refused", 550)],
        LATER,
    )
    assert settled(ended)
    assert state(ended) == "delivered"
    told = outcome(ended)
    assert told is not None
    (attempt,) = told.attempts
    assert (attempt.state, attempt.started_at, attempt.ended_at) == ("accepted", NOON, LATER)
    assert [(a.address, a.code, a.accepted) for a in attempt.answers] == [
        ("a@example.mx", 250, True),
        ("b@example.mx", 550, False),
    ]


def test_all_refused_is_failed() -> None:
    ended = end(_begun(), [_said("a@example.mx", "refused", 550)], LATER)
    assert state(ended) == "failed"
    assert ended.attempts[-1].state == "refused"


def test_only_the_still_pending_are_tried_again() -> None:
    ended = end(
        _begun("a@example.mx", "b@example.mx", "c@example.mx"),
        [
            _said("a@example.mx", "accepted", 250),
            _said("b@example.mx", "refused", 550),
            _said("c@example.mx", "pending", 450),
        ],
        LATER,
    )
    assert pending(ended) == ["c@example.mx"]
    assert state(ended) == "retrying"
    again = end(begin(ended, "mail:25", LATER), [_said("c@example.mx", "refused", 550)], LATER)
    assert state(again) == "delivered"
    assert [attempt.number for attempt in again.attempts] == [1, 2]


def test_a_sender_that_died_before_the_content_left_nothing_sent() -> None:
    closed = close_interrupted(_begun(), LATER)
    assert closed is not None
    assert closed.attempts[-1].state == "deferred"
    assert state(closed) == "retrying"


def test_a_sender_that_died_during_the_hand_over_leaves_doubt() -> None:
    refused = _said("b@example.mx", "refused", 550)
    greylisted = _said("c@example.mx", "pending", 450)
    dying = commit_to_hand_over(_begun("a@example.mx", "b@example.mx", "c@example.mx"), [refused, greylisted])
    closed = close_interrupted(dying, LATER)
    assert closed is not None
    assert state(closed) == "uncertain"
    assert closed.attempts[-1].state == "uncertain"
    assert pending(closed) == ["a@example.mx", "c@example.mx"]
    answers = {answer.address: (answer.code, answer.accepted) for answer in closed.attempts[-1].answers}
    assert answers == {
        "a@example.mx": (None, False),
        "b@example.mx": (550, False),
        "c@example.mx": (450, False),
    }


def test_an_attempt_that_ended_is_not_ended_again() -> None:
    assert close_interrupted(delivery(), LATER) is None
    assert close_interrupted(defer(_begun(), 421, "later", LATER), LATER) is None


def test_doubt_stays_until_every_address_is_settled() -> None:
    doubted = doubt(commit_to_hand_over(_begun(), []), "no answer", LATER)
    deferred = defer(begin(doubted, "mail:25", LATER), None, "no connection", LATER)
    assert state(deferred) == "uncertain"
    accepted = end(begin(deferred, "mail:25", LATER), [_said("a@example.mx", "accepted", 250)], LATER)
    assert state(accepted) == "delivered"
    assert [attempt.state for attempt in accepted.attempts] == ["uncertain", "deferred", "accepted"]


@pytest.mark.parametrize("standing", ["accepted", "refused"])
def test_every_attempt_has_the_same_message_id(standing: Standing) -> None:
    first = defer(_begun(), 421, "later", LATER)
    second = end(begin(first, "mail:25", LATER), [_said("a@example.mx", standing, 250)], LATER)
    assert {attempt.message_id for attempt in second.attempts} == {first.message_id}
