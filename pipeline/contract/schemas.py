"""Events in, their JSON Schemas (2020-12) and one AsyncAPI 3 document out; no I/O.

The files in ``contract/schemas/`` are what ``files`` gives; a test holds them equal.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Literal

import orjson
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from pipeline.contract.events import ArticleV1
from pipeline.contract.headers import CONTENT_TYPE, event_type

# Of the contract as a whole: a field added within a version raises the minor number, a new version of an event too.
CONTRACT_VERSION = "1.0.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
KAFKA_BINDING_VERSION = "0.5.0"
_CONTENT_TYPE = CONTENT_TYPE.decode()
_NINJS = "NinjsItem"


def json_schema(event: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of one event: of ArticleV1 as a producer may send it, of all others as claimwire writes them."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:claimwire:{event_type(event).removeprefix('claimwire.')}",
        **event.model_json_schema(mode=_mode(event), schema_generator=_Generator),
    }


def asyncapi(topics: Mapping[type[BaseModel], str]) -> dict[str, Any]:
    """An AsyncAPI 3.0 document of what travels on ``topics``, as claimwire sees it: articles in, all else out."""
    _, schemas = models_json_schema(
        [(event, _mode(event)) for event in topics],
        ref_template="#/components/schemas/{model}",
        schema_generator=_Generator,
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "claimwire",
            "version": CONTRACT_VERSION,
            "description": "News articles in; sentences, entities and check-worthy claims with who made them out. "
            "Exactly once for consumers that read with isolation.level=read_committed.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": _CONTENT_TYPE,
        "channels": {event.__name__: _channel(event, topic) for event, topic in topics.items()},
        "operations": {f"{_action(event)}{event.__name__}": _operation(event) for event in topics},
        "components": {
            "messages": {**{event.__name__: _message(event) for event in topics}, _NINJS: _ninjs_message()},
            "schemas": {**schemas["$defs"], _NINJS: _NINJS_SCHEMA},
        },
    }


def files(topics: Mapping[type[BaseModel], str]) -> dict[str, bytes]:
    """All schema files by name."""
    documents = {f"{event_type(event).removeprefix('claimwire.')}.json": json_schema(event) for event in topics}
    documents["asyncapi.json"] = asyncapi(topics)
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return {name: orjson.dumps(document, option=options) for name, document in documents.items()}


class _Generator(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes of field names: they say nothing that the names do not."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002  (the signature is pydantic's)
        return False


def _mode(event: type[BaseModel]) -> JsonSchemaMode:
    """A sender may leave out what has a default; claimwire writes it always, so a reader may rely on it."""
    return "validation" if event is ArticleV1 else "serialization"


def _action(event: type[BaseModel]) -> Literal["receive", "send"]:
    return "receive" if event is ArticleV1 else "send"


def _summary(event: type[BaseModel]) -> str:
    """The first line of the event's docstring."""
    return inspect.cleandoc(event.__doc__ or "").partition("\n")[0]


def _message_names(event: type[BaseModel]) -> list[str]:
    return [event.__name__, _NINJS] if event is ArticleV1 else [event.__name__]


def _channel(event: type[BaseModel], topic: str) -> dict[str, Any]:
    return {
        "address": topic,
        "description": _summary(event),
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _message_names(event)},
        "bindings": {"kafka": {"topic": topic, "bindingVersion": KAFKA_BINDING_VERSION}},
    }


def _operation(event: type[BaseModel]) -> dict[str, Any]:
    channel = f"#/channels/{event.__name__}"
    return {
        "action": _action(event),
        "channel": {"$ref": channel},
        "summary": _summary(event),
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in _message_names(event)],
    }


def _message(event: type[BaseModel]) -> dict[str, Any]:
    return {
        "name": event.__name__,
        "summary": _summary(event),
        "contentType": _CONTENT_TYPE,
        "headers": _headers(event),
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        "bindings": _key(event),
    }


def _ninjs_message() -> dict[str, Any]:
    return {
        "name": _NINJS,
        "summary": "An IPTC ninjs item of version 1, 2 or 3, as it is.",
        "contentType": _CONTENT_TYPE,
        "payload": {"$ref": f"#/components/schemas/{_NINJS}"},
        "bindings": _key(ArticleV1),
    }


def _key(event: type[BaseModel]) -> dict[str, Any]:
    key: dict[str, Any] = {"type": "string", "description": "The article's id."}
    if event is ArticleV1:
        key["description"] = "Any; it becomes the article's id where the article brings none."
    if event.__name__ == "RejectedV1":
        key["description"] = "The key of the rejected record, as it came."
    return {"kafka": {"key": key, "bindingVersion": KAFKA_BINDING_VERSION}}


def _headers(event: type[BaseModel]) -> dict[str, Any]:
    """CloudEvents 1.0, binary content mode; every header that the article came with follows it to every output."""
    sent = event is not ArticleV1
    properties: dict[str, Any] = {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_type": {"type": "string", "const": event_type(event)},
        "ce_source": {"type": "string", "description": "/claimwire/ and the name of the stage."},
        "ce_id": {"type": "string", "description": "Derived from the article: the same article gives the same id."},
        "ce_time": {"type": "string", "format": "date-time", "description": "The time of the article's record."},
        "content-type": {"type": "string", "const": _CONTENT_TYPE},
    }
    if sent:
        return {"type": "object", "properties": properties, "required": sorted(properties.keys() - {"ce_time"})}
    return {
        "type": "object",
        "description": "Free. A record that calls itself another event or version by its ce_type is rejected.",
        "properties": {"ce_type": properties["ce_type"]},
    }


_NINJS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A news item after one of IPTC's schemas 1.x, 2.x or 3.x. The text is taken from body_text, from"
    " another body_... field or from bodies, and the title likewise from headline, headline_... or headlines; an item"
    " without a text is rejected.",
    "externalDocs": {"url": "https://iptc.org/standards/ninjs/"},
    "properties": {"uri": {"type": "string", "description": "Becomes the article's id."}},
    "required": ["uri"],
    "not": {"required": ["text"]},
    "additionalProperties": True,
}
