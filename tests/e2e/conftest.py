"""What the tests of the whole chain share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client over a real network, which waits for a stack that is busy."""
    async with httpx.AsyncClient(timeout=30) as client:
        yield client
