"""What the fourth clearing-house adds to the notifier: its letters, whose words are beside this module."""

from __future__ import annotations

from importlib.resources import files

from notifier.application.letters import LettersOfKind, NotifierExtension, RealmLetters

EXTENSION = NotifierExtension(
    letters=RealmLetters(
        kinds={"notice": LettersOfKind(first="notice", later="notice-amended")},
        words=files(__name__).joinpath("words"),
    )
)
