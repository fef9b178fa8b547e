"""What the tests of the command-line client run against."""

from clearinghouse_testkit.client.clearing_house import ADDRESS, IDENTIFIER, PERMIT, ClearingHouse, problem

__all__ = ["ADDRESS", "IDENTIFIER", "PERMIT", "ClearingHouse", "problem"]
