"""A table with named columns in, an article for each row out: CSV and TSV, one row at a time."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.sources import dates, encodings
from pipeline.sources.articles import article
from pipeline.sources.documents import Document, Options, lines
from pipeline.sources.found import MAX_DOCUMENT_BYTES, Found, Unreadable

# Names of columns that say what they hold, by the article's field; the first one that a table has counts.
COLUMNS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "maintext", "article_text", "full_text", "fulltext", "article", "story"),
    "title": ("title", "headline", "heading"),
    "url": ("url", "link", "href", "permalink"),
    "source": ("source", "publisher", "publication", "outlet", "site", "domain"),
    "authors": ("authors", "author", "byline"),
    "language": ("language", "lang"),
    "published": (
        "published",
        "published_at",
        "publish_date",
        "date_publish",
        "pubdate",
        "pub_date",
        "date",
        "datetime",
    ),
    "updated": ("updated", "updated_at", "modified", "date_modify", "last_modified"),
    "version": ("version",),
    "status": ("status", "pubstatus"),
    "embargo_until": ("embargo_until", "embargo", "embargoed"),
    "id": ("id", "guid", "uid", "article_id"),
}
MORE_CELLS = "row longer than its header"

_NAME = re.compile(r"[^\W\d]\w{0,63}")
_DELIMITERS = ",\t;|"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_table(document: Document, options: Options) -> Iterator[Found]:
    """The rows of a table, named by the line that they begin on. Columns that are no field of an article: ``extra``."""
    csv.field_size_limit(MAX_DOCUMENT_BYTES)
    texts = _texts(document)
    header = next(texts, "")
    rows = csv.reader(texts, delimiter=delimiter_of(header, document.ending), strict=False)
    names = next(csv.reader([header], delimiter=delimiter_of(header, document.ending)), [])
    columns = _columns(names, options.columns)
    missing = [name for name in options.columns.values() if _folded(name) not in map(_folded, names)]
    if missing or "text" not in columns.values():
        yield Unreadable(document.name, _no_column(names, missing))
        return
    number, first_line = 0, 2
    while True:
        place = f"{document.name}:{first_line}"
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as exc:
            yield Unreadable(place, f"no row of a table: {exc}")
            first_line = rows.line_num + 2
            continue
        first_line = rows.line_num + 2
        if any(cell.strip() for cell in cells):
            fields, mended = _fields(names, columns, cells)
            yield article(document, number, {"source": options.source, **fields}, place=place, mended=mended)
            number += 1


def delimiter_of(header: str, ending: str = "") -> str:
    """What parts the names in the first line of a table."""
    if ending == ".tsv":
        return "\t"
    return max(_DELIMITERS, key=header.count)


def is_header(line: str) -> bool:
    """Whether a line names columns, and one of them a text; with one column only, it would be just a word."""
    names = [_folded(name) for name in line.strip().split(delimiter_of(line))]
    return len(names) > 1 and all(map(_NAME.fullmatch, names)) and any(name in COLUMNS["text"] for name in names)


def _folded(name: str) -> str:
    return name.strip().strip("\"'").strip().lower().replace(" ", "_").replace("-", "_")


def _columns(names: Sequence[str], chosen: Mapping[str, str]) -> dict[int, str]:
    """The article's field by the column's number."""
    folded = [_folded(name) for name in names]
    found: dict[int, str] = {}
    for field, usual in COLUMNS.items():
        wanted = (_folded(chosen[field]),) if field in chosen else usual
        place = next((folded.index(name) for name in wanted if name in folded), None)
        if place is not None and place not in found:
            found[place] = field
    return found


def _no_column(names: Sequence[str], missing: Sequence[str]) -> str:
    has = ", ".join(names[:20]) or "none"
    if missing:
        return f"no column {missing[0]!r}; it has {has}"
    return f"no column holds the text; name it with --columns text=NAME. It has {has}"


def _fields(names: Sequence[str], columns: Mapping[int, str], cells: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    values, mended = [], []
    for cell in cells:
        value, noted = _mended(cell)
        values.append(value)
        mended += noted
    fields: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for place, value in enumerate(values[: len(names)]):
        field = columns.get(place)
        if field == "authors":
            fields[field] = [name for part in value.split(";") if (name := part.strip())]
        elif field:
            fields[field] = value if field == "text" else value.strip()
        elif value.strip():
            extra[names[place].strip() or f"column {place + 1}"] = value
    if len(values) > len(names):
        extra["more"] = values[len(names) :]
        mended.append(MORE_CELLS)
    if not fields.get("published"):
        mended.append(dates.MISSING)
    return {**fields, "extra": extra}, mended


def _texts(document: Document) -> Iterator[str]:
    """Lines as text. Bytes that are not UTF-8 come as surrogates, for each cell to be read on its own."""
    first = document.stream.readline(MAX_DOCUMENT_BYTES)
    if encoding := _UTF16.get(first[:2]):
        rest = document.stream.read(MAX_DOCUMENT_BYTES)
        yield from io.StringIO((first[2:] + rest).decode(encoding, "replace"), newline="")
        return
    yield first.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    for line in lines(document.stream):
        yield (line or b"").decode("utf-8", "surrogateescape")


def _mended(cell: str) -> tuple[str, list[str]]:
    """A cell whose bytes are not UTF-8 in the encoding that they look like."""
    if cell.isascii():
        return cell, []
    try:
        cell.encode()
    except UnicodeEncodeError:
        text, _, noted = encodings.decode_text(cell.encode("utf-8", "surrogateescape"))
        return text, list(noted)
    return cell, []
