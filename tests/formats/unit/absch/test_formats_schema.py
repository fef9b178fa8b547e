from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from clearinghouse_formats import Catalogue, json_schema

Example = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def validators(catalogue: Catalogue) -> dict[str, Draft202012Validator]:
    return {name: Draft202012Validator(json_schema(one)) for name, one in catalogue.formats.items()}


Validators = dict[str, Draft202012Validator]


def test_every_schema_is_one_of_draft_2020_12(catalogue: Catalogue) -> None:
    for declared in catalogue.formats.values():
        schema = json_schema(declared)
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["title"] == declared.name


def test_every_sample_fits_its_schema(stock: dict[str, Any], validators: Validators) -> None:
    for uid, document in stock.items():
        assert [
            error.json_path for error in validators[document["header"]["schema"]].iter_errors(document)
        ] == [], uid


@pytest.mark.parametrize(
    ("uid", "changes"),
    [
        ("sample-mx-permit-1", {"picGranted": False}),
        ("sample-mx-permit-1", {"providersConfidential": True}),
        ("sample-mx-permit-1", {"usages": [{"identifier": "no-such-use"}]}),
        ("sample-mx-permit-1", {"usages": [5]}),
        ("sample-mx-permit-1", {"government": {"identifier": "MX"}}),
        ("sample-mx-permit-1", {"amendmentIntent": 2}),
        ("sample-mx-permit-1", {"unknown": 1}),
        ("sample-mx-permit-1", {"title": {"pt": "x"}}),
        ("sample-mx-measure", {"type": {"identifier": "no-such-type"}}),
        ("sample-mx-measure", {"type": {"name": "no identifier"}}),
        ("sample-mx-measure", {"status": {"identifier": "status-retired"}}),
        ("sample-mx-focal-point", {"categories": ["no-such-category"]}),
        ("sample-de-communique-1", {"absIRCCsNotAvailable": True}),
        (
            "sample-mx-authority",
            {"header": {"identifier": "short", "schema": "authority", "languages": ["es"]}},
        ),
        (
            "sample-mx-authority",
            {"header": {"identifier": "long-enough-it-is", "schema": "x", "languages": ["es"]}},
        ),
    ],
)
def test_the_schema_refuses_too(
    example: Example, validators: Validators, uid: str, changes: dict[str, Any]
) -> None:
    document = example(uid)
    validator = validators[document["header"]["schema"]]
    assert validator.is_valid(document)
    assert not validator.is_valid({**document, **changes})


def test_a_revocation_fits_the_schema(example: Example, validators: Validators) -> None:
    revocation = {
        "header": example("sample-mx-permit-1")["header"],
        "government": {"identifier": "mx"},
        "amendmentIntent": 1,
        "amendmentDescription": {"es": "Incumplimiento"},
    }
    assert validators["absPermit"].is_valid(revocation)
    del revocation["amendmentDescription"]
    assert not validators["absPermit"].is_valid(revocation)


def test_the_schema_shows_terms_targets_flags_and_private_fields(catalogue: Catalogue) -> None:
    properties = json_schema(catalogue.format("absPermit"))["properties"]
    assert properties["providers"]["x-confidential-flag"] == "providersConfidential"
    assert properties["notes"]["x-private"] is True
    assert properties["absCNA"]["x-reference-to"] == ["authority"]
    assert "Non-commercial" in str(properties["usages"])
    assert "pic_granted" not in properties
