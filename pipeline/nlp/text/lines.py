"""A text in, its lines and their pieces out: the hard boundaries that no sentence crosses."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

# What str.splitlines takes as the end of a line.
_LINE_END = re.compile(r"[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]+")

# Bounds that keep time and memory linear in the text: spaCy peels affixes off a token one by one, which is quadratic
# in the token's length, and its layers hold a whole Doc at once. News has neither such words nor such paragraphs.
MAX_RUN_CHARS = 200
MAX_PIECE_CHARS = 4_000

_LONG_RUN = re.compile(rf"\S{{{MAX_RUN_CHARS}}}")
_SENTENCE_END = re.compile(r"[.?!][\"'\u201d\u2019)\]]*\s+(?=\S)")
_SPACE = re.compile(r"\s+(?=\S)")


class Stretch(NamedTuple):
    """``text[start:end]``, without blanks at its ends."""

    start: int
    end: int


def trim(text: str, start: int, end: int) -> Stretch:
    """Leave out the blanks at both ends of ``text[start:end]``; an all-blank stretch becomes empty."""
    part = text[start:end]
    stripped = part.lstrip()
    start = end - len(stripped)
    return Stretch(start, start + len(stripped.rstrip()))


def split_lines(text: str) -> list[Stretch]:
    """Return the lines that are not blank, without the blanks around them."""
    borders = [0]
    for match in _LINE_END.finditer(text):
        borders += match.span()
    borders.append(len(text))
    lines = (trim(text, *pair) for pair in zip(borders[::2], borders[1::2], strict=True))
    return [line for line in lines if line.end > line.start]


def split_pieces(text: str, line: Stretch) -> list[Stretch]:
    """Cut a line that is longer than a model takes at once: after a sentence, else at a blank, else anywhere."""
    return [piece for part in _split_long(text, line) for piece in _split_runs(text, part) if piece.end > piece.start]


def _split_long(text: str, line: Stretch) -> list[Stretch]:
    pieces = []
    start = line.start
    while line.end - start > MAX_PIECE_CHARS:
        middle, limit = start + MAX_PIECE_CHARS // 2, start + MAX_PIECE_CHARS
        cut = _last_end(_SENTENCE_END, text, middle, limit) or _last_end(_SPACE, text, middle, limit) or limit
        pieces.append(trim(text, start, cut))
        start = cut
    pieces.append(trim(text, start, line.end))
    return pieces


def _last_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    last = None
    for match in pattern.finditer(text, start, end):
        last = match.end()
    return last


def _split_runs(text: str, part: Stretch) -> list[Stretch]:
    borders = [part.start, *(match.end() for match in _LONG_RUN.finditer(text, *part)), part.end]
    return [trim(text, start, end) for start, end in pairwise(borders)]
