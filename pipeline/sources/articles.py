"""Fields of an article in, the record that is pushed out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import orjson

from pipeline.contract.asides import notes_of, set_aside
from pipeline.contract.codec import decode_article
from pipeline.contract.events import Article
from pipeline.contract.languages import understood
from pipeline.contract.withdrawal import is_withdrawn
from pipeline.errors import RecordError
from pipeline.sources import dates
from pipeline.sources.documents import Document
from pipeline.sources.found import MAX_DOCUMENT_BYTES, Found, Skipped, SourceRecord

NO_TEXT = "no text"
_DATES = frozenset({"published", "updated", "embargo_until"})
LANGUAGE_UNREADABLE = "language unreadable"


def json_record(document: Document, number: int, value: bytes, *, place: str | None = None) -> SourceRecord:
    """A record whose bytes are the sender's own."""
    key, found = _key_and_article(value)
    mended = [f"{name} unusable, kept in extra" for name in notes_of(found.extra)] if found else []
    if found and found.published and dates.is_future(found.published):
        mended.append(dates.FUTURE)
    return SourceRecord(document.name, number, place or document.name, key, value, document.modified_ms, tuple(mended))


def article(
    document: Document, number: int, fields: Mapping[str, Any], *, place: str | None = None, mended: Iterable[str] = ()
) -> Found:
    """An article of ``fields``, which are those of ArticleV1 as the source wrote them.

    It is skipped where it has no text and is not withdrawn. A date becomes RFC 3339; a date or a language that cannot
    be read moves to ``extra``, where nothing is lost. An embargo that cannot be read stays: the stream refuses it.
    """
    name = place or document.name
    if not (fields.get("text") or "").strip() and not is_withdrawn(fields):
        return Skipped(name, NO_TEXT)
    tidy, noted = _tidy(fields)
    value = orjson.dumps(tidy)
    done = tuple(dict.fromkeys((*mended, *noted)))
    return SourceRecord(document.name, number, name, key_of(value), value, document.modified_ms, done)


def _tidy(fields: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    found = {name: well_formed(value) for name, value in fields.items() if value not in (None, "", [], {})}
    why: dict[str, str | None] = {}
    mended: list[str] = []
    read: dict[str, str | None] = {}
    for name in _DATES & found.keys():
        written = found[name]
        read[name], said = dates.to_rfc3339(written, language=found.get("language"))
        mended += [said] if said else []
        if read[name] != written and (read[name] or name != "embargo_until"):
            why[name] = said
    if (published := read.get("published")) and dates.is_future(published):
        mended.append(dates.FUTURE)
    language = understood(found.get("language", ""))
    if language != found.get("language"):
        mended += [] if language else [LANGUAGE_UNREADABLE]
        why["language"] = None if language else LANGUAGE_UNREADABLE
    found = set_aside(found, why) if why else found
    known = {**read, "language": language}
    return {**found, **{name: value for name, value in known.items() if value}}, mended


def well_formed(value: Any) -> Any:  # noqa: ANN401  (whatever JSON can say)
    """The same without halves of surrogate pairs, which no UTF-8 can say."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {well_formed(name): well_formed(part) for name, part in value.items()}
    return [well_formed(part) for part in value] if isinstance(value, list) else value


def key_of(value: bytes) -> bytes:
    """The key of an article's record: its id as the contract gives it; of what is no article, a hash of the bytes.

    The same article goes to the same partition each time, and a later version of it comes after the earlier one.
    """
    return _key_and_article(value)[0]


def _key_and_article(value: bytes) -> tuple[bytes, Article | None]:
    try:
        found = decode_article(value, max_chars=MAX_DOCUMENT_BYTES)
    except RecordError:
        return blake2b(value, digest_size=8).hexdigest().encode(), None
    return found.id.encode(), found
