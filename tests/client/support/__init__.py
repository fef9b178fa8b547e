"""What the tests of the command-line client run against."""

from tests.client.support.clearing_house import (
    ADDRESS,
    IDENTIFIER,
    PERMIT,
    RECORD,
    ClearingHouse,
    answer,
    problem,
    published,
    record,
)

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
