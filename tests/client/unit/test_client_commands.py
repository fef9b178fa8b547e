"""The program as its user meets it: what is sent, what is printed where, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from clearinghouse_client.credentials import Credentials
from clearinghouse_messages.answers import Receipt
from clearinghouse_messages.problems import Fault
from tests.client.support import IDENTIFIER, PERMIT, RECORD, ClearingHouse, problem, published, record


@pytest.fixture
def clearing_house(tmp_path: Path) -> ClearingHouse:
    return ClearingHouse(tmp_path)


def drafted(clearing_house: ClearingHouse) -> None:
    assert clearing_house.run("draft", clearing_house.file(PERMIT)).exit_code == 0


def test_signing_in_keeps_a_token_that_later_commands_send(clearing_house: ClearingHouse) -> None:
    result = clearing_house.run("login", "--user", "mx-pa", "--password-stdin", typed="try-it\n")
    assert result.exit_code == 0, result.output
    assert "publishing-authority" in result.stdout
    clearing_house.run("requests")
    assert clearing_house.sent[-1].headers["Authorization"] == "Bearer token-of-password"


def test_the_password_is_asked_for_and_not_shown(clearing_house: ClearingHouse) -> None:
    result = clearing_house.run("login", "--user", "mx-pa", typed="try-it\n")
    assert result.exit_code == 0, result.output
    assert "Password of mx-pa" in result.stderr
    assert "try-it" not in result.output


def test_a_partner_system_signs_in_with_the_secret_of_a_variable(clearing_house: ClearingHouse) -> None:
    clearing_house.variables["PARTNER_SECRET"] = "s3cret"
    result = clearing_house.run(
        "login", "--client-id", "regional", "--client-secret-env", "PARTNER_SECRET", "--json"
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["user"] == "regional"
    profile = Credentials(clearing_house.variables).load("default")
    assert profile is not None
    assert profile.token == "token-of-client_credentials"


def test_a_wrong_password_is_refused_and_keeps_nothing(clearing_house: ClearingHouse) -> None:
    result = clearing_house.run("login", "--user", "mx-pa", "--password-stdin", typed="wrong\n")
    assert result.exit_code == 1
    assert "wrong name or password" in result.stderr
    assert Credentials(clearing_house.variables).load("default") is None


def test_who_signs_in_must_be_said(clearing_house: ClearingHouse) -> None:
    assert clearing_house.run("login").exit_code == 2
    assert clearing_house.sent == []


def test_drafting_shows_the_next_step(clearing_house: ClearingHouse) -> None:
    result = clearing_house.run("draft", clearing_house.file(PERMIT))
    assert result.exit_code == 0, result.output
    assert "clearinghouse request mx-permit-0001" in result.stdout
    assert clearing_house.drafts["mx-permit-0001"].document == PERMIT


def test_a_draft_is_answered_with_its_identifier_and_what_to_look_at_before_publication(
    clearing_house: ClearingHouse,
) -> None:
    shown = clearing_house.run("draft", clearing_house.file(PERMIT)).stdout
    for part in (RECORD, "draft", "mx-permit-0001", "/absCNA", "an authority is needed"):
        assert part in shown


def test_drafts_show_what_one_may_do_with_them(clearing_house: ClearingHouse) -> None:
    drafted(clearing_house)
    for shown in (clearing_house.run("drafts").stdout, clearing_house.run("drafts", "mx-permit-0001").stdout):
        assert "mx-permit-0001" in shown
        assert "replace, discard, request" in shown
    assert json.loads(clearing_house.run("drafts", "mx-permit-0001", "--json").stdout)["document"] == PERMIT
    missing = clearing_house.run("drafts", "mx-permit-0009")
    assert missing.exit_code == 1
    assert "--realm (absch)" in missing.stderr


def test_a_draft_that_is_there_is_replaced_only_when_asked(clearing_house: ClearingHouse) -> None:
    drafted(clearing_house)
    changed = clearing_house.file({**PERMIT, "title": {"es": "Otro"}})
    refused = clearing_house.run("draft", changed)
    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    assert clearing_house.run("draft", changed, "--replace").exit_code == 0
    assert clearing_house.sent[-1].headers["If-Match"] == '"1"'
    assert clearing_house.drafts["mx-permit-0001"].document["title"] == {"es": "Otro"}


def test_every_fault_is_listed_with_its_path(clearing_house: ClearingHouse) -> None:
    clearing_house.refusals["POST /v1/absch/drafts"] = problem(
        422,
        "invalid-record",
        Fault("/title", "mandatory", "text in es or en"),
        Fault("/absCNA", "mandatory", "an authority"),
    )
    result = clearing_house.run("draft", clearing_house.file(PERMIT))
    assert result.exit_code == 1
    assert result.stdout == ""
    for part in ("/title", "text in es or en", "/absCNA", "an authority"):
        assert part in result.stderr


def test_for_machines_an_error_is_the_problem_on_stderr_and_stdout_is_empty(
    clearing_house: ClearingHouse,
) -> None:
    clearing_house.refusals["POST /v1/absch/drafts"] = problem(403, "forbidden")
    result = clearing_house.run("draft", clearing_house.file(PERMIT), "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert json.loads(result.stderr)["type"] == "/problems/forbidden"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON: line 1"),
        ("[]", "no JSON object"),
        (None, "cannot be read"),
        ('{"a": NaN}', "holds what no record may hold"),
        ('{"a": "\\ud800"}', "holds what no record may hold"),
        ('{"a": ' + "9" * 5000 + "}", "holds what no record may hold"),
        ('{"a": ' + "[" * 20_000 + "]" * 20_000 + "}", "holds what no record may hold"),
    ],
)
def test_a_file_that_is_no_document_is_refused_before_anything_is_sent(
    clearing_house: ClearingHouse, content: str | None, said: str
) -> None:
    path = clearing_house.folder / "broken.json"
    if content is not None:
        path.write_text(content)
    result = clearing_house.run("draft", str(path))
    assert (result.exit_code, clearing_house.sent) == (2, [])
    assert said in result.stderr


def test_a_server_that_is_away_gives_exit_code_3(clearing_house: ClearingHouse) -> None:
    clearing_house.refusals["GET /v1/records/104"] = httpx.Response(503, json={"title": "Not ready"})
    result = clearing_house.run("show", "104")
    assert result.exit_code == 3
    assert "Not ready" in result.stderr


def test_a_request_is_opened_on_the_draft_as_it_was_read(clearing_house: ClearingHouse) -> None:
    drafted(clearing_house)
    result = clearing_house.run("request", "mx-permit-0001")
    assert result.exit_code == 0, result.output
    assert "clearinghouse approve r1" in result.stdout
    assert clearing_house.sent[-1].headers["If-Match"] == '"1"'


def test_requests_are_listed_approved_rejected_and_recalled(clearing_house: ClearingHouse) -> None:
    drafted(clearing_house)
    clearing_house.run("request", "mx-permit-0001")
    assert [each["request"] for each in json.loads(clearing_house.run("requests", "--json").stdout)] == ["r1"]
    assert IDENTIFIER in clearing_house.run("approve", "r1").stdout
    rejected = json.loads(clearing_house.run("reject", "r1", "--reason", "No expiry date", "--json").stdout)
    assert (rejected["identifier"], rejected["status"]) == ("r1", "rejected")
    assert json.loads(clearing_house.sent[-1].content) == {"reason": "No expiry date"}
    recalled = clearing_house.run("recall", "r1").stdout
    assert "recalled" in recalled
    assert "clearinghouse draft FILE --replace (mx-permit-0001)" in recalled


def test_a_request_shows_what_one_may_do_with_it(clearing_house: ClearingHouse) -> None:
    drafted(clearing_house)
    clearing_house.run("request", "mx-permit-0001")
    for shown in (clearing_house.run("requests").stdout, clearing_house.run("requests", "r1").stdout):
        assert "approve, reject" in shown
        assert "Permiso" in shown
    assert "clearinghouse approve r1" in clearing_house.run("requests", "r1").stdout


@pytest.mark.parametrize(
    "command", [("approve",), ("reject", "--reason", "x"), ("recall",), ("requests",)], ids=lambda it: it[0]
)
def test_a_request_that_is_not_there_is_looked_for_in_the_list(
    clearing_house: ClearingHouse, command: tuple[str, ...]
) -> None:
    result = clearing_house.run(command[0], "r9", *command[1:])
    assert result.exit_code == 1
    assert "See clearinghouse requests, and check --realm (absch)." in result.stderr


def test_a_publication_shows_the_certificate_its_page_what_is_owed_and_the_next_step(
    clearing_house: ClearingHouse,
) -> None:
    drafted(clearing_house)
    clearing_house.run("request", "mx-permit-0001")
    shown = clearing_house.run("approve", "r1").stdout
    for part in (IDENTIFIER, "current", "4 owed", f"http://registry.test/{IDENTIFIER}"):
        assert part in shown
    assert f"clearinghouse transmissions {IDENTIFIER}" in shown
    assert clearing_house.sent[-1].method == "POST", "nothing is read behind it"


def test_for_machines_a_command_answers_its_receipt(clearing_house: ClearingHouse) -> None:
    drafted(clearing_house)
    told = json.loads(clearing_house.run("publish", "mx-permit-0001", "--json").stdout)
    assert told == published().model_dump(mode="json", by_alias=True)
    assert Receipt.model_validate(told) == published()


def test_a_rejection_needs_its_reason(clearing_house: ClearingHouse) -> None:
    assert clearing_house.run("reject", "r1").exit_code == 2
    assert clearing_house.sent == []


def test_a_draft_is_published_by_its_name_and_a_file_is_drafted_first(clearing_house: ClearingHouse) -> None:
    drafted(clearing_house)
    assert clearing_house.run("publish", "mx-permit-0001").exit_code == 0
    assert clearing_house.published == PERMIT
    other = {**PERMIT, "header": {**PERMIT["header"], "identifier": "mx-permit-0002"}}
    result = clearing_house.run("publish", clearing_house.file(other))
    assert result.exit_code == 0, result.output
    assert clearing_house.published == other
    assert "4 owed" in result.stdout


def test_an_amendment_carries_its_reason_in_the_first_language_of_the_record(
    clearing_house: ClearingHouse,
) -> None:
    changed = {**PERMIT, "title": {"es": "Nuevo"}, "header": {"schema": "absPermit", "languages": ["es"]}}
    result = clearing_house.run("amend", IDENTIFIER, clearing_house.file(changed), "--reason", "Se corrige")
    assert result.exit_code == 0, result.output
    assert clearing_house.published is not None
    assert clearing_house.published["amendmentDescription"] == {"es": "Se corrige"}
    assert clearing_house.published["amendmentIntent"] == 0
    assert clearing_house.published["header"]["identifier"] == "mx-permit-0001"


def test_a_reason_in_a_language_that_the_record_is_not_written_in_is_refused(
    clearing_house: ClearingHouse,
) -> None:
    result = clearing_house.run(
        "amend", IDENTIFIER, clearing_house.file(PERMIT), "--reason", "Weil", "--language", "ru"
    )
    assert result.exit_code == 2
    assert "es, en" in result.stderr
    assert clearing_house.drafts == {}


def test_a_file_of_another_record_does_not_amend_this_one(clearing_house: ClearingHouse) -> None:
    other = {**PERMIT, "header": {**PERMIT["header"], "identifier": "mx-permit-0002"}}
    assert clearing_house.run("amend", IDENTIFIER, clearing_house.file(other), "--reason", "x").exit_code == 2
    assert clearing_house.drafts == {}


def test_a_revocation_sends_the_content_as_it_is_with_intent_and_reason(
    clearing_house: ClearingHouse,
) -> None:
    result = clearing_house.run("revoke", IDENTIFIER, "--reason", "Breach", "--language", "en")
    assert result.exit_code == 0, result.output
    assert clearing_house.published == {
        **PERMIT,
        "amendmentIntent": 1,
        "amendmentDescription": {"en": "Breach"},
    }


def test_an_authorized_user_asks_for_an_amendment_instead(clearing_house: ClearingHouse) -> None:
    result = clearing_house.run(
        "amend", IDENTIFIER, clearing_house.file(PERMIT), "--reason", "x", "--request"
    )
    assert "clearinghouse approve r1" in result.stdout
    assert clearing_house.published is None


def test_the_content_of_a_record_can_be_saved_edited_and_sent_back(clearing_house: ClearingHouse) -> None:
    assert json.loads(clearing_house.run("show", IDENTIFIER, "--content").stdout) == PERMIT


def test_transmissions_show_role_time_and_the_servers_answer(clearing_house: ClearingHouse) -> None:
    shown = clearing_house.run("transmissions", IDENTIFIER).stdout
    for part in ("provider MX", "delivered", "ejido@mx.example", "250 queued"):
        assert part in shown


def test_the_inbox_is_the_one_of_the_notifier_that_the_registry_names(clearing_house: ClearingHouse) -> None:
    shown = clearing_house.run("inbox").stdout
    assert "request.opened" in shown
    assert "Permiso" in shown


def test_a_row_of_the_inbox_that_is_marked_as_read_is_shown_only_when_all_are_asked_for(
    clearing_house: ClearingHouse,
) -> None:
    assert "Permiso" not in clearing_house.run("inbox", "--read", "i1").stdout
    assert "Permiso" in clearing_house.run("inbox", "--all").stdout
    assert clearing_house.run("inbox", "--read", "i9").exit_code == 1


def test_what_a_newer_service_says_more_is_ignored(clearing_house: ClearingHouse) -> None:
    newer = {**record(PERMIT).model_dump(mode="json", by_alias=True), "something": {"new": True}}
    clearing_house.refusals[f"GET /v1/records/{IDENTIFIER}"] = httpx.Response(200, json=newer)
    assert json.loads(clearing_house.run("show", IDENTIFIER, "--json").stdout)["content"] == PERMIT


def test_an_answer_that_lacks_what_is_needed_is_reported_with_its_place(
    clearing_house: ClearingHouse,
) -> None:
    clearing_house.refusals[f"GET /v1/records/{IDENTIFIER}"] = httpx.Response(
        200, json={"identifier": IDENTIFIER}
    )
    result = clearing_house.run("show", IDENTIFIER)
    assert result.exit_code == 3
    assert "RecordAnswer: uid, number" in result.stderr


def test_a_ledger_of_another_generation_is_reported_beside_the_events(clearing_house: ClearingHouse) -> None:
    result = clearing_house.run("follow", "--once", "--after", "50", "--generation", "g0", "--json")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert "g1, not g0" in result.stderr


def test_a_command_can_be_repeated_under_its_key(clearing_house: ClearingHouse) -> None:
    clearing_house.run("draft", clearing_house.file(PERMIT), "--idempotency-key", "my-own-key-1")
    assert clearing_house.sent[-1].headers["Idempotency-Key"] == "my-own-key-1"


@pytest.mark.parametrize("command", ["publish", "amend", "revoke"])
def test_a_draft_on_the_way_to_a_publication_has_a_key_of_its_own_at_each_repetition(
    clearing_house: ClearingHouse, command: str
) -> None:
    file = clearing_house.file(PERMIT)
    given = {
        "publish": ("publish", file),
        "amend": ("amend", IDENTIFIER, file, "--reason", "x"),
        "revoke": ("revoke", IDENTIFIER, "--reason", "x"),
    }
    for _ in range(2):
        assert clearing_house.run(*given[command], "--idempotency-key", "my-own-key-1").exit_code == 0
    keys = [request.headers["Idempotency-Key"] for request in clearing_house.sent if request.method != "GET"]
    assert keys == ["my-own-key-1-draft", "my-own-key-1"] * 2
