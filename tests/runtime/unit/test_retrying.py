from __future__ import annotations

from datetime import timedelta

import pytest

from clearinghouse_runtime.retry import backoff, describe


def test_waiting_grows_with_the_attempts_and_stays_under_its_limit() -> None:
    limit = timedelta(seconds=60)

    assert all(
        timedelta(milliseconds=250) <= backoff(1, limit) <= timedelta(milliseconds=500) for _ in range(50)
    )
    assert all(timedelta(seconds=2) <= backoff(4, limit) <= timedelta(seconds=4) for _ in range(50))
    assert all(timedelta(seconds=30) <= backoff(10_000, limit) <= limit for _ in range(50))


def test_two_workers_that_failed_together_do_not_come_back_together() -> None:
    assert len({backoff(5) for _ in range(20)}) > 1


def test_an_error_is_described_without_the_value_it_holds() -> None:
    with pytest.raises(ValueError, match="Maria") as caught:
        raise ValueError("provider: Maria Example")

    assert describe(caught.value).startswith("ValueError at test_retrying.py:")
    assert "Maria" not in describe(caught.value)
