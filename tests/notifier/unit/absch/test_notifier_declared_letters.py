from __future__ import annotations

from notifier.bootstrap import declared_letters
from tests.notifier.support.samples import owed, record_state


def test_the_letters_of_the_abs_clearing_house_are_plugged_in() -> None:
    letters = declared_letters(["absch", "bch", "chm"])
    certificate = record_state(realm="absch", format="absPermit", identifier="ABSCH-DEV-IRCC-MX-104-1")
    due = owed(kind="certificate", realm="absch", identifier=certificate.identifier, record=certificate)
    letter = letters.render(due, environment="development")
    assert letter.language == "es"
    assert "ABSCH-DEV-IRCC-MX-104-1" in letter.text
