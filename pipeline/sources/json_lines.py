"""JSON in, its records out, byte for byte: whether it is an article, ArticleV1 or ninjs, is the stream's to say."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

import orjson

from pipeline.sources.articles import json_record
from pipeline.sources.documents import TOO_LARGE, Document, Options, lines
from pipeline.sources.found import MAX_RECORD_BYTES, Found, Unreadable

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
BLANK = b" \t\r\n\f\v"


def read_json(document: Document, _options: Options) -> Iterator[Found]:
    """One object over the whole document."""
    value = document.whole()
    yield Unreadable(document.name, TOO_LARGE) if value is None else json_record(document, 0, value)


def read_json_lines(document: Document, _options: Options) -> Iterator[Found]:
    """Each line that is not blank, exactly as it stands but for its end; one at a time, however large the file."""
    number = 0
    for line_number, line in enumerate(lines(document.stream), start=1):
        place = f"{document.name}:{line_number}"
        if line is None:
            yield Unreadable(place, TOO_LARGE)
        elif line_number == 1 and line.startswith(_UTF16):
            yield Unreadable(document.name, "UTF-16; convert it to UTF-8, for instance with iconv")
            return
        elif line.removeprefix(codecs.BOM_UTF8).strip(BLANK):
            yield json_record(document, number, line.rstrip(b"\r\n"), place=place)
            number += 1


def read_some_json(document: Document, options: Options) -> Iterator[Found]:
    """One object in each line; or, where the first line is no whole object, one object over all lines."""
    head = b""
    while len(head) <= MAX_RECORD_BYTES and (line := document.stream.readline(MAX_RECORD_BYTES + 1 - len(head))):
        head += line
        if line.strip(BLANK + codecs.BOM_UTF8):
            break
    if not _is_json(head):
        head += document.stream.read(MAX_RECORD_BYTES + 1 - len(head))
        if len(head) <= MAX_RECORD_BYTES and _is_json(head):
            yield json_record(document, 0, head)
            return
    yield from read_json_lines(document.led_by(head), options)


def _is_json(value: bytes) -> bool:
    try:
        orjson.loads(value.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        return False
    return True
