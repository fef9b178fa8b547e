"""What the tests of the demo have in common."""

from __future__ import annotations

from typing import Any

from clearinghouse_messages.answers import RecordAnswer
from tests.support.answers import certificate_answer


def certificate(**content: Any) -> RecordAnswer:
    """A certificate with that content, as the registry answers it."""
    return certificate_answer(content, uid="demo-permit-1", address="http://registry.test")
