"""Which reader a document is for: its ending says it, else its first bytes. START HERE to add a source."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

from pipeline.sources.documents import Document, Options
from pipeline.sources.encodings import is_binary
from pipeline.sources.formats.archives import read_gzip, read_zip
from pipeline.sources.formats.feed import read_feed
from pipeline.sources.formats.json_lines import BLANK, read_json, read_json_lines, read_some_json
from pipeline.sources.formats.page import read_page
from pipeline.sources.formats.table import is_header, read_table
from pipeline.sources.formats.texts import read_markdown, read_text
from pipeline.sources.formats.warc import read_warc
from pipeline.sources.found import Found, Skipped, Unreadable

Reader = Callable[[Document, Options], Iterator[Found]]

UNKNOWN = "unknown format"

_HEAD_BYTES = 64 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PROLOG = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!doctype\s+(?!html)(?:[^<>\[]|\[.*?\]\s*)*>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(rb"<(?:!doctype\s+)?([a-z][\w:.-]*)", re.IGNORECASE)
_JSON = re.compile(rb"\{|\[\s*(?:\{|$)")  # "[Update] The city ..." is a text
_FEED_ROOTS = frozenset({b"rss", b"feed", b"rdf", b"channel"})
_PAGE_ROOTS = frozenset(b"html head body article meta title h1 section main div p table".split())


def _gzip(document: Document, options: Options) -> Iterator[Found]:
    return read_gzip(document, options, read)


def _zip(document: Document, options: Options) -> Iterator[Found]:
    return read_zip(document, options, read)


def _warc(document: Document, options: Options) -> Iterator[Found]:
    return read_warc(document, options, read)


def _xml(document: Document, options: Options) -> Iterator[Found]:
    """A page where the root says so, else a feed."""
    head = _head(document)
    reader = read_page if _by_content(head) is read_page else read_feed
    return reader(document.led_by(head), options)


READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_table,
    ".tsv": read_table,
    ".xml": _xml,
    ".rss": read_feed,
    ".atom": read_feed,
    ".rdf": read_feed,
    ".cdf": read_feed,
    ".html": read_page,
    ".htm": read_page,
    ".xhtml": read_page,
    ".warc": _warc,
    ".wet": _warc,
    ".arc": _warc,
    ".gz": _gzip,
    ".zip": _zip,
}


def read(document: Document, options: Options) -> Iterator[Found]:
    """The articles of a document, and what of it holds none."""
    reader = READERS.get(document.ending)
    if reader is None:
        head = _head(document)
        if not head.strip(BLANK + codecs.BOM_UTF8):
            if document.ending or not document.named:
                yield Skipped(document.name, UNKNOWN, "empty")
            return
        document = document.led_by(head)
        reader = _by_content(head)
        if reader is None:
            # A text without an ending is an article where the user named it; in a directory it may be anything.
            if is_binary(head) or document.ending or not document.named:
                yield _unknown(document)
                return
            reader = read_text
    yield from reader(document, options)


def _unknown(document: Document) -> Found:
    if document.named:
        return Unreadable(document.name, f"{UNKNOWN}; claimwire reads {', '.join(READERS)}")
    return Skipped(document.name, UNKNOWN, document.ending or None)


def _head(document: Document) -> bytes:
    """The first line that is not blank, and of markup as much as leads to its root; never waits for more."""
    head = b""
    while len(head) < _HEAD_BYTES and (line := document.stream.readline(_HEAD_BYTES - len(head))):
        head += line
        plain = _plain(head)
        if plain and not (plain.startswith(b"<") and _root(plain) is None):
            break
    return head


def _plain(head: bytes) -> bytes:
    """The ASCII of it, also where it is UTF-16 or UTF-32."""
    if head.startswith((*_UTF16, b"\0", b"<\0")):
        head = head.removeprefix(_UTF16[0]).removeprefix(_UTF16[1]).replace(b"\0", b"")
    return head.removeprefix(codecs.BOM_UTF8).lstrip(BLANK)


def _root(plain: bytes) -> bytes | None:
    """The name of the first element, or ``html`` where the document type says so; None where none is in sight."""
    found = _ROOT.match(_PROLOG.sub(b"", plain).lstrip(BLANK))
    return found[1].lower().rpartition(b":")[2] if found else None


_MAGIC: tuple[tuple[bytes, Reader], ...] = (
    (b"\x1f\x8b", _gzip),
    (b"PK\x03\x04", _zip),
    (b"PK\x05\x06", _zip),
    (b"WARC/", _warc),
)


def _by_content(head: bytes) -> Reader | None:
    packed = next((reader for magic, reader in _MAGIC if head.startswith(magic)), None)
    if packed:
        return packed
    plain = _plain(head)
    if _JSON.match(plain):
        return read_some_json
    if plain.startswith(b"<"):
        return _by_root(plain)
    return read_table if is_header(plain.split(b"\n", 1)[0].decode("utf-8", "replace")) else None


def _by_root(plain: bytes) -> Reader | None:
    root = _root(plain)
    if root in _PAGE_ROOTS:
        return read_page
    return read_feed if root in _FEED_ROOTS or plain.startswith(b"<?xml") else None
