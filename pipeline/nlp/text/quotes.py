"""Text in, quoted stretches out: by the direction of curly quotes, by turns of straight ones, over paragraph ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from html import unescape
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.text.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Also as HTML entities that a sender left in: offsets count in the text as it came.
_MARK = re.compile(r"[\"\u201c\u201d\u201e\u00ab\u00bb]|&(?:quot|[lr]dquo|bdquo|[lr]aquo|#34|#822[012]|#1[78][17]);")
# Single quotes quote only where they cannot be apostrophes: curly, opening before a word, closing after one or a mark.
_SINGLES = (
    re.compile(r"(?<!\w)\u2018(?=[\w\u201c])[^\u2018\n]{2,400}?(?<=[\w.,!?\u201d])\u2019(?!\w)"),
    re.compile(
        r"(?<![\w'])'(?=[A-Z\d\"])(?:[^'\n]|(?<=\w)'(?=\w)){2,400}?(?:(?<=[.,!?])'|(?<=[\w\"])'(?=[,.;:]))(?!\w)"
    ),
)
_CLOSERS = "\u201d\u00bb"
_ENDING = '"\u201d'
# What closes a quote that a mark has opened; other marks in it are of quotes within.
_CLOSED_BY = {'"': '"\u201d', "\u201c": '\u201d"', "\u201e": '\u201c\u201d"', "\u00ab": "\u00bb"}


class Quote(NamedTuple):
    """``text[start:end]`` with its marks; ``open`` where the line ends before the quote does."""

    start: int
    end: int
    open: bool


_MOST_QUOTES = 50  # in one sentence


class Quotes:
    """The quotes of a text, found by place without going through all of them."""

    def __init__(self, quotes: Sequence[Quote]) -> None:
        self._quotes = quotes
        self._ends = [quote.end for quote in quotes]

    def touching(self, start: int, end: int) -> list[Quote]:
        """Return the quotes that share a character with ``start`` to ``end``."""
        first = bisect_right(self._ends, start)
        return list(takewhile(lambda quote: quote.start < end, self._quotes[first : first + _MOST_QUOTES]))


def find_quotes(text: str) -> list[Quote]:
    """Return the quoted stretches of a text, in order; none crosses a line."""
    return [quote for line in split_lines(text) for quote in _in_line(text, *line)]


def _in_line(text: str, start: int, end: int) -> Iterator[Quote]:
    opened: int | None = None
    found: list[Quote] = []
    for match in _MARK.finditer(text, start, end):
        mark = unescape(match.group())
        if opened is None and not found and mark in _ENDING and _closes_only(text, start, match):
            found.append(Quote(start, match.end(), open=False))
            continue
        if opened is None and mark not in _CLOSERS:
            opened, closers = match.start(), _CLOSED_BY[mark]
        elif opened is not None and mark in closers:
            found.append(Quote(opened, match.end(), open=False))
            opened = None
    if opened is not None and end - opened > 1:
        found.append(Quote(opened, end, open=True))
    found += (Quote(*match.span(), open=False) for single in _SINGLES for match in single.finditer(text, start, end))
    last = start
    for quote in sorted(found, key=lambda quote: (quote.start, -quote.end)):
        if quote.start >= last:  # not within the one before
            yield quote
            last = quote.end


def _closes_only(text: str, start: int, mark: re.Match[str]) -> bool:
    """Return whether the first mark of a line closes a quote that began before, or whose opening mark is lost."""
    before, after = text[max(start, mark.start() - 2) : mark.start()], text[mark.end() : mark.end() + 1]
    return before[:1].isalnum() and before[1:] in set(".,!?") and not after.strip()


def is_scare(text: str, quote: Quote) -> bool:
    """Return whether this is a word or two set in quotes, and no speech: `the "war on terror"`."""
    inner = text[quote.start + 1 : quote.end - 1]
    words = inner.split()
    return len(words) < _LEAST_WORDS and not inner.rstrip().endswith((".", ",", "!", "?"))


_LEAST_WORDS = 3
