"""How long to wait before trying again, and what may be said of an error."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from traceback import extract_tb

FIRST_BACKOFF = timedelta(milliseconds=500)
MAX_BACKOFF = timedelta(seconds=60)


@dataclass(frozen=True)
class RetryPolicy:
    """How long to wait before the next attempt: doubled each time up to a maximum, and spread at random."""

    first: timedelta
    maximum: timedelta

    def delay(self, attempts: int, chance: float) -> timedelta:
        """After ``attempts`` attempts (1 or more); ``chance`` in [0, 1) spreads it over the upper half.

        Spread, so that workers that failed together do not come back together.
        """
        doublings: int = 2 ** min(attempts - 1, 30)
        return min(self.maximum, self.first * doublings) * (0.5 + chance / 2)


def backoff(attempts: int, longest: timedelta = MAX_BACKOFF) -> timedelta:
    """How long to wait for an engine after so many attempts (1 or more), never more than ``longest``."""
    chance = random.random()  # noqa: S311 - spreads load, guards nothing
    return RetryPolicy(FIRST_BACKOFF, longest).delay(attempts, chance)


class PlainError(Exception):
    """An error whose message is wholly ours: no value of a payload is in it, so it may be stored and logged."""


def describe(error: BaseException) -> str:
    """What an error is and where it was raised, without its message: that may hold a refused value.

    The message of a PlainError is shown.
    """
    if isinstance(error, PlainError):
        return f"{type(error).__name__}: {error}"
    frames = extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
