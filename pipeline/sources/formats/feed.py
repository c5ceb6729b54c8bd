"""A feed in, its entries out as articles: RSS 0.9 to 2.0, Atom 0.3 and 1.0, CDF, well-formed or not."""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

from pipeline.contract.asides import set_aside
from pipeline.contract.envelopes import of_xml
from pipeline.contract.ids import text_hash
from pipeline.contract.markup import without_markup
from pipeline.sources import dates, encodings
from pipeline.sources.apart import ParsedPart, UnparsableError
from pipeline.sources.articles import NO_TEXT, article, well_formed
from pipeline.sources.documents import TOO_LARGE, Document, Options
from pipeline.sources.found import Found, Skipped, Unreadable
from pipeline.sources.needs import needed
from pipeline.sources.people import people

NO_ENTRIES = "a feed without entries"
NO_FEED = "neither RSS nor Atom"
ILL_FORMED = "XML not well-formed"
ESCAPED_TWICE = "escaped twice"
NO_CHARACTER = "a reference to no character"
NO_REFERENCE = "withdraws an entry without saying which one"
SHARED_GUID = "an id that several entries share"

_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|img|h[1-6]|blockquote|table|font)\b[^<>]*>", re.IGNORECASE
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_REFERENCES = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_MOST_DIGITS = 12
_SURROGATES = (0xD800, 0xDFFF)
_URI = re.compile(r"(?:https?://|urn:|tag:)\S+", re.IGNORECASE)
_ENCODING = re.compile(r"(<\?xml[^>]{0,100}?)\bencoding\s*=\s*[\"'][^\"'<>]*[\"']", re.IGNORECASE)
_DECLARATION_BYTES = 200
_OTHERWISE_KNOWN = (b"\xff\xfe", b"\xfe\xff", b"\x4c\x6f\xa7\x94")  # UTF-16 and EBCDIC
_CUT_ADDRESS = re.compile(r"\.[a-z]{4}$", re.IGNORECASE)
_CUT_OFF = re.compile(r"^[a-z-]+\s*(?=\(|$)|(?<=[(<])[a-z-]+(?=[)>]|$)", re.IGNORECASE)
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_WEB = ("http://", "https://")
_DATES = ("published", "created", "updated")
_HTML_TYPES = ("text/html", "application/xhtml+xml")


def read_feed(document: Document, options: Options) -> Iterator[Found]:
    """The entries of a feed in their order, named ``NAME#1`` and so on."""
    value = document.whole()
    if value is None:
        yield Unreadable(document.name, TOO_LARGE)
        return
    try:
        parts = options.apart.parse("feed", value, url=document.url, charset=document.charset)
    except UnparsableError as exc:
        # In a directory, XML may be anything.
        passed_over = str(exc).startswith(NO_FEED) and not document.named
        yield Skipped(document.name, NO_FEED) if passed_over else Unreadable(document.name, str(exc))
        return
    if not parts:
        yield Skipped(document.name, NO_ENTRIES)
    for number, part in enumerate(parts):
        place = f"{document.name}#{number + 1}"
        if part.why:
            yield Skipped(place, part.why)
        else:
            fields = {**part.fields, "source": options.source or part.fields.get("source")}
            yield article(document, number, fields, place=place, mended=part.mended)


