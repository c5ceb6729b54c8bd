"""A web page in, its article out: the body without navigation and advertisements, and what the page says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.contract.asides import set_aside
from pipeline.sources.apart import ParsedPart, UnparsableError
from pipeline.sources.articles import article, well_formed
from pipeline.sources.documents import TOO_LARGE, Document, Options
from pipeline.sources.encodings import decode_text
from pipeline.sources.formats.page_facts import PageFacts
from pipeline.sources.found import Found, Skipped, Unreadable
from pipeline.sources.needs import needed

NO_BODY = "a page without an article"

_FEWEST_WORDS = 5  # of the longest line: less is a menu
# Japanese, Chinese, Thai, Lao, Burmese and Khmer put no blanks between words, which have some two letters each.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]{2}")
_CELL_BORDER = re.compile(r"\s*\|\s*")
_RULE = re.compile(r"[-\s]+")


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


def parse_page(value: bytes, *, url: str | None = None, charset: str | None = None) -> list[ParsedPart]:
    """One part. ``url`` is where the page came from: it counts, whatever address the page gives itself.

    Raises:
        UnparsableError: it is no HTML.
    """
    html, _, mended = decode_text(value, charset=charset)
    trafilatura = needed("trafilatura")
    tree = trafilatura.load_html(html)
    if tree is None:
        return [ParsedPart(why=NO_BODY)]
    facts = PageFacts(tree, url=url)
    # No extensive search: a day that stands somewhere in the text is not when it was published.
    settings = {**needed("trafilatura.settings").set_date_params(extensive=False)}
    found = trafilatura.bare_extraction(
        tree, url=url, with_metadata=True, include_comments=False, date_extraction_params=settings
    )
    text = _text(found.text or "") if found else ""
    if not any(_words(line) >= _FEWEST_WORDS for line in text.split("\n")):
        return [ParsedPart(why=NO_BODY)]
    language = facts.language() or found.language
    dated = facts.published(day=found.date, language=language)
    fields: dict[str, Any] = {
        "text": text,
        "title": facts.title(found=found.title),
        "url": url or found.url,
        "source": next(iter(facts.sites()), None) or _line(found.sitename) or found.hostname,
        "authors": facts.authors(found=found.author),
        "language": language,
        "published": dated.published,
        "updated": facts.updated(language=language),
    }
    if dated.written and dated.assumed:
        fields = {
            **set_aside({**fields, "published": dated.written}, {"published": dated.assumed}),
            "published": dated.published,
        }
    return [ParsedPart(fields=well_formed(fields), mended=(*mended, *([dated.assumed] if dated.assumed else ())))]


def _words(line: str) -> int:
    return len(line.split()) + len(_UNSPACED.findall(line))


def _text(written: str) -> str:
    """Without the bars that trafilatura puts between the cells of a table."""
    rows = (_CELL_BORDER.sub(" ", line).strip() if line.startswith("|") else line for line in written.split("\n"))
    return "\n".join(row for row in rows if row and not _RULE.fullmatch(row))


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
