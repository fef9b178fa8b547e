"""The wire stays what partners were told: a golden sample of all that is on it, and descriptions up to date."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from pydantic import ValidationError

from clearinghouse_messages.dead_letters import DeadLetter
from clearinghouse_messages.envelope import Envelope, Wire
from clearinghouse_messages.events import EVENT_TYPES, STREAMS, Payload, Stream, decode, event_type
from clearinghouse_messages.topics import dead_letters, plan
from clearinghouse_tools.docs import SAMPLES, described
from clearinghouse_tools.docs.catalogue import DEAD_LETTER

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
    assert event_type(payload) == EVENT_TYPES[envelope.type]
    return {**envelope.model_dump(mode="json"), "data": payload.model_dump(mode="json")}


def required_places(name: str) -> list[tuple[str, str]]:
    """Each required field of envelope and payload, as where it is and what it is called."""
    declared: dict[str, type[Wire]] = {"envelope": Envelope, "payload": EVENT_TYPES[name].payload}
    return [
        (where, field)
        for where, model in declared.items()
        for field, info in model.model_fields.items()
        if info.is_required()
    ]


def test_every_event_type_and_dead_letters_have_one_golden_sample_and_nothing_else_has() -> None:
    assert sorted(file.stem for file in GOLDEN.glob("*.json")) == sorted([*EVENT_TYPES, DEAD_LETTER])


def test_the_union_of_payloads_holds_exactly_those_of_the_table() -> None:
    assert list(get_args(Payload)) == [declared.payload for declared in EVENT_TYPES.values()]
    assert len(set(get_args(Payload))) == len(EVENT_TYPES)


def test_every_stream_has_an_event_type() -> None:
    assert set(STREAMS) == set(get_args(Stream))


def test_every_event_type_says_in_a_sentence_what_happened() -> None:
    assert [name for name, declared in EVENT_TYPES.items() if not declared.summary.endswith(".")] == []


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


def test_a_dead_letter_is_read_and_written_again_unchanged_whatever_a_later_version_adds() -> None:
    document = sample(DEAD_LETTER)
    later = {**document, "added": {"in": "a later version"}}
    assert DeadLetter.model_validate_json(json.dumps(later)).model_dump(mode="json") == document


@pytest.mark.parametrize(
    "field", [name for name, info in DeadLetter.model_fields.items() if info.is_required()]
)
def test_a_dead_letter_without_a_field_that_is_promised_is_refused(field: str) -> None:
    document = sample(DEAD_LETTER)
    del document[field]
    with pytest.raises(ValidationError, match=field):
        DeadLetter.model_validate(document)


def test_dead_letters_may_name_addresses_so_their_topic_is_internal_and_kept_for_30_days() -> None:
    [planned] = [one for one in plan("dev", ("absch",)) if one.name == dead_letters("dev")]
    assert planned.name == "dev.dead-letters.v1"
    assert (planned.retention_days, planned.public) == (30, False)


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


def test_a_dead_letter_is_described_on_its_topic_which_is_kept_for_30_days(asyncapi: Json) -> None:
    channel = asyncapi["channels"]["dead-letters.v1"]
    assert channel["messages"] == {"dead-letter": {"$ref": "#/components/messages/dead-letter"}}
    kept = channel["bindings"]["kafka"]["topicConfiguration"]["retention.ms"]
    assert kept == timedelta(days=30) / timedelta(milliseconds=1)
    message = asyncapi["components"]["messages"]["dead-letter"]
    assert [example["payload"] for example in message["examples"]] == [sample(DEAD_LETTER)]
    validator = jsonschema.Draft202012Validator({**message["payload"], "components": asyncapi["components"]})
    validator.validate(sample(DEAD_LETTER))
    assert [name for name in EVENT_TYPES if validator.is_valid(sample(name))] == []


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
