"""A text in, the line ends inside its paragraphs out: where lines are as long as a width lets them be (mail, PDF)."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from pipeline.nlp.lexicon.tables import words_of

_BREAK = re.compile(r"(?<=\S)[ \t\xa0]*(?:\r\n|\r|\n)[ \t\xa0]*(?=\S)")
_ENDED = re.compile(r"[.!?\u2026:;][\"'\u201d\u2019)\]\u00bb]*$")
_LAST_WORD = re.compile(r"(?:^|\s)(\S+)$")
_FIRST_WORD = re.compile(r"\S+")
_ITEM = r"(?:[-*\u2022\u25aa\u25cf]|\(?\d{1,2}[.)]) "
_LIST_ITEM = re.compile(rf"[ \t]*{_ITEM}")
# What never goes on from the line before: list marks, quoted mail, who speaks in a transcript.
_NEW_PARAGRAPH = re.compile(rf"{_ITEM}|[>|#\u2022]|[A-Z]\.? ?[:)] |[A-Z][A-Z .'-]+: ")
_HYPHENED = re.compile(r"\w[-\u00ad]$")
_LEAST_INDENT = 2  # columns more than the lines of a paragraph have: a new one
# Columns. In columns narrower than the first number prose is read only where many lines bear it out.
_NARROW, _LEAST_WIDTH, _MOST_WIDTH = 40, 25, 110
_MANY = 5
_SPREAD = 1.25  # a line this much longer than the others was not wrapped with them
# What unended lines may lack, in columns and of the width: proportional type and bad hyphenation leave lines short.
_SLACK, _RAGGED = 4, 0.7
# Behind these no sentence ends.
_OPEN_WORDS = words_of("function_words") | {title.lower() for title in words_of("titles")}


class _Break(NamedTuple):
    """A line end between two lines that are not blank; widths and indents in columns."""

    start: int
    end: int
    width: int  # of the line before, its indent included
    indent: int  # of the line behind
    following: int  # length of that line's first word
    ended: bool  # the line before ends a sentence
    reads_on: bool  # the sentence plainly goes on
    begins: bool  # the line behind looks like the start of a paragraph
    in_list: bool  # the line before is an item of a list

    def is_full(self, width: int) -> bool:
        return self.width + 1 + self.following > width - (0 if self.ended else _SLACK)

    def is_inside(self, width: int, indent: int) -> bool:
        """Return whether it is inside a paragraph of lines of this width, which are indented so far."""
        if self.begins or self.width > _SPREAD * width or (self.indent >= indent + _LEAST_INDENT and not self.in_list):
            return False
        return self.is_full(width) or self.is_ragged(width)

    def is_ragged(self, width: int) -> bool:
        """Return whether it is somewhat short and the sentence goes on all the same."""
        return self.reads_on and self.width >= _RAGGED * width


def wrapped_breaks(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and replacement (a blank, or nothing behind a hyphen) of each line end inside a paragraph.

    A line was wrapped where the next one's first word would not have fitted into the width of the lines whose sentence
    plainly goes on. Text whose lines are paragraphs has none.
    """
    breaks = _breaks(text)
    going_on = [one for one in breaks if one.reads_on and _LEAST_WIDTH <= one.width <= _MOST_WIDTH]
    if not going_on:
        return []
    width = max(one.width for one in going_on)
    borne_out = sum(one.is_full(width) or one.is_ragged(width) for one in going_on)
    longer = sum(one.width > _SPREAD * width for one in breaks)
    if borne_out < (1 if width >= _NARROW else _MANY) or 2 * borne_out < len(going_on) or 4 * longer > len(breaks):
        return []
    ((indent, _),) = Counter(one.indent for one in going_on).most_common(1)
    return [
        (one.start, one.end, "" if _HYPHENED.search(text, max(0, one.start - 2), one.start) else " ")
        for one in breaks
        if one.is_inside(width, indent)
    ]


def _line_start(text: str, first: int, at: int) -> int:
    """Return where the line of ``at`` starts, which is not before ``first``."""
    return max(first, text.rfind("\n", first, at) + 1, text.rfind("\r", first, at) + 1)


def _breaks(text: str) -> list[_Break]:
    found = []
    behind = 0
    for match in _BREAK.finditer(text):
        start = _line_start(text, behind, match.start())
        behind = _line_start(text, start, match.end())
        line = text[start : match.start()]
        word = _FIRST_WORD.match(text, match.end())
        ended, begins = bool(_ENDED.search(line)), bool(_NEW_PARAGRAPH.match(text, match.end()))
        found.append(
            _Break(
                start=match.start(),
                end=match.end(),
                width=len(line),
                indent=match.end() - behind,
                following=len(word.group()) if word else 0,
                ended=ended,
                reads_on=not ended and not begins and _reads_on(line, text[match.end()]),
                begins=begins,
                in_list=bool(_LIST_ITEM.match(line)),
            )
        )
    return found


def _reads_on(line: str, following: str) -> bool:
    """Return whether the sentence of a line that ends none plainly goes on."""
    word = _LAST_WORD.search(line)
    last = word.group(1).lower() if word else ""
    return following.islower() or last.endswith(",") or last in _OPEN_WORDS
