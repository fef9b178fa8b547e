"""The demo's own checks: each must fail when what it claims is not so."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from clearinghouse_client.errors import UsageError
from clearinghouse_demo import Addresses, main
from clearinghouse_demo.demo_run import bundled_document
from clearinghouse_demo.recipients import ExpectedRecipient, merged
from clearinghouse_demo.run import permit_of
from clearinghouse_demo.sink import SinkLetter
from clearinghouse_demo.timeline import CheckError, Timeline, expect, until
from clearinghouse_demo.transmissions import check_letter
from tests.demo.support import certificate

PROVIDER = ExpectedRecipient(frozenset({"provider"}), frozenset({"ejido@mx.example"}), "es")
CERTIFICATE = certificate(
    title={"es": "Autorización", "en": "Permit"}, subjectMatter={"es": "<p>Hojas de agave</p>"}
)
HEADERS = {
    "X-Clearinghouse-Type": "official-transmission",
    "X-Clearinghouse-Roles": "provider",
    "auto-submitted": "auto-generated",
}


def letter(**changes: object) -> SinkLetter:
    whole = {
        "id": 1,
        "recipients": ["ejido@mx.example"],
        "language": "es",
        "headers": HEADERS,
        "text": f"Autorización\nHojas\nde agave\n{CERTIFICATE.link}",
    }
    return SinkLetter.model_validate({**whole, **changes})


def timeline() -> tuple[Timeline, io.StringIO]:
    shown = io.StringIO()
    return Timeline(Console(file=shown, width=200)), shown


def test_a_letter_with_copy_and_link_in_the_recipients_language_passes() -> None:
    check_letter(letter(), PROVIDER, CERTIFICATE)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"language": "en"}, "in es; found en"),
        ({"text": f"Autorización {CERTIFICATE.link}"}, "subjectMatter"),
        ({"text": "Autorización Hojas de agave"}, "with the link"),
        ({"headers": {**HEADERS, "X-Clearinghouse-Roles": "grantee"}}, "as provider; found grantee"),
        ({"headers": {**HEADERS, "X-Clearinghouse-Type": "notification"}}, "an official transmission"),
    ],
)
def test_a_letter_that_is_not_what_is_owed_fails(changes: dict[str, object], expected: str) -> None:
    with pytest.raises(CheckError, match=expected):
        check_letter(letter(**changes), PROVIDER, CERTIFICATE)


def test_recipients_who_share_an_address_get_one_letter_that_names_both_roles() -> None:
    authority = ExpectedRecipient(
        frozenset({"authority"}), frozenset({"ejido@mx.example", "b@mx.example"}), "es"
    )
    nobody = ExpectedRecipient(frozenset({"grantee"}), frozenset(), "en")
    (only,) = merged([PROVIDER, authority, nobody])
    assert only == ExpectedRecipient(frozenset({"provider", "authority"}), authority.emails, "es")


def test_a_step_that_fails_is_shown_with_what_was_expected() -> None:
    steps, shown = timeline()
    with pytest.raises(CheckError), steps.step("locked"):
        expect(False, "the answer 409", 200)
    assert [(step.name, step.outcome) for step in steps.steps] == [("locked", "failed")]
    assert "expected the answer 409; found 200" in shown.getvalue()


def test_a_step_is_measured_from_the_moment_that_is_given() -> None:
    steps, _ = timeline()
    with steps.step("on Kafka", since=Timeline.now() - 2):
        pass
    assert steps.steps[0].milliseconds >= 2000


async def test_a_condition_that_does_not_come_true_fails_with_what_was_expected() -> None:
    async def ask() -> int:
        return 1

    with pytest.raises(CheckError, match="expected two letters within 0 s"):
        await until(ask, lambda count: count == 2, "two letters", deadline=0.02)


def test_without_a_file_the_permit_is_the_one_that_comes_with_the_demo() -> None:
    assert permit_of(None) == bundled_document("permit.json")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"header": {"schema": "measure"}}, "is not a permit"),
        ({"header": {"schema": "absPermit"}, "government": {"identifier": "de"}}, "not a permit of Mexico"),
    ],
)
def test_a_permit_that_cannot_serve_is_refused(tmp_path: Path, document: object, said: str) -> None:
    file = tmp_path / "permit.json"
    file.write_text(json.dumps(document))
    with pytest.raises(UsageError, match=said):
        permit_of(file)


def test_a_file_that_is_no_permit_ends_the_demo_before_it_begins(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    addresses = Addresses(nowhere, nowhere, nowhere, nowhere, bootstrap="127.0.0.1:9", topic_prefix="dev")
    assert main(["--permit", str(tmp_path / "missing.json")], addresses) == 2
