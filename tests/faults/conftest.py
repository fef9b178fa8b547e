from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from clearinghouse_local.stack import Stack
from tests.support.publishing_authority import PublishingAuthority, signed_in_authority


@pytest.fixture
async def authority(stack: Stack) -> AsyncIterator[PublishingAuthority]:
    """The authority of Mexico; whatever a test stopped or held runs again for the next one."""
    async with signed_in_authority(stack) as opened:
        yield opened
    for server in stack.processes.values():
        if not server.running:
            server.start()
