"""A web page in, its article out: the body without navigation and advertisements, and what the page says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from pipeline.sources import dates
from pipeline.sources.apart import Part, UnparsableError
from pipeline.sources.articles import article, well_formed
from pipeline.sources.documents import TOO_LARGE, Document, Options
from pipeline.sources.encodings import decode
from pipeline.sources.found import Found, Skipped, Unreadable
from pipeline.sources.needs import needed

NO_BODY = "a page without an article"

# Where pages write when they were published, with the time of day that trafilatura leaves out.
_TIMES = re.compile(
    r"""["']datePublished["']\s*:\s*["']([^"'<>]{10,40})["']"""
    r"""|<meta[^<>]{0,200}?(?:article:published_time|datePublished|parsely-pub-date|DC\.date\.issued|pubdate)["'][^<>]{0,200}?"""
    r"""content\s*=\s*["']([^"'<>]{10,40})["']"""
    r"""|<time[^<>]{0,200}?datetime\s*=\s*["']([^"'<>]{10,40})["']""",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"""<html[^<>]{0,500}?\blang\s*=\s*["']?([A-Za-z][A-Za-z0-9-]*)""", re.IGNORECASE)
_FEWEST_WORDS = 5  # of the longest line: less is a menu
_CELL_BORDER = re.compile(r"\s*\|\s*")
_RULE = re.compile(r"[-\s]+")
_HEAD_CHARS = 200_000  # a page says these within its first so many


def read_page(document: Document, options: Options) -> Iterator[Found]:
    """The one article of a page; skipped where it has none."""
    value = document.whole()
    if value is None:
        yield Unreadable(document.name, TOO_LARGE)
        return
    try:
        (part,) = options.apart.parse("page", value, url=document.url, charset=document.charset)
    except UnparsableError as exc:
        yield Unreadable(document.name, str(exc))
        return
    if part.why:
        yield Skipped(document.name, part.why)
        return
    fields = {**part.fields, "source": options.source or part.fields.get("source")}
    yield article(document, 0, fields, mended=part.mended)


def parse_page(value: bytes, *, url: str | None = None, charset: str | None = None) -> list[Part]:
    """One part. ``url`` is where the page came from: it counts, whatever address the page gives itself.

    Raises:
        UnparsableError: it is no HTML.
    """
    html, _, mended = decode(value, charset=charset)
    found = _extracted(html, url)
    text = _text(found.text or "") if found else ""
    if not any(len(line.split()) >= _FEWEST_WORDS for line in text.split("\n")):
        return [Part(why=NO_BODY)]
    published, assumed = _published(html[:_HEAD_CHARS], found.date)
    fields: dict[str, Any] = {
        "text": text,
        "title": _line(found.title),
        "url": url or found.url,
        "source": _line(found.sitename) or found.hostname,
        "authors": [name for name in (_line(part) for part in (found.author or "").split(";")) if name],
        "language": (match[1] if (match := _LANGUAGE.search(html[:_HEAD_CHARS])) else None) or found.language,
        "published": published,
    }
    return [Part(fields=well_formed(fields), mended=(*mended, *([assumed] if assumed else ())))]


def _extracted(html: str, url: str | None) -> Any:  # noqa: ANN401  (trafilatura's Document, or None)
    # No extensive search: a day that stands somewhere in the text is not when it was published.
    settings = {**needed("trafilatura.settings").set_date_params(extensive=False)}
    return needed("trafilatura").bare_extraction(
        html, url=url, with_metadata=True, include_comments=False, date_extraction_params=settings
    )


def _text(written: str) -> str:
    """Without the bars that trafilatura puts between the cells of a table."""
    rows = (_CELL_BORDER.sub(" ", line).strip() if line.startswith("|") else line for line in written.split("\n"))
    return "\n".join(row for row in rows if row and not _RULE.fullmatch(row))


def _published(head: str, day: str | None) -> tuple[str | None, str | None]:
    """The first time that the page gives for its day, or for any where trafilatura found none."""
    for match in _TIMES.finditer(head):
        written = unescape(next(filter(None, match.groups())))
        found, assumed = dates.to_rfc3339(written)
        if found and (day is None or found[:10] == day):
            return found, assumed
    if day:
        return dates.to_rfc3339(day)
    return None, dates.MISSING


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
