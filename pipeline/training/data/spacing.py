"""Tokenised text in, text spaced as news has it out, with its spans moved along."""

from __future__ import annotations

import re
from typing import NamedTuple

# A space that tokenisation put in: before closing marks and clitics, after opening marks.
_EXTRA_SPACE = re.compile(
    r" (?=[.,;:?!%)\]}](?: |$|[\"')]))"
    r"| (?='(?:s|S|re|ve|ll|d|m)\b)"
    r"| (?=n't\b)"
    r"| (?='(?: |$)(?![^']* '(?: |$)))"
    r"|(?<=[(\[{]) "
    r"|(?<=[ \"][$\u00a3\u20ac]) (?=\d)"
)
_LATEX_QUOTES = re.compile(r"``|''")
_QUOTE = re.compile(r' ?" ?')


class Spaced(NamedTuple):
    """The respaced text and, for each offset of the old text (its end included), the offset in the new one."""

    text: str
    offsets: list[int]

    def move(self, start: int, end: int) -> tuple[int, int]:
        """Return a span's place in the new text, without blanks at its ends."""
        start, end = self.offsets[start], self.offsets[end]
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return start, end


def respace(text: str) -> Spaced:
    """Take out the spaces that tokenisation put in; straight double quotes open and close in turn."""
    dropped = {match.start() for match in _EXTRA_SPACE.finditer(text)}
    dropped |= {match.start() for match in _LATEX_QUOTES.finditer(text)}
    opening = True
    for match in _QUOTE.finditer(text):
        if opening and match.group().endswith(" "):
            dropped.add(match.end() - 1)
        if not opening and match.group().startswith(" "):
            dropped.add(match.start())
        opening = not opening
    kept: list[str] = []
    offsets = []
    for at, character in enumerate(text):
        offsets.append(len(kept))
        if at not in dropped:
            kept.append('"' if character in "`'" and at - 1 in dropped and text[at - 1] in "`'" else character)
    offsets.append(len(kept))
    return Spaced("".join(kept), offsets)
