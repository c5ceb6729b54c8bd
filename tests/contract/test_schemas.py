from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator, ValidationError
from pydantic import BaseModel

from pipeline.contract import schemas
from pipeline.contract.events import ArticleV1
from pipeline.topology import STAGES, TOPICS

FOLDER = Path(schemas.__file__).parent / "schemas"
DOCUMENT = schemas.asyncapi(TOPICS)


def test_the_committed_schemas_are_those_of_the_models() -> None:
    committed = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert committed == schemas.files(TOPICS), "the models have changed: run python tests/contract/write_schemas.py"


@pytest.mark.parametrize("event", TOPICS, ids=lambda event: event.__name__)
def test_a_schema_is_valid_2020_12_and_explains_itself(event: type[BaseModel]) -> None:
    schema = schemas.json_schema(event)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    assert schema["description"]
    assert schema["additionalProperties"] is True


@pytest.mark.parametrize("event", TOPICS, ids=lambda event: event.__name__)
def test_what_claimwire_writes_has_every_field_and_what_it_takes_needs_a_text_or_a_withdrawal_only(
    event: type[BaseModel],
) -> None:
    schema = schemas.json_schema(event)
    if event is ArticleV1:
        assert [case["required"] for case in schema["anyOf"]] == [["text"], ["status"]]
    assert schema.get("required", []) == ([] if event is ArticleV1 else list(event.model_fields))


def test_each_stage_adds_to_the_event_before_it() -> None:
    fields = [set(schemas.json_schema(stage.passes_on)["properties"]) for stage in STAGES]
    assert all(before < after for before, after in pairwise(fields))
    assert fields[-1] - fields[0] >= {"entities", "assertions", "attributions"}


@pytest.mark.parametrize(
    "article",
    [
        {},
        {"text": ""},
        {"text": " \n"},
        {"text": 5},
        {"text": "no", "authors": "x"},
        {"text": "no", "id": ""},
        {"id": "a-1", "status": "usable"},
    ],
)
def test_the_schema_of_articles_refuses_what_the_stream_refuses(article: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(schemas.json_schema(ArticleV1)).validate(article)


def test_the_schema_of_articles_takes_unknown_fields() -> None:
    Draft202012Validator(schemas.json_schema(ArticleV1)).validate({"text": "no", "wordcount": 1})


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from references(part)


def resolve(reference: str) -> Any:
    found: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert found
    assert all(reference.startswith("#/") and resolve(reference) for reference in found)


def test_the_asyncapi_document_has_one_channel_for_each_topic() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert sorted(channel["address"] for channel in DOCUMENT["channels"].values()) == sorted(TOPICS.values())
    for channel in DOCUMENT["channels"].values():
        assert channel["bindings"]["kafka"]["topic"] == channel["address"]


def test_claimwire_receives_articles_and_sends_all_that_its_stages_write() -> None:
    operations = DOCUMENT["operations"].values()
    by_action = {
        action: {
            resolve(operation["channel"]["$ref"])["address"]
            for operation in operations
            if operation["action"] == action
        }
        for action in ("receive", "send")
    }
    assert by_action["receive"] == {"news.articles"}
    assert by_action["send"] >= {TOPICS[event] for stage in STAGES for event in stage.writes}
    for operation in operations:
        messages = resolve(operation["channel"]["$ref"])["messages"].values()
        assert [resolve(message["$ref"]) for message in operation["messages"]] == list(messages)


def test_every_message_names_its_key_its_headers_and_its_payload() -> None:
    messages = DOCUMENT["components"]["messages"]
    assert set(messages) == {event.__name__ for event in TOPICS} | {"NinjsItem"}
    for name, message in messages.items():
        assert message["contentType"] == "application/json"
        assert message["bindings"]["kafka"]["key"]["type"] == "string"
        assert message["payload"] == {"$ref": f"#/components/schemas/{name}"}
    claim = messages["ClaimV1"]["headers"]
    assert claim["properties"]["ce_type"]["const"] == "claimwire.claim.v1"
    assert claim["required"] == ["ce_id", "ce_source", "ce_specversion", "ce_type", "content-type"]
    assert "required" not in messages["ArticleV1"]["headers"]


def test_the_payloads_of_the_asyncapi_document_are_those_of_the_schemas() -> None:
    for event in TOPICS:
        payload = orjson.dumps(DOCUMENT["components"]["schemas"][event.__name__])
        schema = schemas.json_schema(event)
        alone = {name: value for name, value in schema.items() if name not in {"$schema", "$id", "$defs"}}
        assert payload == orjson.dumps(alone).replace(b"#/$defs/", b"#/components/schemas/")
