import json
from collections import Counter
from typing import Any

import pytest

from clearinghouse_demo.persons import PERSONS
from clearinghouse_demo.samples import generate
from clearinghouse_formats import LANGUAGES, Catalogue, check_publication, references

Line = dict[str, Any]


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return list(generate())


@pytest.fixture(scope="module")
def records(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line["kind"] == "record"]


def _uid(line: Line) -> str:
    return str(line["document"]["header"]["identifier"])


def test_the_same_seed_gives_the_same_samples_and_another_gives_others() -> None:
    assert json.dumps(list(generate(7))) == json.dumps(list(generate(7)))
    assert json.dumps(list(generate(7))) != json.dumps(list(generate(8)))


@pytest.mark.parametrize("seed", [1, 2016, 99_999])
def test_every_sample_may_be_published(catalogue: Catalogue, seed: int) -> None:
    for line in generate(seed):
        if line["kind"] == "record":
            declared = catalogue.format(line["document"]["header"]["schema"])
            assert check_publication(declared, line["document"], revision=1) == [], _uid(line)
            assert catalogue.short_code(line["realm"], declared.name)


def test_every_format_is_represented(catalogue: Catalogue, records: list[Line]) -> None:
    counted = Counter(line["document"]["header"]["schema"] for line in records)
    assert set(counted) == set(catalogue.formats)
    assert 55 <= sum(counted.values()) <= 70


def test_references_lead_to_samples_that_stand_before(catalogue: Catalogue, records: list[Line]) -> None:
    known: dict[str, str] = {}
    for line in records:
        declared = catalogue.format(line["document"]["header"]["schema"])
        for reference in references(declared, line["document"]):
            assert known[reference.identifier] in reference.targets
        assert _uid(line) not in known
        known[_uid(line)] = declared.name


def test_four_countries_and_six_languages_are_represented(catalogue: Catalogue, records: list[Line]) -> None:
    countries = {
        catalogue.format(line["document"]["header"]["schema"]).country(line["document"]) for line in records
    }
    assert countries == {"mx", "de", "ma", "cn", None}
    assert {one for line in records for one in line["document"]["header"]["languages"]} == set(LANGUAGES)


def test_each_mailbox_belongs_to_one_record_of_an_example_domain(records: list[Line]) -> None:
    mailboxes = Counter(email for line in records for email in line["document"].get("emails", []))
    assert all(email.endswith(".example") for email in mailboxes)
    assert set(mailboxes.values()) == {1}


def test_who_publishes_a_sample_is_a_person_to_try(records: list[Line]) -> None:
    assert {line["by"] for line in records} <= {person.sub for person in PERSONS}


def test_persons_come_before_what_they_are_designated_as(lines: list[Line]) -> None:
    kinds = [line["kind"] for line in lines]
    assert kinds == sorted(kinds, key=["person", "designation", "record"].index)
    assert [line["sub"] for line in lines if line["kind"] == "person"] == [person.sub for person in PERSONS]


def test_designations_follow_the_persons_roles(lines: list[Line]) -> None:
    designated = {
        (line["person"], line["realm"], line["role"], line["country"])
        for line in lines
        if line["kind"] == "designation"
    }
    assert ("mx-pa", "absch", "publishing-authority", "mx") in designated
    assert ("mx-pa", "bch", "publishing-authority", "mx") in designated
    assert {("secretariat", realm, "secretariat", None) for realm in ("absch", "bch", "chm")} <= designated
    assert not any(person in {"stranger", "mx-cna"} for person, *_ in designated)


def test_there_is_one_publishing_authority_a_country_and_realm(lines: list[Line]) -> None:
    held = Counter(
        (line["realm"], line["country"])
        for line in lines
        if line["kind"] == "designation" and line["role"] == "publishing-authority"
    )
    assert set(held.values()) == {1}
