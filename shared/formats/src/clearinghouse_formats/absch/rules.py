"""What must hold between the fields of ABS records that are to be published."""

from __future__ import annotations

from collections.abc import Iterator

from clearinghouse_formats.declare import Rule
from clearinghouse_formats.markers import is_empty
from clearinghouse_messages.documents import Document
from clearinghouse_messages.problems import Fault


def not_before(earlier: str, later: str) -> Rule:
    """One date does not lie before another; compared as far as both are known (a year, a month, a day)."""

    def rule(document: Document) -> Iterator[Fault]:
        first, second = document.get(earlier), document.get(later)
        if not isinstance(first, str) or not isinstance(second, str):
            return
        known = min(len(first), len(second))
        if second[:known] < first[:known]:
            yield Fault(f"/{later}", "invalid-value", f"a date that is not before {earlier}")

    return rule


def after(earlier: str, later: str) -> Rule:
    """One day lies after another."""

    def rule(document: Document) -> Iterator[Fault]:
        first, second = document.get(earlier), document.get(later)
        if isinstance(first, str) and isinstance(second, str) and second <= first:
            yield Fault(f"/{later}", "invalid-value", f"a date after {earlier}")

    return rule


def certificates_or_none(document: Document) -> Iterator[Fault]:
    """A communiqué does not both name certificates and say that there are none."""
    if document.get("absIRCCsNotAvailable") is True and not is_empty(document.get("absIRCCs")):
        yield Fault("/absIRCCsNotAvailable", "invalid-value", "false, or no absIRCCs")
