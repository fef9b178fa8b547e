"""What the tests of the command-line client run against."""

from tests.client.support.clearing_house import ADDRESS, IDENTIFIER, PERMIT, ClearingHouse, problem

__all__ = ["ADDRESS", "IDENTIFIER", "PERMIT", "ClearingHouse", "problem"]
