from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from clearinghouse_local.stack import Stack
from tests.support.publishing_authority import Office, open_office


@pytest.fixture
async def office(stack: Stack) -> AsyncIterator[Office]:
    """The authority of Mexico; whatever a test stopped or held runs again for the next one."""
    async with open_office(stack) as opened:
        yield opened
    for server in stack.processes.values():
        if not server.running:
            server.start()
