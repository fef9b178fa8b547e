"""What the unit tests of the runtime share."""

from __future__ import annotations

import pytest

from tests.support.issuer import Issuer


@pytest.fixture
def issuer() -> Issuer:
    """An issuer with one key, ``first``."""
    made = Issuer()
    made.add_key("first")
    return made
