"""Which letters there are: each realm's part of the program registers its own."""

from __future__ import annotations

from clearinghouse_messages.events import TransmissionOwed
from notifier.application.ports import Letters, UnknownLetterError
from notifier.domain.delivery import Letter


class DeclaredLetters:
    """The letters of all realms, by realm. A realm without official transmissions has none."""

    def __init__(self) -> None:
        self._by_realm: dict[str, Letters] = {}

    def register(self, realm: str, letters: Letters) -> None:
        """Declare a realm's letters; a second declaration for one realm is a mistake."""
        if realm in self._by_realm:
            raise ValueError(f"the letters of realm {realm} are declared twice")
        self._by_realm[realm] = letters

    def render(self, owed: TransmissionOwed, *, environment: str) -> Letter:
        """The letter of its realm. Raises UnknownLetterError where the realm has declared none."""
        letters = self._by_realm.get(owed.realm)
        if letters is None:
            raise UnknownLetterError("no letters are declared for the realm of this transmission")
        return letters.render(owed, environment=environment)
