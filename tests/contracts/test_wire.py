"""The wire stays what partners were told: a golden sample of every event type, and descriptions up to date."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from clearinghouse_messages.envelope import Envelope, Wire
from clearinghouse_messages.events import EVENT_TYPES, decode
from clearinghouse_tools.docs import SAMPLES, described

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / SAMPLES

Json = dict[str, Any]


def sample(name: str) -> Json:
    document: Json = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return document


def read(document: Json) -> Json:
    """What a reader of this version makes of an event, written again."""
    envelope = Envelope.model_validate_json(json.dumps(document))
    payload = decode(envelope)
    assert payload is not None
    assert type(payload) is EVENT_TYPES[envelope.type]
    return {**envelope.model_dump(mode="json"), "data": payload.model_dump(mode="json")}


def required_places(name: str) -> list[tuple[str, str]]:
    """Each required field of envelope and payload, as where it is and what it is called."""
    declared: dict[str, type[Wire]] = {"envelope": Envelope, "payload": EVENT_TYPES[name]}
    return [
        (where, field)
        for where, model in declared.items()
        for field, info in model.model_fields.items()
        if info.is_required()
    ]


def test_every_event_type_has_one_golden_sample_and_nothing_else_has() -> None:
    assert sorted(file.stem for file in GOLDEN.glob("*.json")) == sorted(EVENT_TYPES)


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_a_golden_sample_is_read_and_written_again_unchanged(name: str) -> None:
    document = sample(name)
    assert document["type"] == name
    assert read(document) == document


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_a_reader_ignores_fields_that_it_does_not_know(name: str) -> None:
    document = sample(name)
    later = {
        **document,
        "dataref": "elsewhere",
        "data": {**document["data"], "added": {"in": "a later version"}},
    }
    assert read(later) == document


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_an_event_without_a_field_that_is_promised_is_refused(name: str) -> None:
    document = sample(name)
    places = required_places(name)
    assert len(places) > 10
    for where, field in places:
        spoilt = json.loads(json.dumps(document))
        del (spoilt if where == "envelope" else spoilt["data"])[field]
        with pytest.raises(ValidationError) as refusal:
            read(spoilt)
        assert [error["loc"] for error in refusal.value.errors()] == [(field,)]


def test_an_event_type_that_a_reader_does_not_know_is_passed_over() -> None:
    document = {**sample("int.cbd.record.published.v1"), "type": "int.cbd.record.published.v2"}
    assert decode(Envelope.model_validate(document)) is None


def test_the_generated_descriptions_are_up_to_date() -> None:
    outdated = [
        str(path)
        for path, text in described(ROOT).items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text(encoding="utf-8") != text
    ]
    assert outdated == [], "run `make docs` and commit what it writes"


@pytest.fixture(scope="module")
def asyncapi() -> Json:
    document: Json = json.loads((ROOT / "docs/events/asyncapi.json").read_text(encoding="utf-8"))
    return document


def test_every_reference_of_the_asyncapi_document_leads_somewhere(asyncapi: Json) -> None:
    references = list(references_in(asyncapi))
    assert len(references) > 50
    for reference in references:
        place: Any = asyncapi
        for step in reference.removeprefix("#/").split("/"):
            assert step in place, reference
            place = place[step]


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_schema_of_a_message_takes_its_sample_and_refuses_that_of_another(
    asyncapi: Json, name: str
) -> None:
    message = asyncapi["components"]["messages"][name]
    schema = {**message["payload"], "components": asyncapi["components"]}
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert message["examples"] == [{"name": name, "payload": sample(name)}]
    assert [validator.is_valid(sample(other)) for other in EVENT_TYPES if other != name].count(True) == 0
    validator.validate(sample(name))


def test_every_event_type_is_on_a_topic_of_each_realm_and_only_record_events_are_public(
    asyncapi: Json,
) -> None:
    topics: dict[str, set[str]] = {name: set() for name in EVENT_TYPES}
    for topic, channel in asyncapi["channels"].items():
        for name in set(channel["messages"]) & set(EVENT_TYPES):
            topics[name].add(topic)
        public = [tag["name"] for tag in channel["tags"]] == ["public"]
        assert public == all(name.startswith("int.cbd.record.") for name in channel["messages"])
    realms = {topic.partition(".")[0] for topic in asyncapi["channels"]} - {"dead-letters"}
    assert len(realms) > 1
    for on in topics.values():
        assert {topic.partition(".")[0] for topic in on} == realms


def references_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for part in value.values() for found in references_in(part)]
    if isinstance(value, list):
        return [found for part in value for found in references_in(part)]
    return []