def parse_feed(value: bytes, *, url: str | None = None, charset: str | None = None) -> list[ParsedPart]:
    """A part for each entry. ``url`` is where the feed came from, ``charset`` what HTTP said of it.

    Nothing is fetched, whatever the feed refers to.

    Raises:
        UnparsableError: it is no feed.
    """
    value, charset, recoded = _recoded(value, charset)
    headers = {"content-location": url or ""}
    if charset:
        headers["content-type"] = f"application/xml; charset={charset}"
    try:
        found = _parsed(value, headers)
    except (ValueError, OverflowError):
        # References to characters that there are none of; UnicodeEncodeError is a ValueError.
        found, recoded = _parsed(_REFERENCES.sub(_to_a_character, value), headers), (*recoded, NO_CHARACTER)
    entries = found.entries
    if not entries and not found.get("version"):
        kind = of_xml(value)
        raise UnparsableError(f"{NO_FEED} but {kind}" if kind else NO_FEED)
    deleted = list(_deleted(value)) if b"deleted-entry" in value else []
    whole = (*recoded, *_mended(found))
    home = _text(found.feed, "id") or _text(found.feed, "link") or url
    shared = {guid for guid, count in Counter(_text(entry, "id") for entry in entries).items() if count > 1}
    feed = _Feed(home=home, title=_title(found.feed), language=_text(found.feed, "language"), shared=shared)
    return [*(_part(entry, feed, whole) for entry in entries), *(_withdrawal(entry, feed) for entry in deleted)]


