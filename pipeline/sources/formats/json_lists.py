"""JSON that holds many articles in, these out: a list, a JSON Feed, or an object such as ``{"articles": [...]}``."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

from pipeline.contract.envelopes import JSON_FEED, LISTS, list_of
from pipeline.contract.ids import text_hash
from pipeline.contract.markup import without_markup
from pipeline.sources.articles import article, json_record
from pipeline.sources.documents import Document, Options
from pipeline.sources.formats.feed import is_unique
from pipeline.sources.formats.table import COLUMNS
from pipeline.sources.found import Found
from pipeline.sources.people import people

_MARKS = (b"[", *(f'"{name}"'.encode() for name in LISTS))


def read_list(value: bytes, document: Document, options: Options, place: str) -> Iterator[Found] | None:
    """Yield the articles of a JSON value that holds many, named ``PLACE#1`` and so on; None where it is one record."""
    start = value.removeprefix(codecs.BOM_UTF8).lstrip()
    if not (start.startswith(_MARKS[0]) or any(mark in value for mark in _MARKS[1:])):
        return None
    try:
        found = orjson.loads(start)
    except orjson.JSONDecodeError:
        return None
    if isinstance(found, dict) and "text" not in found and "uri" not in found and (name := list_of(found)):
        if str(found.get("version", "")).startswith(JSON_FEED):
            return _feed(found, document, options, place)
        found = found[name]
    if not isinstance(found, list) or not any(isinstance(one, dict) for one in found):
        return None
    try:
        written = [orjson.dumps(one) for one in found]
    except orjson.JSONEncodeError:  # nested too deeply for any record: the whole is for the stream to reject
        return None
    return (
        _record(one, value, document, options, number, f"{place}#{number + 1}")
        for number, (one, value) in enumerate(zip(found, written, strict=True))
    )


def _record(entry: object, value: bytes, document: Document, options: Options, number: int, place: str) -> Found:
    """An entry as it is where it may be an article, else by the names of its fields, as a row of a table."""
    fields = _named(entry) if isinstance(entry, dict) and not {"text", "uri"} & entry.keys() else {}
    if fields.get("text"):
        with suppress(orjson.JSONEncodeError):
            return article(document, number, {"source": options.source, **fields}, place=place)
    return json_record(document, number, value, place=place)


def _named(value: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an article by the usual names of columns; all others are kept in ``extra``."""
    folded = {_folded(name): name for name in value}
    found: dict[str, Any] = {}
    used: set[str] = set()
    for field, names in COLUMNS.items():
        for name in (folded[usual] for usual in map(_folded, names) if usual in folded):
            text = value[name]
            text = text.get("name") if field == "source" and isinstance(text, dict) else text
            if isinstance(text, str) and text.strip():
                found[field] = people([text]) if field == "authors" else text
                used.add(name)
                break
    return {**found, "extra": {name: part for name, part in value.items() if name not in used}}


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _feed(feed: Mapping[str, Any], document: Document, options: Options, place: str) -> Iterator[Found]:
    """The items of a JSON Feed, versions 1 and 1.1 (https://jsonfeed.org/version/1.1)."""
    home = _text(feed, "feed_url") or _text(feed, "home_page_url") or document.url
    for number, item in enumerate(feed["items"]):
        here = f"{place}#{number + 1}"
        if not isinstance(item, dict):
            yield json_record(document, number, orjson.dumps(item), place=here)
            continue
        guid = str(item.get("id") or "")
        body = (
            _text(item, "content_text") or without_markup(_text(item, "content_html") or "") or _text(item, "summary")
        )
        fields = {
            "id": guid if is_unique(guid) else text_hash(home, guid) if home and guid else None,
            "text": body,
            "title": _text(item, "title"),
            "url": _text(item, "url") or _text(item, "external_url"),
            "source": options.source or _text(feed, "title"),
            "authors": _authors(item) or _authors(feed),
            "language": _text(item, "language") or _text(feed, "language"),
            "published": _text(item, "date_published") or _text(item, "date_modified"),
            "extra": {"categories": tags} if (tags := _tags(item)) else {},
        }
        yield article(document, number, fields, place=here)


def _tags(item: Mapping[str, Any]) -> list[str]:
    tags = item.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _authors(thing: Mapping[str, Any]) -> list[str]:
    listed = thing.get("authors") or [thing.get("author")]
    named = [author for author in (listed if isinstance(listed, list) else [listed]) if isinstance(author, dict)]
    return people(name for author in named if (name := _text(author, "name")))


def _text(thing: Mapping[str, Any], name: str) -> str | None:
    value = thing.get(name)
    return value if isinstance(value, str) and value.strip() else None
