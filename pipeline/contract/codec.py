"""Bytes in, events out, and back: every byte that claimwire reads from Kafka or writes to it passes here.

What cannot be read raises ``RecordError`` with one of the contract's reasons. Numbers follow I-JSON (RFC 7493): an
integer beyond 64 bits becomes a double; a number beyond the range of a double is refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from pipeline.contract import envelopes, ids, ninjs
from pipeline.contract.asides import set_aside
from pipeline.contract.events import Article, ArticleV1
from pipeline.contract.headers import check_type
from pipeline.contract.json_types import json_type
from pipeline.contract.languages import understood
from pipeline.contract.withdrawal import NO_STATUS, is_killed, is_withdrawn, status_of, version_of
from pipeline.errors import RecordError

E = TypeVar("E", bound=BaseModel)

MAX_DEPTH = 200  # levels of objects and lists in ``extra``; orjson reads 1024 of them and writes 254, pydantic 255
NO_LANGUAGE = "unknown language tag; claimwire detects the language from the text"
_SHOWN_CHARS = 80  # of a name that the sender chose
_SEND = "send one JSON object in UTF-8"
# How JSON in another encoding begins: with a byte order mark, or with NULs around its first character (RFC 4627, 3).
_OTHER_ENCODINGS = (
    (re.compile(rb"\xff\xfe\0\0|\0\0\xfe\xff|[^\0]\0\0\0|\0\0\0[^\0](?:\0\0\0|$)", re.DOTALL), "UTF-32"),
    (re.compile(rb"\xff\xfe|\xfe\xff|[^\0]\0[^\0]|\0[^\0]\0", re.DOTALL), "UTF-16"),
)
_ARTICLE_FIELDS = frozenset(ArticleV1.model_fields)
_NEEDED = ("text", "embargo_until")  # without them the article would be another, or come out too early


def decode_article(
    value: bytes | None,
    *,
    key: bytes | None = None,
    headers: Mapping[str, bytes | None] | None = None,
    max_chars: int,
) -> Article:
    """The article of a record of ``news.articles``: ArticleV1, or an IPTC ninjs item of version 1, 2 or 3.

    A record with a key and no value is a canceled article of that id, without a text.
    ``max_chars`` is the longest text, in Unicode code points. Fields that ArticleV1 lacks are moved to ``extra``.

    Raises:
        RecordError: with the reason not-json, bad-encoding, not-an-article, no-text, too-long or unsupported-version.
    """
    check_type(headers or {}, ArticleV1)
    if value is None and key:
        return _withdrawal(key)
    fields = json_object(value)
    if ninjs.is_item(fields):
        fields = ninjs.to_article(fields)
    article = _article(_gather_extra(_without_nulls(fields)))
    if len(article.text) > max_chars:
        raise RecordError(
            "too-long",
            f"the text has {len(article.text):,} characters and at most {max_chars:,} are taken; send it in parts or"
            " raise articles.max_chars",
            where="text",
        )
    _refuse_depth(article.extra)
    if not (article.text or article.id or key or article.url):
        raise RecordError("no-text", "the record withdraws an article and names none; send its 'id'", where="id")
    settled = article.id or ids.article_id(key=key, url=article.url, text=article.text)
    return Article.model_construct(**{**article.__dict__, "id": settled})


def _withdrawal(key: bytes) -> Article:
    try:
        return Article(id=key.decode(), text="", status="canceled")
    except UnicodeDecodeError as exc:
        raise RecordError(
            "bad-encoding",
            "the record withdraws an article, for it has no value, and its key is no id in UTF-8; send the article's id"
            " as the key",
            where="key",
        ) from exc


def _without_nulls(fields: dict[str, Any]) -> dict[str, Any]:
    """Senders write null for what they do not have; nothing is lost by leaving it out. No embargo may be blank too."""
    return {
        name: value
        for name, value in fields.items()
        if name not in _ARTICLE_FIELDS or not (value is None or (name == "embargo_until" and value == ""))
    }


def decode(event: type[E], value: bytes | None, *, headers: Mapping[str, bytes | None] | None = None) -> E:
    """An event of the middle or the end of the chain.

    Raises:
        RecordError: with the reason not-json, bad-encoding, not-an-article or unsupported-version.
    """
    check_type(headers or {}, event)
    fields = json_object(value)
    _refuse_what_cannot_be_written(fields)
    return _validate(event, fields)


def encode(event: BaseModel) -> bytes:
    """An event as UTF-8 JSON; equal events give equal bytes."""
    return orjson.dumps(event.model_dump())


def json_object(value: bytes | None) -> dict[str, Any]:
    """A record's value as a JSON object, of whatever event.

    Raises:
        RecordError: with the reason not-json, bad-encoding or not-an-article.
    """
    value = (value or b"").removeprefix(codecs.BOM_UTF8)  # editors write it, RFC 8259 lets a reader ignore it
    if not value.strip():
        raise RecordError("not-json", f"the record has no value; {_SEND}")
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError as exc:
        raise _why_not_json(value, exc) from exc
    if not isinstance(found, dict):
        said = envelopes.of_json(found) or f"the record is {json_type(found)}; {_SEND}"
        raise RecordError("not-an-article", said)
    return found


def _why_not_json(value: bytes, exc: orjson.JSONDecodeError) -> RecordError:
    for begin, name in _OTHER_ENCODINGS:
        if begin.match(value):
            return RecordError("bad-encoding", f"the record is in {name}; {_SEND}", where="byte 0")
    if said := envelopes.of_bytes(value):
        return RecordError("not-json", said)
    try:
        value.decode()
    except UnicodeDecodeError as wrong:
        return RecordError("bad-encoding", f"not UTF-8: {wrong.reason}; {_SEND}", where=f"byte {wrong.start}")
    return RecordError("not-json", f"not JSON: {exc.msg}; {_SEND}", where=f"line {exc.lineno} column {exc.colno}")


def _gather_extra(fields: dict[str, Any]) -> dict[str, Any]:
    """``fields`` with all that ArticleV1 does not know moved to ``extra``; a text must be there, or a withdrawal."""
    if "status" not in fields and is_killed(fields.get("title")):
        fields = {**fields, "status": "canceled"}
    text = fields.get("text")
    if not text and is_withdrawn(fields):
        fields = {**fields, "text": ""}
    elif text is None and (said := envelopes.of_json(fields)):
        raise RecordError("not-an-article", said)
    elif text is None or (isinstance(text, str) and not text.strip()):
        raise RecordError("no-text", "the article has no text; send it in the field 'text'", where="text")
    unknown = {name: value for name, value in fields.items() if name not in _ARTICLE_FIELDS}
    known = {name: value for name, value in fields.items() if name in _ARTICLE_FIELDS}
    extra = known.get("extra", {})
    if not isinstance(extra, dict):
        known = set_aside(known, {"extra": f"{json_type(extra)}; an object belongs there"})
        extra = known["extra"]
    clash = unknown.keys() & extra.keys()
    if clash:
        name = min(clash)
        shown = name[:_SHOWN_CHARS]
        raise RecordError(
            "not-an-article", f"{shown!r} stands both in the article and in its 'extra'; send one of them", where=shown
        )
    return {**known, "extra": {**extra, **unknown}} if unknown else known


def _article(fields: dict[str, Any]) -> ArticleV1:
    """The article; an optional field that cannot be used costs that field, and is kept in ``extra`` with a note.

    An embargo that cannot be read is refused: what it says must not come out too early.
    """
    for name, understand, unknown in (("language", understood, NO_LANGUAGE), ("status", status_of, NO_STATUS)):
        fields = _with_understood(fields, name, understand, unknown)
    if "version" in fields:
        fields = {**fields, "version": version_of(fields["version"])}
    try:
        return ArticleV1.model_validate(fields)
    except ValidationError as exc:
        why = {str(name): said for (name, *_), said in _said(exc) if name not in _NEEDED}
    return _validate(ArticleV1, set_aside(fields, why))


def _with_understood(
    fields: dict[str, Any], name: str, understand: Callable[[str], str | None], unknown: str
) -> dict[str, Any]:
    """``fields`` with the contract's word for what a field says; the sender's own word for it is set aside."""
    written = fields.get(name)
    if not isinstance(written, str):
        return fields
    word = understand(written)
    if word is None:
        return set_aside(fields, {name: unknown})
    return fields if word == written else {**set_aside(fields, {name: None}), name: word}


def _said(exc: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    errors = exc.errors(include_url=False, include_input=False, include_context=False)
    return [(error["loc"], error["msg"].removeprefix("Value error, ")) for error in errors]


def _validate(event: type[E], fields: dict[str, Any]) -> E:
    try:
        return event.model_validate(fields)
    except ValidationError as exc:
        (loc, said), *others = _said(exc)
        where = ".".join(map(str, loc))
        more = f" (and {len(others)} more)" if others else ""
        raise RecordError("not-an-article", f"{where}: {said}{more}", where=where) from exc


def _refuse_depth(extra: object) -> None:
    """An article's own limit lies below the codec's, so that every event that carries it can be written."""
    level = [extra]
    for _ in range(MAX_DEPTH):
        level = [part for whole in level for part in _parts(whole) if isinstance(part, (dict, list))]
        if not level:
            return
    raise RecordError("not-an-article", f"nested deeper than {MAX_DEPTH} levels; send it flatter", where="extra")


def _refuse_what_cannot_be_written(fields: dict[str, Any]) -> None:
    """Only depth keeps JSON that was read from being written; writing it is the quickest way to find out."""
    try:
        orjson.dumps(fields)
    except orjson.JSONEncodeError as exc:
        raise RecordError("not-an-article", "nested too deeply to be written again; send it flatter") from exc


def _parts(whole: object) -> Iterable[object]:
    return whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()