def _parsed(value: bytes, headers: dict[str, str]) -> Any:  # noqa: ANN401  (feedparser has no types)
    # A stream: feedparser would open what is given to it as text, a file or an address.
    return needed("feedparser").parse(
        io.BytesIO(value), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _to_a_character(reference: re.Match[bytes]) -> bytes:
    number = int(reference[1][:_MOST_DIGITS], 16) if reference[1] else int(reference[2][:_MOST_DIGITS])
    is_one = number <= sys.maxunicode and not _SURROGATES[0] <= number <= _SURROGATES[1]
    return reference[0] if is_one else b"&#65533;"


def _deleted(value: bytes) -> Iterator[Any]:
    """The tombstones of an Atom feed (RFC 6721)."""
    etree = needed("lxml.etree")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    tree = etree.fromstring(value, parser)
    if tree is not None:
        yield from tree.iter(f"{{{_TOMBSTONES}}}deleted-entry")


def _withdrawal(entry: Any, feed: _Feed) -> ParsedPart:  # noqa: ANN401
    reference = _id((entry.get("ref") or "").strip(), feed)
    if reference is None:
        return ParsedPart(why=NO_REFERENCE)
    updated, _ = dates.to_rfc3339(entry.get("when") or "")
    return ParsedPart(fields=well_formed({"id": reference, "status": "canceled", "updated": updated}))


class _Feed(NamedTuple):
    """What entries take from their feed."""

    home: str | None
    title: str | None
    language: str | None
    shared: set[str | None]


def _recoded(value: bytes, charset: str | None) -> tuple[bytes, str | None, tuple[str, ...]]:
    """The same in UTF-8, and that charset, where nothing true is said of its encoding and XML would not know it."""
    head = value[:_DECLARATION_BYTES]
    if b"\0" in head or head.startswith(_OTHERWISE_KNOWN):
        return value, charset, ()
    text, _, mended = encodings.decode_text(value, charset=charset)
    if not mended:
        return value, charset, ()
    return _ENCODING.sub(r"\1", text, count=1).encode(), "utf-8", mended


def _mended(found: Any) -> Iterator[str]:  # noqa: ANN401  (feedparser has no types)
    trouble = type(found.get("bozo_exception")).__name__
    if trouble.startswith("CharacterEncoding"):
        yield encodings.WRONG
    elif found.get("bozo") and trouble != "NonXMLContentType":
        yield ILL_FORMED


def _part(entry: Any, feed: _Feed, mended: tuple[str, ...]) -> ParsedPart:  # noqa: ANN401
    text, twice = _body(entry)
    if not text.strip():
        return ParsedPart(why=NO_TEXT)
    guid, link = _text(entry, "id"), _text(entry, "link")
    language = _language(entry) or feed.language
    published, raw, said = _published(entry, language)
    fields = {
        "id": _id(guid, feed),
        "text": text,
        "title": _title(entry),
        # A guid that is a permalink, feedparser gives as the link of an entry without one.
        "url": link if link and link.lower().startswith(_WEB) else None,
        "source": _title(dict.get(entry, "source")) or feed.title,
        "authors": _authors(entry),
        "language": language,
        "published": published,
        "updated": dates.to_rfc3339(_text(entry, "updated") or "", language=language)[0],
        "extra": _extra(entry, guid=guid if guid in feed.shared else None),
    }
    if raw:
        fields = {**set_aside({**fields, "published": raw}, {"published": said}), "published": published}
    noted = [
        *mended,
        *([ESCAPED_TWICE] if twice else ()),
        *([SHARED_GUID] if guid and guid in feed.shared else ()),
        *([said] if said else ()),
    ]
    return ParsedPart(fields=well_formed(fields), mended=tuple(dict.fromkeys(noted)))


def is_unique(guid: str) -> bool:
    """Whether an id is one of the web's, which no other feed uses: an address, a URN or a tag."""
    return bool(_URI.fullmatch(guid))


def _id(guid: str | None, feed: _Feed) -> str | None:
    """The entry's own id, which a feed need keep unique in itself only; None leaves it to the contract's rule."""
    if not guid or guid in feed.shared:
        return None
    if is_unique(guid):
        return guid
    return text_hash(feed.home, guid) if feed.home else None


def _body(entry: Any) -> tuple[str, bool]:  # noqa: ANN401
    """The longest of an entry's texts, and whether it was escaped once too often."""
    details = [*(dict.get(entry, "content") or ()), dict.get(entry, "summary_detail") or {}]
    return max((_plain(detail) for detail in details), key=lambda found: len(found[0]))


def _plain(detail: Any) -> tuple[str, bool]:  # noqa: ANN401
    value = dict.get(detail, "value") or ""
    text = without_markup(value) if dict.get(detail, "type") in _HTML_TYPES else value.strip()
    if _MARKUP.search(text):
        return without_markup(text), True
    if _REFERENCE.search(text) and (once := unescape(text)) != text:
        return once, True
    return text, False


def _title(node: Any) -> str | None:  # noqa: ANN401
    detail = dict.get(node, "title_detail") if isinstance(node, dict) else None
    return (" ".join(_plain(detail)[0].split()) or None) if detail else None


def _text(node: Any, name: str) -> str | None:  # noqa: ANN401
    """A field as it is, without feedparser's fallbacks to others."""
    value = dict.get(node, name)
    return (value.strip() or None) if isinstance(value, str) else None


def _published(entry: Any, language: str | None) -> tuple[str | None, str | None, str | None]:  # noqa: ANN401
    """The date, the date as it stands where it does not say all or cannot be read, and what is to be said of it."""
    written = [date for name in _DATES if (date := _text(entry, name))]
    answers = [(*dates.to_rfc3339(date, language=language), date) for date in written]
    found, said, raw = next(
        (answer for answer in answers if answer[0]), answers[0] if answers else (None, dates.MISSING, None)
    )
    return found, raw if said else None, said


def _authors(entry: Any) -> list[str]:  # noqa: ANN401
    """The people's names. Of several authors with an address, feedparser cuts addresses off behind four letters."""
    details = [detail for detail in dict.get(entry, "authors") or () if isinstance(detail, dict)]
    alone = _text(entry, "author")
    if len(details) <= 1 and alone:
        return people([alone])
    return people(
        _CUT_OFF.sub("", name).strip("()<> ") if _CUT_ADDRESS.search(dict.get(detail, "email") or "") else name
        for detail in details
        if isinstance(name := dict.get(detail, "name"), str)
    )


def _language(entry: Any) -> str | None:  # noqa: ANN401
    details = [*(dict.get(entry, "content") or ()), dict.get(entry, "summary_detail") or {}]
    return next((found for detail in details if (found := _text(detail, "language"))), None)


def _extra(entry: Any, **kept: str | None) -> dict[str, Any]:  # noqa: ANN401
    terms = [dict.get(tag, "term") for tag in dict.get(entry, "tags") or ()]
    categories = [term for term in terms if isinstance(term, str) and term.strip()]
    found = {name: value for name, value in kept.items() if value}
    return {**found, **({"categories": categories} if categories else {})}
