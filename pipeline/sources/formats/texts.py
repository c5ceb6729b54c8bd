"""Plain text and Markdown in, one article out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.contract.markup import without_markup
from pipeline.sources import dates
from pipeline.sources.articles import article
from pipeline.sources.documents import TOO_LARGE, Document, Options
from pipeline.sources.encodings import decode_text, is_binary
from pipeline.sources.found import Found, Unreadable
from pipeline.sources.needs import needed

BINARY = "not a text: it holds NUL bytes"

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FRONT_LINE = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*\r?")
_FIRST_HEADING = re.compile(r"\s*<h1>(.*?)</h1>", re.DOTALL)
_FRONT_FIELDS = {
    "title": "title",
    "headline": "title",
    "url": "url",
    "link": "url",
    "source": "source",
    "language": "language",
    "lang": "language",
    "date": "published",
    "published": "published",
    "id": "id",
}
_FRONT_AUTHORS = ("author", "authors", "byline")


def read_text(document: Document, options: Options) -> Iterator[Found]:
    """One article with the text exactly as it stands."""
    value = document.whole()
    if value is None or is_binary(value):
        yield Unreadable(document.name, TOO_LARGE if value is None else BINARY)
        return
    text, _, mended = decode_text(value, charset=document.charset)
    yield article(document, 0, {"text": text, "source": options.source, "url": document.url}, mended=mended)


def read_markdown(document: Document, options: Options) -> Iterator[Found]:
    """One article without the markup; title, author and date from the front matter, else the title from a heading."""
    value = document.whole()
    if value is None or is_binary(value):
        yield Unreadable(document.name, TOO_LARGE if value is None else BINARY)
        return
    text, _, mended = decode_text(value, charset=document.charset)
    fields, body = _front_matter(text)
    html = needed("markdown_it").MarkdownIt("commonmark").enable("table").render(body)
    heading = _FIRST_HEADING.match(html)
    if heading and "title" not in fields:
        fields["title"] = without_markup(heading[1])
        html = html[heading.end() :]
    known = {"source": options.source, "url": document.url, **fields, "text": without_markup(html)}
    missing = () if "published" in fields else (dates.MISSING,)
    yield article(document, 0, known, mended=(*mended, *missing))


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    """The simple ``name: value`` lines of a leading YAML block, and what follows it."""
    block = _FRONT_MATTER.match(text)
    if not block:
        return {}, text
    fields: dict[str, object] = {}
    for line in block[1].split("\n"):
        pair = _FRONT_LINE.fullmatch(line)
        if not pair:
            continue
        name, value = pair[1].lower(), pair[2].strip("\"'")
        if name in _FRONT_FIELDS and value:
            fields[_FRONT_FIELDS[name]] = value
        elif name in _FRONT_AUTHORS and value:
            fields["authors"] = [found for part in value.strip("[]").split(",") if (found := part.strip(" \"'"))]
    return fields, text[block.end() :]
