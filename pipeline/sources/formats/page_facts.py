"""A page's tree in, what it says of its article out: title, authors, publisher and the time of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pipeline.sources import dates
from pipeline.sources.formats.linked_data import LinkedData
from pipeline.sources.people import folded, people

_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published", "published_time",
    "publishdate", "publish-date", "publish_date", "pubdate", "date.published", "parsely-pub-date", "sailthru.date",
    "rnews:datepublished", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "originalpublicationdate",
    "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date",
    "citation_publication_date", "date",
)  # fmt: skip
_AUTHORS = (
    "author", "article:author", "og:article:author", "article.author", "parsely-author", "sailthru.author", "byl",
    "dc.creator", "dcterms.creator", "cxenseparse:author", "citation_author", "rnews:author",
)  # fmt: skip
_SITES = (
    "og:site_name",
    "application-name",
    "twitter:app:name:iphone",
    "dc.publisher",
    "publisher",
    "copyright-holder",
)
_FROM_ADDRESS = re.compile(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)+")
_SEPARATOR = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022\u00ab\u00bb\u203a\u2039~/-]+\s+|\s*[|\uff5c_]\s*|\s*::\s*")
_SEPARATOR_BEFORE_SITE = re.compile(r":\s+")
_MOST_TITLE_CHARS = 500  # more is no title, and not worth the search
_NEAR = timedelta(hours=26)  # one moment, written with and without its zone
# What is to be said of a date, the best first.
_QUALITY = (None, dates.NO_ZONE, dates.NO_ZONE_KOREAN, dates.UNKNOWN_ZONE, dates.NO_TIME, dates.NO_DAY)


class Dated(NamedTuple):
    """A time of publication after RFC 3339, as it stands on the page, and what had to be assumed."""

    published: str | None
    written: str | None
    assumed: str | None


class PageFacts:
    """What the page says in JSON-LD, in ``meta`` elements and in its text, in this order."""

    def __init__(self, tree: Any, *, url: str | None = None) -> None:  # noqa: ANN401  (lxml's element)
        self._tree, self._url = tree, url
        self._linked = LinkedData(tree, url=url)
        self._meta: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            content = (element.get("content") or "").strip()
            for attribute in ("property", "name", "itemprop"):
                for name in (element.get(attribute) or "").lower().split():
                    self._meta.setdefault(name, []).extend([content] if content else [])

    def language(self) -> str | None:
        """The language that the page says it is in."""
        return next(
            (found for element in self._tree.iter("html") if (found := element.get("lang"))), None
        ) or self._first("content-language", "dc.language", "language")

    def sites(self) -> list[str]:
        """The names of the site and its publisher, the site's first."""
        named = (" ".join(name.split()) for name in (*self._all(*_SITES), *self._linked.publishers()))
        return [name for name in named if name and not name.lower().startswith(("http://", "https://"))]

    def authors(self, *, found: str | None) -> list[str]:
        """The people who wrote it; ``found`` is what was found in the text, names between semicolons."""
        others = {folded(name) for name in self.sites()}
        marked = [_inside(element) for element in self._tree.xpath("//*[@itemprop='author' and not(self::meta)]")]
        linked = [_inside(element) for element in self._tree.xpath("//a[contains(concat(' ', @rel, ' '), ' author ')]")]
        # Of an address, trafilatura makes a name: "Ines-Calder".
        elsewhere = [name for name in (found or "").split(";") if not _FROM_ADDRESS.fullmatch(name.strip())]
        for names in (self._linked.authors(), self._all(*_AUTHORS), marked, linked, elsewhere):
            if authors := people(names, others=others):
                return authors
        return []

    def title(self, *, found: str | None) -> str | None:
        """The headline without the site's name; ``found`` is what was found in the text."""
        headings = [_inside(element) for element in self._tree.xpath("//article//h1 | //main//h1")]
        heads = [head for head in (self._linked.text("headline"), *headings) if head]
        others = [_inside(element) for tag in ("h1", "title") for element in self._tree.iter(tag)]
        written = [self._first("og:title"), *heads, found, *others]
        known = {folded(head) for head in heads}
        host = folded(re.sub(r"^www\.", "", urlsplit(self._url or "").hostname or ""))
        sites = {folded(name) for name in self.sites()}
        titles = (
            _without_site(" ".join((text or "").split()), sites=sites, host=host, known=known) for text in written
        )
        return next(filter(None, titles), None)

    def published(self, *, day: str | None, language: str | None) -> Dated:
        """The time of publication: of all that are near the first one, the one that says most.

        ``day`` is the day that was found in the page, or nothing; times that only stand in the text must be of it.
        """
        read: list[tuple[int, datetime, Dated]] = []
        unread = None
        for written in self._dates(day):
            found, assumed = dates.to_rfc3339(written, language=language)
            if found is None:
                unread = unread or Dated(None, written, assumed)
                continue
            moment = dates.moment(found)
            if not read or abs(moment - read[0][1]) <= _NEAR:
                read.append((_QUALITY.index(assumed), moment, Dated(found, written, assumed)))
        if read:
            return min(read, key=lambda one: one[0])[2]
        return unread or Dated(None, None, dates.MISSING)

    def updated(self, *, language: str | None) -> str | None:
        """The time of the last change; None where the page names none that can be read."""
        marked = self._tree.xpath("//*[@itemprop='dateModified']/@datetime | //*[@itemprop='dateModified']/@content")
        written = filter(None, (self._linked.text("dateModified"), *self._all(*_UPDATED), *marked))
        return next((found for date in written if (found := dates.to_rfc3339(date, language=language)[0])), None)

    def _dates(self, day: str | None) -> Iterator[str]:
        yield from filter(None, (self._linked.text("datePublished"), self._linked.text("dateCreated")))
        yield from self._all(*_PUBLISHED)
        yield from self._tree.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime")
        yield from self._tree.xpath("//*[@itemprop='datePublished' and not(self::meta or self::time)]/@content")
        times = self._tree.xpath("//article//time/@datetime") or self._tree.xpath("//time/@datetime")
        if day:
            yield from (time for time in times if (dates.to_rfc3339(time)[0] or "")[:10] == day)
            yield day
        else:
            yield from times[:1]

    def _all(self, *names: str) -> list[str]:
        return [text for name in names for text in self._meta.get(name, ())]

    def _first(self, *names: str) -> str | None:
        return next(iter(self._all(*names)), None)


def _inside(element: Any) -> str:  # noqa: ANN401
    """The text of an element; of one that marks a person, its name's."""
    named = element.xpath(".//*[@itemprop='name']")
    inner = named[0] if named else element
    return " ".join((inner.get("content") or inner.text_content()).split())


def _without_site(title: str, *, sites: set[str], host: str, known: set[str]) -> str:
    """A title without the parts at its ends that name the site, or that its headline does not have."""
    for separator in (_SEPARATOR, _SEPARATOR_BEFORE_SITE) if len(title) <= _MOST_TITLE_CHARS else ():
        while borders := list(separator.finditer(title)):
            head, tail = title[: borders[-1].start()], title[borders[-1].end() :]
            if _is_site(tail, sites, host) or (folded(head) in known and not _is_site(head, sites, host)):
                title = head
                continue
            head, tail = title[: borders[0].start()], title[borders[0].end() :]
            if not _is_site(head, sites, host):
                break
            title = tail
    return title


def _is_site(part: str, sites: set[str], host: str) -> bool:
    name = folded(part)
    return bool(name) and (name in sites or (len(name) > 3 and host.startswith(name)))  # noqa: PLR2004
