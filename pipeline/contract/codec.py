"""Bytes in, events out, and back: every byte that claimwire reads from Kafka or writes to it passes here.

What cannot be read raises ``RecordError`` with one of the contract's reasons. Numbers follow I-JSON (RFC 7493): an
integer beyond 64 bits becomes a double; a number beyond the range of a double is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from pipeline.contract import ids, ninjs
from pipeline.contract.events import Article, ArticleV1
from pipeline.contract.headers import check_type
from pipeline.errors import RecordError

E = TypeVar("E", bound=BaseModel)

MAX_DEPTH = 200  # levels of objects and lists; orjson reads 1024 of them and writes 254
_UTF8_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_ARTICLE_FIELDS = frozenset(ArticleV1.model_fields)


def decode_article(
    value: bytes | None,
    *,
    key: bytes | None = None,
    headers: Mapping[str, bytes | None] | None = None,
    max_chars: int,
) -> Article:
    """The article of a record of ``news.articles``: ArticleV1, or an IPTC ninjs item of version 1, 2 or 3.

    ``max_chars`` is the longest text, in Unicode code points. Fields that ArticleV1 lacks are moved to ``extra``.

    Raises:
        RecordError: with the reason not-json, bad-encoding, not-an-article, no-text, too-long or unsupported-version.
    """
    check_type(headers or {}, ArticleV1)
    fields = _json_object(value)
    if ninjs.is_item(fields):
        fields = ninjs.to_article(fields)
    article = _validate(ArticleV1, _gather_extra(fields))
    if len(article.text) > max_chars:
        raise RecordError(
            "too-long",
            f"the text has {len(article.text):,} characters and at most {max_chars:,} are taken (articles.max_chars)",
            where="text",
        )
    if _depth_exceeds(article.extra, MAX_DEPTH):
        raise RecordError("not-an-article", f"nested deeper than {MAX_DEPTH} levels", where="extra")
    settled = article.id or ids.article_id(key=key, url=article.url, text=article.text)
    return Article.model_construct(**{**article.__dict__, "id": settled})


def decode(event: type[E], value: bytes | None, *, headers: Mapping[str, bytes | None] | None = None) -> E:
    """An event of the middle or the end of the chain.

    Raises:
        RecordError: with the reason not-json, bad-encoding, not-an-article or unsupported-version.
    """
    check_type(headers or {}, event)
    return _validate(event, _json_object(value))


def encode(event: BaseModel) -> bytes:
    """An event as UTF-8 JSON; equal events give equal bytes."""
    return orjson.dumps(event.model_dump())


def _json_object(value: bytes | None) -> dict[str, Any]:
    if value is None or not value.strip():
        raise RecordError("not-json", "the record has no value; send one JSON object in UTF-8")
    value = value.removeprefix(_UTF8_BOM)  # editors write it, RFC 8259 lets a reader ignore it
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError as exc:
        raise _why_not_json(value, exc) from exc
    if not isinstance(found, dict):
        raise RecordError("not-an-article", f"the record is {_json_type(found)}; send one JSON object")
    return found


def _why_not_json(value: bytes, exc: orjson.JSONDecodeError) -> RecordError:
    bom = _OTHER_BOMS.get(value[:2])
    if bom:
        return RecordError("bad-encoding", f"the record is in {bom}; send UTF-8", where="byte 0")
    try:
        value.decode()
    except UnicodeDecodeError as wrong:
        return RecordError("bad-encoding", f"not UTF-8: {wrong.reason}; send UTF-8", where=f"byte {wrong.start}")
    return RecordError("not-json", f"not JSON: {exc.msg}", where=f"line {exc.lineno} column {exc.colno}")


def _json_type(value: object) -> str:
    names = {list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null")


def _gather_extra(fields: dict[str, Any]) -> dict[str, Any]:
    """``fields`` with all that ArticleV1 does not know moved to ``extra``; a text must be there."""
    text = fields.get("text")
    if text is None or (isinstance(text, str) and not text.strip()):
        raise RecordError("no-text", "the article has no text; its field 'text' must not be blank", where="text")
    unknown = {name: value for name, value in fields.items() if name not in _ARTICLE_FIELDS}
    if not unknown:
        return fields
    extra = fields.get("extra", {})
    if not isinstance(extra, dict):
        return fields  # for the validation to name
    known = {name: value for name, value in fields.items() if name in _ARTICLE_FIELDS}
    clash = unknown.keys() & extra.keys()
    if clash:
        name = min(clash)
        raise RecordError("not-an-article", f"{name!r} stands both in the article and in its 'extra'", where=name)
    return {**known, "extra": {**extra, **unknown}}


def _validate(event: type[E], fields: dict[str, Any]) -> E:
    try:
        return event.model_validate(fields)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        more = f" (and {exc.error_count() - 1} more)" if exc.error_count() > 1 else ""
        raise RecordError("not-an-article", f"{first['msg']}{more}", where=where or None) from exc


def _depth_exceeds(value: object, limit: int) -> bool:
    level: list[object] = [value]
    for _ in range(limit):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return True
