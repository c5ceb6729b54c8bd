"""A text in, the text as the models read it out, and offsets from one to the other and back.

The models know lines that are paragraphs, curly quotes and characters that show. So the lines of a wrapped paragraph
are joined, TeX's quotes become curly ones, and what does not show is left out, blanks inside guillemets, too. All that
is found has the offsets of the text as it came.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pipeline.nlp.spans import Resolved, Span
from pipeline.nlp.text.wrapping import wrapped_breaks

if TYPE_CHECKING:
    from pipeline.nlp.spans import Entity, Sentence

# Soft hyphens, zero-width characters, marks of direction, byte order marks.
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
# ``Quoted'' as TeX and old wires write it; some send '' for both. A double prime has a digit before it: 5'10''.
_TEX_QUOTE = re.compile(r"``|(?<![\w'])''(?=\w)|(?<!')''(?!')")
_TEX_OPENER = re.compile(r"``|(?<!\w)''(?=\w)")
# French typography puts blanks inside its marks. A run of blanks is tried from its first one only: half a million of
# them take no time.
_BLANK = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")  # the words of a name have plain ones between them
_SPACED_MARK = re.compile(r"(?<=\u00ab)[ \xa0\u202f]+|(?<![ \xa0\u202f])[ \xa0\u202f]+(?=\u00bb)")

Edit = tuple[int, int, str]  # start, end, what stands there instead
T = TypeVar("T", "Sentence", "Entity")


class CleanText:
    """A text as the models read it, ``text``; most texts are read as they came."""

    def __init__(self, source: str) -> None:
        self.source = self.text = source
        # Where each character of ``text`` starts and ends in the source; empty where the two are one.
        self._starts: Sequence[int] = ()
        self._ends: Sequence[int] = ()
        edits = _edits(source)
        if edits:
            self._apply(edits)

    def _apply(self, edits: Sequence[Edit]) -> None:
        parts, at = [], 0
        starts, ends = array("q"), array("q")
        for start, end, instead in (*edits, (len(self.source), len(self.source), "")):
            parts += [self.source[at:start], instead]
            starts.extend(range(at, start))
            ends.extend(range(at + 1, start + 1))
            starts.extend([start] * len(instead))
            ends.extend([end] * len(instead))
            at = end
        text = "".join(parts)
        if text.strip():
            self.text, self._starts, self._ends = text, starts, ends

    def sentences_in(self, sentences: Sequence[Sentence]) -> Sequence[Sentence]:
        """Return sentences of the source with the offsets of ``text``."""
        return sentences if not self._starts else [self._in(one) for one in sentences]

    def entities_in(self, entities: Sequence[Entity]) -> Sequence[Entity]:
        """Return entities of the source with the offsets of ``text``."""
        if not self._starts:
            return entities
        moved = (self._in(one) for one in entities)
        return [replace(one, text=self.text[one.start : one.end]) for one in moved]

    def sentences_out(self, sentences: list[Sentence]) -> list[Sentence]:
        """Return sentences of ``text`` with the offsets of the source; what was left out beside one belongs to it."""
        if not self._starts:
            return sentences
        found, last = [], 0
        for one in sentences:
            start = max(last, self._ends[one.start - 1] if one.start else 0)
            end = self._starts[one.end] if one.end < len(self.text) else len(self.source)
            part = self.source[start:end]
            start += len(part) - len(part.lstrip())
            last = start + len(part.strip())
            found.append(replace(one, start=start, end=last))
        return found

    def entities_out(self, entities: list[Entity]) -> list[Entity]:
        """Return entities of ``text`` with the offsets and the text of the source."""
        if not self._starts:
            return entities
        spans = [(one, self._span_out(one.start, one.end)) for one in entities]
        return [replace(one, start=span.start, end=span.end, text=span.text) for one, span in spans]

    def resolved_out(self, resolved: Resolved) -> Resolved:
        """Return attributions and references of ``text`` with the offsets and the text of the source."""
        if not self._starts:
            return resolved
        attributions = [
            replace(
                one,
                source=one.source and self._span_out(one.source.start, one.source.end),
                cue=one.cue and self._span_out(one.cue.start, one.cue.end),
                content=self._span_out(one.content.start, one.content.end),
            )
            for one in resolved.attributions
        ]
        spans = [(one, self._span_out(one.start, one.end)) for one in resolved.references]
        references = [replace(one, start=span.start, end=span.end, text=span.text) for one, span in spans]
        return Resolved(attributions, references)

    def _in(self, one: T) -> T:
        return replace(one, start=bisect_left(self._starts, one.start), end=bisect_right(self._ends, one.end))

    def _span_out(self, start: int, end: int) -> Span:
        first, last = self._starts[start], self._ends[end - 1]
        return Span(first, last, self.source[first:last])


def _edits(source: str) -> list[Edit]:
    left_out = (match.span() for pattern in (UNSEEN, _SPACED_MARK) for match in pattern.finditer(source))
    blanks = ((*match.span(), " ") for match in _BLANK.finditer(source))
    edits = sorted([*wrapped_breaks(source), *((*span, "") for span in left_out), *blanks, *_tex_quotes(source)])
    return [edit for last, edit in zip([(0, 0, ""), *edits], edits, strict=False) if edit[0] >= last[1]]


def _tex_quotes(source: str) -> list[Edit]:
    if "''" not in source:
        return []
    edits: list[Edit] = []
    is_open = False
    for match in _TEX_QUOTE.finditer(source):
        opens = bool(_TEX_OPENER.match(source, match.start()))
        if opens or is_open:
            edits.append((*match.span(), "\u201c" if opens else "\u201d"))
        is_open = opens
    return edits
