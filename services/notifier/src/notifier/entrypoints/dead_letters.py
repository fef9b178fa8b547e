"""What an operator sees of dead letters and does about them: ``python -m notifier dead-letters``."""

from __future__ import annotations

from typing import Any

from notifier.adapters.dead_letters import DeadLetter, DeadLetters


async def listed(letters: DeadLetters) -> list[dict[str, Any]]:
    """Every dead letter, oldest first, without what is kept of it."""
    return [letter.message() for letter in await letters.all()]


async def shown(letters: DeadLetters, wanted: str) -> dict[str, Any] | None:
    """One dead letter with what is kept of it; None when there is no such one."""
    letter = await _find(letters, wanted)
    return None if letter is None else {**letter.message(), "payload": await letters.payload(letter)}


async def replayed(letters: DeadLetters, wanted: str) -> dict[str, Any] | None:
    """The dead letter that is now worked once more; None when it cannot be."""
    letter = await _find(letters, wanted)
    if letter is None or not await letters.replay(letter):
        return None
    return {**letter.message(), "replayed": True}


async def _find(letters: DeadLetters, wanted: str) -> DeadLetter | None:
    return next((letter for letter in await letters.all() if letter.id == wanted), None)
