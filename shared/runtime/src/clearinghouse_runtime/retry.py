"""How long to wait before trying again, and what may be said of an error."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from traceback import extract_tb

FIRST_BACKOFF = timedelta(milliseconds=500)
MAX_BACKOFF = timedelta(seconds=60)


def backoff(attempts: int, longest: timedelta = MAX_BACKOFF) -> timedelta:
    """How long to wait after so many attempts (1 or more): doubled each time, never more than ``longest``.

    Jittered, so that workers that failed together do not come back together.
    """
    full = min(longest, FIRST_BACKOFF * (1 << min(attempts - 1, 20)))
    return full * random.uniform(0.5, 1)  # noqa: S311  # spreads load, guards nothing


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
