from __future__ import annotations

import pytest

from clearinghouse_formats import load
from notifier.application.ports import UnknownLetterError
from notifier.bootstrap import realm_letters
from tests.notifier.support.samples import owed, record_state


def test_the_letters_of_the_abs_clearing_house_are_plugged_in() -> None:
    letters = realm_letters(load())
    certificate = record_state(realm="absch", format="absPermit", identifier="ABSCH-DEV-IRCC-MX-104-1")
    due = owed(kind="certificate", realm="absch", identifier=certificate.identifier, record=certificate)
    letter = letters.render(due, environment="development")
    assert letter.language == "es"
    assert "ABSCH-DEV-IRCC-MX-104-1" in letter.text


def test_a_transmission_without_a_letter_is_refused_with_what_there_is() -> None:
    letters = realm_letters(load())
    with pytest.raises(UnknownLetterError, match="realms with letters: absch"):
        letters.render(owed(), environment="development")
    with pytest.raises(
        UnknownLetterError, match="kinds with letters: certificate, certificate-revoked, comm"
    ):
        letters.render(owed(realm="absch"), environment="development")
