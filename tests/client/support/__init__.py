"""What the tests of the command-line client run against."""

from tests.client.support.clearing_house import (
    ADDRESS,
    PERMIT,
    RECORD,
    ClearingHouse,
    answer,
    problem,
    published,
    record,
)
from tests.support.answers import IDENTIFIER

__all__ = [
    "ADDRESS",
    "IDENTIFIER",
    "PERMIT",
    "RECORD",
    "ClearingHouse",
    "answer",
    "problem",
    "published",
    "record",
]
