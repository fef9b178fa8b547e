"""The matrix of roles and actions, and what time does to a designation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.entities import Designation, Role
from registry.domain.permission import Actor, Permission, Subject, SubmittedBy, may

AT = datetime(2026, 11, 22, tzinfo=UTC)
ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Permission, ...] = get_args(Permission)
KINDS: tuple[SubmittedBy, ...] = get_args(SubmittedBy)


def held(
    role: Role, country: str | None = "mx", realm: str = "absch", **dates: datetime | None
) -> Designation:
    country = None if role in ("secretariat", "iac-member") else country
    start = dates.get("start") or AT - timedelta(days=1)
    return Designation(
        id="1",
        person="ana",
        realm=realm,
        role=role,
        country=country,
        start=start,
        end=dates.get("end"),
        made_by="secretariat",
        reason="by letter",
    )


def can(role: Role | None, action: Permission, subject: Subject) -> bool:
    return may(Actor("ana", [held(role)] if role else []), action, subject, AT) is not None


NATIONAL = {
    "draft": {"publishing-authority", "national-authorized-user"},
    "request": {"publishing-authority", "national-authorized-user"},
    "publish": {"publishing-authority"},
    "read-draft": {"publishing-authority", "national-authorized-user", "secretariat"},
    "read-evidence": {
        "publishing-authority",
        "national-authorized-user",
        "national-focal-point",
        "secretariat",
    },
}
REFERENCE = {"publish": {"secretariat"}, "read-draft": {"secretariat"}}


@pytest.mark.parametrize("role", [None, *ROLES])
@pytest.mark.parametrize("action", NATIONAL)
def test_for_a_national_record_a_role_may_do_what_the_table_says_and_no_more(
    role: Role | None, action: Permission
) -> None:
    subject = Subject(realm="absch", country="mx", submitted_by="country", author="somebody")
    assert can(role, action, subject) == (role in NATIONAL[action])


@pytest.mark.parametrize("role", [None, *ROLES])
def test_anyone_signed_in_drafts_a_reference_record_and_only_the_secretariat_publishes_it(
    role: Role | None,
) -> None:
    subject = Subject(realm="absch", submitted_by="anyone")
    assert can(role, "draft", subject)
    assert can(role, "request", subject)
    assert can(role, "publish", subject) == (role == "secretariat")


@pytest.mark.parametrize("role", [None, *ROLES])
def test_records_that_the_secretariat_enters_are_its_own(role: Role | None) -> None:
    subject = Subject(realm="absch", country="mx", submitted_by="secretariat")
    for action in ("draft", "request", "publish"):
        assert can(role, action, subject) == (role == "secretariat")


@pytest.mark.parametrize(
    ("given", "by"),
    [
        ("publishing-authority", {"national-focal-point"}),
        ("national-authorized-user", {"national-focal-point", "publishing-authority"}),
        ("national-focal-point", {"secretariat"}),
        ("secretariat", {"secretariat"}),
    ],
)
@pytest.mark.parametrize("role", [None, *ROLES])
def test_who_designates_for_which_role(given: Role, by: set[str], role: Role | None) -> None:
    assert can(role, "designate", Subject(realm="absch", country="mx", role=given)) == (role in by)


@given(
    st.sampled_from(ROLES),
    st.sampled_from(ACTIONS),
    st.sampled_from(KINDS),
    st.sampled_from([("absch", "de"), ("bch", "mx")]),
)
def test_no_role_reaches_another_country_or_another_realm(
    role: Role, action: Permission, kind: SubmittedBy, elsewhere: tuple[str, str]
) -> None:
    realm, country = elsewhere
    mine = Actor("ana", [held(role)])
    nobody = Actor("ana", [])
    subject = Subject(
        realm=realm, country=country, submitted_by=kind, author="x", role="publishing-authority"
    )
    if role != "secretariat" or realm != "absch":
        assert (may(mine, action, subject, AT) is None) == (may(nobody, action, subject, AT) is None)


@given(st.integers(-3, 3), st.one_of(st.none(), st.integers(-3, 3)))
def test_a_designation_counts_from_its_start_until_its_end(start: int, end: int | None) -> None:
    designation = held(
        "publishing-authority",
        start=AT + timedelta(days=start),
        end=None if end is None else AT + timedelta(days=end),
    )
    grant = may(Actor("ana", [designation]), "publish", Subject(realm="absch", country="mx"), AT)
    assert (grant is not None) == (start <= 0 and (end is None or end > 0))
    assert grant is None or grant.rests_on == designation


def test_a_recipients_country_may_see_the_evidence_too() -> None:
    mexican = Actor("ana", [held("national-focal-point")])
    german_record = Subject(realm="absch", country="de", countries=frozenset({"mx"}))
    assert may(mexican, "read-evidence", german_record, AT) is not None
    assert may(mexican, "read-evidence", Subject(realm="absch", country="de"), AT) is None
