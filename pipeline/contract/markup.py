"""HTML, XHTML or NITF in, its text out: one line for each paragraph, heading, list item or table row.

The standard library's ``html.parser`` takes time quadratic in the length of malformed input (minutes for a record of
400 kB of ``<a ``), and ``html.unescape`` raises on a character reference of more than 4300 digits. Nothing here looks
at a character more than a few times, and nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

# A tag may not hold "<", not even quoted: so a match never runs past the next tag.
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/<>]*)(?:[^<>"']|"[^"<]*"|'[^'<]*')*>|<[!?][^<>]*>""")
_COMMENT, _COMMENT_END = "<!--", "-->"
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_SPACE = re.compile(r"[ \t\n\r\f]+")
_LINE_END = re.compile(r"\r\n?|\n")
_OVERLONG_REFERENCE = re.compile(r"&#\d{20,};?")

# Elements whose content is no text of the article.
_SILENT = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "title", "template", "noscript", "iframe", "svg")
}
_CELLS = frozenset({"td", "th"})
# Elements inside a line, of HTML and of NITF; all others begin and end lines.
_INLINE = re.compile(
    r"a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|q|rp|rt|ruby|s|samp|small"
    r"|span|strike|strong|sub|sup|time|tt|u|var|wbr"
    r"|chron|copyrite|event|function|lang|location|money|num|object\.title|org|person|postaddr|pronounce|virtloc"
)
_BREAK = "\n"


def without_markup(markup: str) -> str:
    """The text of a document or of a part of one, whether well-formed or not."""
    lines = "".join(_pieces(markup)).split(_BREAK)
    return _BREAK.join(line for line in (_SPACE.sub(" ", line).strip() for line in lines) if line)


def _pieces(markup: str) -> Iterator[str]:
    """Texts and line breaks in order; a line feed is always a break."""
    place, preformatted = 0, 0
    while place < len(markup):
        start = markup.find("<", place)
        start = len(markup) if start < 0 else start
        yield _characters(markup[place:start], preformatted=preformatted > 0)
        if markup.startswith(_COMMENT, start):
            place = _after(markup, _COMMENT_END, start + len(_COMMENT))
            continue
        if markup.startswith(_CDATA, start):
            place = _after(markup, _CDATA_END, start + len(_CDATA))
            yield _flat(markup[start + len(_CDATA) : place].removesuffix(_CDATA_END))
            continue
        tag = _TAG.match(markup, start)
        if tag is None:
            yield markup[start : start + 1]
            place = start + 1
            continue
        place, closing, name = tag.end(), bool(tag[1]), (tag[2] or "").lower()
        if name in _SILENT and not closing:
            place = _skip(markup, name, place)
        if name == "pre":
            preformatted = max(0, preformatted + (-1 if closing else 1))
        yield _separator(name)


def _characters(text: str, *, preformatted: bool) -> str:
    text = unescape(_OVERLONG_REFERENCE.sub("\N{REPLACEMENT CHARACTER}", text))
    return _LINE_END.sub(_BREAK, text) if preformatted else _flat(text)


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text)


def _after(markup: str, mark: str, start: int) -> int:
    """Just behind the next ``mark``; what is never closed goes on to the end, as in browsers."""
    found = markup.find(mark, start)
    return len(markup) if found < 0 else found + len(mark)


def _skip(markup: str, name: str, start: int) -> int:
    """At the closing tag of a silent element."""
    found = _SILENT[name].search(markup, start)
    return found.start() if found else len(markup)


def _separator(name: str) -> str:
    if name in _CELLS:
        return " "
    return "" if not name or _INLINE.fullmatch(name) else _BREAK
