from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from clearinghouse_formats import load
from notifier.application.ports import UnknownLetterError
from notifier.bootstrap import mail_server, realm_letters
from notifier.settings import Settings
from tests.notifier.support.samples import owed
from tests.support.http import common_settings

GIVEN: dict[str, Any] = {
    **common_settings("mongodb://127.0.0.1:1", "notifier", Path("unused")),
    "registry_address": "http://127.0.0.1:5",
    "smtp_host": "127.0.0.1",
    "smtp_port": 4,
}
IN_PRODUCTION = {"environment": "production", "topic_prefix": "", "mail_domain": "clearinghouse.example"}


def test_outside_production_mail_can_only_reach_the_sink() -> None:
    assert mail_server(Settings(**GIVEN)).sink_only
    assert not mail_server(Settings(**{**GIVEN, **IN_PRODUCTION})).sink_only


def test_mail_is_encrypted_unless_it_is_said_otherwise() -> None:
    assert mail_server(Settings(**GIVEN)).security == "starttls"


def test_a_password_goes_to_the_mail_server_and_is_not_shown() -> None:
    settings = Settings(**GIVEN, smtp_username="user", smtp_password="open sesame")
    assert mail_server(settings).password == "open sesame"
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": "production", "topic_prefix": ""},
        {"smtp_username": "user"},
        {"smtp_password": "open sesame"},
        {"senders": 0},
        {"smtp_tls": "perhaps"},
    ],
)
def test_settings_that_cannot_work_are_refused_without_their_values(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(**{**GIVEN, **changes})
    assert "sesame" not in str(refusal.value)
    assert "perhaps" not in str(refusal.value)


def test_names_on_the_broker_differ_between_environments() -> None:
    assert Settings(**GIVEN).scoped("notifier") == "dev.notifier"
    assert Settings(**{**GIVEN, **IN_PRODUCTION}).scoped("notifier") == "notifier"


def test_a_realm_without_letters_is_no_fault_until_it_owes_one() -> None:
    letters = realm_letters(load(("bch", "chm")))
    with pytest.raises(UnknownLetterError, match="realms with letters: none"):
        letters.render(owed(realm="bch"), environment="development")


def test_a_process_without_settings_says_which_are_missing() -> None:
    empty = {"PATH": os.environ["PATH"]}
    ended = subprocess.run(
        [sys.executable, "-m", "notifier", "worker"], env=empty, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "MONGO_URI" in ended.stderr
    assert "Traceback" not in ended.stderr
