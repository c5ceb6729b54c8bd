"""A web archive (WARC, WET) in, the articles of its pages, feeds and texts out; one record at a time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from typing import Any

from pipeline.sources.documents import TOO_LARGE, Document, Options, readable_name
from pipeline.sources.found import MAX_DOCUMENT_BYTES, Found, Skipped, Unreadable
from pipeline.sources.needs import needed

ReadDocument = Callable[[Document, Options], Iterator[Found]]

NO_PAGE = "a WARC record without a page"
_OK = "200"
_RECORDS = ("response", "resource", "conversion")
_MARKUP_TYPES = ("text/html", "application/xhtml+xml")
_READ_TYPES = ("text/", *(f"application/{kind}" for kind in ("xhtml", "xml", "rss", "atom", "rdf")))


def read_warc(document: Document, options: Options, read: ReadDocument) -> Iterator[Found]:
    """What ``read`` finds in each record that holds a page, a feed or a text; the others are skipped.

    A page's address is the archive's, not what the page says of itself.
    """
    errors = needed("warcio.exceptions")
    first = document.stream.readline(MAX_DOCUMENT_BYTES)
    if not first.startswith((b"WARC/", b"filedesc:")):
        yield Unreadable(document.name, "not a web archive: it begins with neither WARC nor ARC")
        return
    records = needed("warcio.archiveiterator").ArchiveIterator(_Reader(document.led_by(first)), arc2warc=True)
    number = 0
    while True:
        number += 1
        place = f"{document.name}#{number}"
        try:
            with redirect_stderr(io.StringIO()):  # warcio prints its warnings
                record = next(records)
            inside = _inside(document, place, record)
        except StopIteration:
            return
        except (errors.ArchiveLoadFailed, ValueError, OSError, EOFError, KeyError, AttributeError) as exc:
            # Where a record ends is not known any more: what follows cannot be found.
            said = " ".join(str(exc).split()) or type(exc).__name__
            yield Unreadable(place, f"the web archive is damaged here: {said}")
            return
        yield from read(inside, options) if isinstance(inside, Document) else [inside]


def _inside(document: Document, place: str, record: Any) -> Document | Skipped | Unreadable:  # noqa: ANN401
    """The record's content as a document of its own, read whole: the archive goes on behind it."""
    if record.rec_type not in _RECORDS:
        return Skipped(place, NO_PAGE, record.rec_type)
    kind, _, parameters = (_content_type(record) or "").partition(";")
    status = record.http_headers.get_statuscode() if record.http_headers else _OK
    if status != _OK or not kind.strip().lower().startswith(_READ_TYPES):
        return Skipped(place, NO_PAGE, f"{status} {kind}".strip())
    value = record.content_stream().read(MAX_DOCUMENT_BYTES + 1)
    if len(value) > MAX_DOCUMENT_BYTES:
        return Unreadable(place, TOO_LARGE)
    url = record.rec_headers.get_header("WARC-Target-URI")
    return Document(
        name=place,
        stream=io.BytesIO(value),
        ending=".html" if kind.strip().lower() in _MARKUP_TYPES else ".txt" if record.rec_type == "conversion" else "",
        modified_ms=document.modified_ms,
        url=readable_name(url.strip("<>")) if url else None,
        charset=charset_of(parameters),
        depth=document.depth + 1,
    )


def _content_type(record: Any) -> str | None:  # noqa: ANN401
    headers = record.http_headers or record.rec_headers
    found: str | None = headers.get_header("Content-Type")
    return found


def charset_of(parameters: str) -> str | None:
    """The charset among the parameters of a content type."""
    for part in parameters.split(";"):
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip():
            return value.strip().strip("\"'")
    return None


class _Reader(io.RawIOBase):
    """A document's stream as the file that warcio wants."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._stream = document.stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  (a writable buffer)
        found = self._stream.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)
