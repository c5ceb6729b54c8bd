"""A record that is no article in; out, what it is, such as an envelope, a list or packed bytes, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

# Where files and answers keep their articles, as a list.
LISTS = ("articles", "items", "entries", "results", "documents", "docs", "stories", "posts", "news")
JSON_FEED = "https://jsonfeed.org/version/"

_EACH = "send each as a record of its own, as 'claimwire push' does with a file of them"
_PUSH = "'claimwire push' makes articles of such a file"
_CONFLUENT_BYTES = 5
_PACKED = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "a zip archive",
    b"%PDF-": "a PDF",
    b"Obj\x01": "an Avro file",
    b"PAR1": "a Parquet file",
}
_ROOT = re.compile(
    rb"(?:\s|<\?.{0,500}?\?>|<!--.{0,2000}?-->|<!doctype[^>\[]{0,500}>)*<(?:[\w.-]+:)?([a-z][\w.-]*)",
    re.DOTALL | re.IGNORECASE,
)
_CONVERT = "claimwire reads IPTC's ninjs: send the item as that, or its text as an article"
_NEWSML_G2 = ("newsitem", "newsmessage", "packageitem", "conceptitem", "knowledgeitem", "planningitem")
_XML = {
    **dict.fromkeys(_NEWSML_G2, ("NewsML-G2", _CONVERT)),
    **dict.fromkeys(("newsml", "newsenvelope"), ("NewsML 1", _CONVERT)),
    "nitf": ("NITF", _CONVERT),
    **dict.fromkeys(("rss", "rdf"), ("an RSS feed", _PUSH)),
    "feed": ("an Atom feed", _PUSH),
    **dict.fromkeys(("html", "head", "body", "article", "p", "div"), ("HTML", _PUSH)),
}
_CHANGE = (
    "the record is a change event of Debezium; unwrap it with the transform ExtractNewRecordState of Kafka Connect"
)


def of_bytes(value: bytes) -> str | None:
    """Return what bytes are that are no JSON, and what to do; None where they are not known."""
    if value[:1] == b"\0" and len(value) > _CONFLUENT_BYTES:
        schema = int.from_bytes(value[1:_CONFLUENT_BYTES], "big")
        return (
            f"the record begins with Confluent's magic byte and the number of schema {schema}: a serializer of a Schema"
            " Registry wrote it; send the JSON alone, such as with StringSerializer or Kafka Connect's JsonConverter"
        )
    if packed := next((name for magic, name in _PACKED.items() if value.startswith(magic)), None):
        return f"the record is {packed}; send the article's JSON as it is, and let the producer compress it"
    if _ROOT.match(value):
        return f"the record is {of_xml(value) or 'XML; send one JSON object in UTF-8'}"
    return _of_lines(value)


def of_xml(value: bytes) -> str | None:
    """Return what XML or HTML this is, and what to do; None where it is not known."""
    root = _ROOT.match(value)
    known = _XML.get(root[1].decode().lower()) if root else None
    return "; ".join(known) if known else None


def _of_lines(value: bytes) -> str | None:
    lines = value.split(b"\n", 2)
    try:
        first, second = (orjson.loads(line) for line in lines[:2])
    except ValueError:
        return None
    both = isinstance(first, dict) and isinstance(second, dict)
    return f"the record is JSON lines, one object on each line; {_EACH}" if both else None


def of_json(found: object) -> str | None:
    """Return what JSON is that is no article, and what to do; None where it is not known."""
    if isinstance(found, list):
        some = any(isinstance(one, dict) for one in found)
        return f"the record is a list of {_count(found)}; {_EACH}" if some else None
    if isinstance(found, str):
        return "the record is a string of JSON: it was written as JSON twice; do it once" if _is_object(found) else None
    return _of_object(found) if isinstance(found, dict) else None


def _of_object(found: Mapping[str, Any]) -> str | None:
    if {"specversion", "type", "source"} <= found.keys():
        return (
            "the record is a CloudEvent in structured mode; send it in binary mode: its data as the value, and its"
            " attributes as headers (ce_type, ce_source and so on)"
        )
    if {"schema", "payload"} == found.keys():
        inside = found["payload"]
        if isinstance(inside, dict) and _is_change(inside):
            return f"{_CHANGE}, and set value.converter.schemas.enable=false"
        return (
            "the record is the envelope of Kafka Connect's JsonConverter, with schema and payload; set"
            " value.converter.schemas.enable=false, so that the payload alone is sent"
        )
    if _is_change(found):
        return _CHANGE
    if str(found.get("version", "")).startswith(JSON_FEED):
        return f"the record is a JSON Feed; send each of its items as a record of its own: {_PUSH}"
    name = list_of(found)
    return f"the record holds a list of {_count(found[name])} in {name!r}; {_EACH}" if name else None


def _is_change(found: Mapping[str, Any]) -> bool:
    return "op" in found and bool({"before", "after"} & found.keys())


def list_of(found: Mapping[str, Any]) -> str | None:
    """Return the field that holds an object's articles as a list; None where there is none."""
    named = (name for name in LISTS if isinstance(found.get(name), list))
    return next((name for name in named if any(isinstance(one, dict) for one in found[name])), None)


def _count(found: list[Any]) -> str:
    return f"{len(found)} object" + ("s" if len(found) != 1 else "")


def _is_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except ValueError:
        return False
