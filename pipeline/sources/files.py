"""One file or stream in, its articles out: plain text, one JSON object, or JSON lines."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import orjson

from pipeline.contract.codec import decode_article
from pipeline.errors import RecordError
from pipeline.sources.found import MAX_RECORD_BYTES, Found, Skipped, SourceRecord, Unreadable

_TOO_LARGE = f"larger than {MAX_RECORD_BYTES // 2**20} MiB, which is the most for one article"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANK = b" \t\r\n\f\v"
_JSON = ".json"
_JSON_LINES = (".jsonl", ".ndjson")
_TEXT = ".txt"


class Readable(Protocol):
    """As much of a binary file as is needed here; both may give less than ``size`` at the end only."""

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes."""

    def readline(self, size: int, /) -> bytes:
        """The next line, at most ``size`` bytes of it."""


def read_file(path: Path, *, source: str | None) -> Iterator[Found]:
    """The articles of a file by its ending; a ``Skipped`` where no reader is for it."""
    name, ending = readable_name(path), path.suffix.lower()
    if ending not in (_TEXT, _JSON, *_JSON_LINES):
        yield Skipped(name, f"not one of {', '.join((_TEXT, _JSON, *_JSON_LINES))}")
        return
    try:
        modified_ms = int(path.stat().st_mtime * 1000)
        with path.open("rb") as stream:
            if ending in _JSON_LINES:
                yield from _json_lines(name, stream, modified_ms=modified_ms)
            else:
                yield _whole(name, stream, modified_ms=modified_ms, is_text=ending == _TEXT, source=source)
    except OSError as exc:
        yield Unreadable(name, exc.strerror or str(exc))


def readable_name(path: Path) -> str:
    """A path as text that can be printed and put into JSON, also where its bytes are not UTF-8."""
    return str(path).encode(errors="backslashreplace").decode()


def read_stream(name: str, stream: Readable, *, source: str | None) -> Iterator[Found]:
    """The articles of a stream without an ending: JSON where it begins with ``{``, else one plain text.

    JSON is one object in each line; or, where its first line is no whole object, one object over all lines.
    """
    head = _first_line_with_content(stream)
    if not head.strip(_BLANK + codecs.BOM_UTF8):
        return
    if not head.lstrip(_BLANK + codecs.BOM_UTF8).startswith(b"{"):
        yield _whole(name, _Joined(head, stream), modified_ms=0, is_text=True, source=source)
    elif _is_json(head):
        yield from _json_lines(name, _Joined(head, stream), modified_ms=0)
    else:
        whole = head + stream.read(MAX_RECORD_BYTES + 1 - len(head))
        if len(whole) <= MAX_RECORD_BYTES and _is_json(whole):
            yield _record(name, 0, whole, modified_ms=0)
        else:
            yield from _json_lines(name, _Joined(whole, stream), modified_ms=0)


def _first_line_with_content(stream: Readable) -> bytes:
    """Everything up to the end of the first line that is not blank, or as much of it as one record may have."""
    head = b""
    while len(head) <= MAX_RECORD_BYTES and (line := stream.readline(MAX_RECORD_BYTES + 1 - len(head))):
        head += line
        if line.strip(_BLANK + codecs.BOM_UTF8):
            break
    return head


class _Joined:
    """What was read ahead, and then the rest."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def read(self, size: int) -> bytes:
        found = self._head.read(size)
        return found + self._rest.read(size - len(found))

    def readline(self, size: int) -> bytes:
        found = self._head.readline(size)
        if found.endswith(b"\n") or len(found) == size:
            return found
        return found + self._rest.readline(size - len(found))


def _whole(name: str, stream: Readable, *, modified_ms: int, is_text: bool, source: str | None) -> Found:
    value = stream.read(MAX_RECORD_BYTES + 1)
    if len(value) > MAX_RECORD_BYTES:
        return Unreadable(name, _TOO_LARGE)
    if not is_text:
        return _record(name, 0, value, modified_ms=modified_ms)
    try:
        text = value.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as exc:
        encoding = "UTF-16" if value.startswith(_UTF16) else f"not UTF-8 at byte {exc.start}"
        return Unreadable(name, f"{encoding}; convert it to UTF-8, for instance with iconv")
    article = {"text": text, "source": source} if source else {"text": text}
    return _record(name, 0, orjson.dumps(article), modified_ms=modified_ms)


def _json_lines(name: str, stream: Readable, *, modified_ms: int) -> Iterator[Found]:
    """Each line that is not blank, exactly as it stands but for its end; one at a time, however large the file."""
    number = 0
    for line_number, line in enumerate(_lines(stream.readline), start=1):
        place = f"{name}:{line_number}"
        if line is None:
            yield Unreadable(place, _TOO_LARGE)
        elif line_number == 1 and line.startswith(_UTF16):
            yield Unreadable(name, "UTF-16; convert it to UTF-8, for instance with iconv")
            return
        elif line.removeprefix(codecs.BOM_UTF8).strip(_BLANK):
            yield _record(name, number, line.rstrip(b"\r\n"), modified_ms=modified_ms, place=place)
            number += 1


def _lines(readline: Callable[[int], bytes]) -> Iterator[bytes | None]:
    """Lines with their ends; None for one that is too long, whose rest is read and forgotten."""
    while line := readline(MAX_RECORD_BYTES + 1):
        if len(line) <= MAX_RECORD_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = readline(MAX_RECORD_BYTES)
        yield None


def _record(name: str, number: int, value: bytes, *, modified_ms: int, place: str | None = None) -> SourceRecord:
    return SourceRecord(name, number, place or name, key_of(value), value, modified_ms)


def key_of(value: bytes) -> bytes:
    """The key of an article's record: its id as the contract gives it; of what is no article, a hash of the bytes.

    The same article goes to the same partition each time, and a later version of it comes after the earlier one.
    """
    try:
        return decode_article(value, max_chars=MAX_RECORD_BYTES).id.encode()
    except RecordError:
        return blake2b(value, digest_size=8).hexdigest().encode()


def _is_json(value: bytes) -> bool:
    try:
        orjson.loads(value.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        return False
    return True
