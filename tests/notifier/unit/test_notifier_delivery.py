from __future__ import annotations

from datetime import timedelta

import pytest

from notifier.domain.delivery import (
    AddressReply,
    AddressStatus,
    Delivery,
    begin,
    close_interrupted,
    commit_to_hand_over,
    defer,
    end,
    mark_uncertain,
    outcome,
    pending,
    settled,
    status_of,
)
from tests.notifier.support.samples import NOON, delivery

LATER = NOON + timedelta(minutes=1)


def _said(email: str, status: AddressStatus, code: int) -> AddressReply:
    return AddressReply(email, status, code, "text")


def _begun(*emails: str) -> Delivery:
    return begin(delivery(*(emails or ("a@example.mx",))), "mail:25", NOON)


def test_nothing_is_reported_before_an_attempt_has_ended() -> None:
    committed = commit_to_hand_over(_begun(), [])
    assert [status_of(step) for step in (delivery(), _begun(), committed)] == ["owed"] * 3
    assert outcome(committed) is None


def test_one_accepted_address_and_none_pending_is_delivered() -> None:
    ended = end(
        _begun("a@example.mx", "b@example.mx"),
        [_said("a@example.mx", "accepted", 250), _said("b@example.mx", "refused", 550)],
        LATER,
    )
    assert settled(ended)
    assert status_of(ended) == "delivered"
    reported = outcome(ended)
    assert reported is not None
    (attempt,) = reported.attempts
    assert (attempt.status, attempt.started_at, attempt.ended_at) == ("accepted", NOON, LATER)
    assert [(a.address, a.code, a.accepted) for a in attempt.replies] == [
        ("a@example.mx", 250, True),
        ("b@example.mx", 550, False),
    ]


def test_all_refused_is_failed() -> None:
    ended = end(_begun(), [_said("a@example.mx", "refused", 550)], LATER)
    assert status_of(ended) == "failed"
    assert ended.attempts[-1].status == "refused"


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
    assert status_of(ended) == "retrying"
    again = end(begin(ended, "mail:25", LATER), [_said("c@example.mx", "refused", 550)], LATER)
    assert status_of(again) == "delivered"
    assert [attempt.number for attempt in again.attempts] == [1, 2]


def test_a_sender_that_ended_before_the_content_left_nothing_sent() -> None:
    closed = close_interrupted(_begun(), LATER)
    assert closed is not None
    assert closed.attempts[-1].status == "deferred"
    assert status_of(closed) == "retrying"


def test_a_sender_that_ended_during_the_hand_over_leaves_it_uncertain() -> None:
    refused = _said("b@example.mx", "refused", 550)
    greylisted = _said("c@example.mx", "pending", 450)
    dying = commit_to_hand_over(_begun("a@example.mx", "b@example.mx", "c@example.mx"), [refused, greylisted])
    closed = close_interrupted(dying, LATER)
    assert closed is not None
    assert status_of(closed) == "uncertain"
    assert closed.attempts[-1].status == "uncertain"
    assert pending(closed) == ["a@example.mx", "c@example.mx"]
    answers = {answer.address: (answer.code, answer.accepted) for answer in closed.attempts[-1].replies}
    assert answers == {
        "a@example.mx": (None, False),
        "b@example.mx": (550, False),
        "c@example.mx": (450, False),
    }


def test_an_attempt_that_ended_is_not_ended_again() -> None:
    assert close_interrupted(delivery(), LATER) is None
    assert close_interrupted(defer(_begun(), 421, "later", LATER), LATER) is None


def test_doubt_stays_until_every_address_is_settled() -> None:
    doubted = mark_uncertain(commit_to_hand_over(_begun(), []), "no answer", LATER)
    deferred = defer(begin(doubted, "mail:25", LATER), None, "no connection", LATER)
    assert status_of(deferred) == "uncertain"
    accepted = end(begin(deferred, "mail:25", LATER), [_said("a@example.mx", "accepted", 250)], LATER)
    assert status_of(accepted) == "delivered"
    assert [attempt.status for attempt in accepted.attempts] == ["uncertain", "deferred", "accepted"]


@pytest.mark.parametrize("status", ["accepted", "refused"])
def test_every_attempt_has_the_same_message_id(status: AddressStatus) -> None:
    first = defer(_begun(), 421, "later", LATER)
    second = end(begin(first, "mail:25", LATER), [_said("a@example.mx", status, 250)], LATER)
    assert {attempt.message_id for attempt in second.attempts} == {first.message_id}
