"""JSON in, its records out, byte for byte: whether it is an article, ArticleV1 or ninjs, is the stream's to say.

A list of articles is as many records, wherever it stands for one.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace

import orjson

from pipeline.sources.articles import json_record
from pipeline.sources.documents import TOO_LARGE, Document, Options, lines
from pipeline.sources.formats.json_lists import read_list
from pipeline.sources.found import MAX_DOCUMENT_BYTES, Found, SourceRecord, Unreadable

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
BLANK = b" \t\r\n\f\v"


def read_json(document: Document, options: Options) -> Iterator[Found]:
    """One object, or a list of them, over the whole document."""
    value = document.whole()
    if value is None:
        yield Unreadable(document.name, f"{TOO_LARGE}; send a list in parts, or as JSON lines")
        return
    yield from _records(value, document, options, 0, document.name)


def _records(value: bytes, document: Document, options: Options, number: int, place: str) -> Iterator[Found]:
    several = read_list(value, document, options, place)
    yield from [json_record(document, number, value, place=place)] if several is None else several


def read_json_lines(document: Document, options: Options) -> Iterator[Found]:
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
            for found in _records(line.rstrip(b"\r\n"), document, options, number, place):
                yield replace(found, number=number) if isinstance(found, SourceRecord) else found
                number += 1


def read_some_json(document: Document, options: Options) -> Iterator[Found]:
    """One object in each line; or, where the first line is no whole object, one object over all lines."""
    head = b""
    while len(head) <= MAX_DOCUMENT_BYTES and (line := document.stream.readline(MAX_DOCUMENT_BYTES + 1 - len(head))):
        head += line
        if line.strip(BLANK + codecs.BOM_UTF8):
            break
    if not _is_json(head):
        head += document.stream.read(MAX_DOCUMENT_BYTES + 1 - len(head))
        if len(head) <= MAX_DOCUMENT_BYTES and _is_json(head):
            yield from _records(head, document, options, 0, document.name)
            return
    yield from read_json_lines(document.led_by(head), options)


def _is_json(value: bytes) -> bool:
    try:
        orjson.loads(value.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        return False
    return True
