"""Texts in, their sentences and other units out: lines are hard borders, every non-blank character is in one unit."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.abbreviations import ends_in_abbreviation, ends_in_title
from pipeline.nlp.characters import plain
from pipeline.nlp.kinds import lay_out
from pipeline.nlp.lines import Stretch, split_lines, split_pieces, trim
from pipeline.nlp.spans import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Kind

_END = re.compile(r"[.?!\u2026][\"')\]]*$")
_STOP = re.compile(r"[.?!\u2026][\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9\u00c0-\u00de])")
_CLOSERS = re.compile(r"(?:[\"')\]]+)(?=\s|$)")


class _Unit(NamedTuple):
    stretch: Stretch
    paragraph: int
    kind: Kind


def split_sentences(texts: Sequence[str], model: Model) -> list[list[Sentence]]:
    """Split each text into sentences, headlines, datelines, bylines, captions and speaker lines, in order."""
    with model.nlp.memory_zone():
        return [_split(text, model) for text in texts]


def _split(text: str, model: Model) -> list[Sentence]:
    simple = plain(text)
    lines = split_lines(text)
    units: list[_Unit] = []
    pieces: list[tuple[Stretch, int]] = []
    for paragraph, line in enumerate(lines):
        layout = lay_out(simple[line.start : line.end], first=paragraph == 0, only=len(lines) == 1)
        rest = line
        if layout.head:
            rest = trim(text, line.start + layout.head.length, line.end)
            units.append(_Unit(trim(text, line.start, rest.start), paragraph, layout.head.kind))
        if layout.rest:
            units += [_Unit(piece, paragraph, layout.rest) for piece in split_pieces(text, rest)]
        else:
            pieces += [(piece, paragraph) for piece in split_pieces(text, rest)]
    docs = (model.nlp.make_doc(simple[piece.start : piece.end]) for piece, _ in pieces)
    for doc, (piece, paragraph) in zip(model.run(docs, "senter"), pieces, strict=True):
        units += [_Unit(stretch, paragraph, "sentence") for stretch in _sentences(doc, piece, text, simple)]
    units.sort()
    return [
        Sentence(index, unit.stretch.start, unit.stretch.end, unit.paragraph, unit.kind)
        for index, unit in enumerate(units)
    ]


def _sentences(doc: Doc, piece: Stretch, text: str, simple: str) -> list[Stretch]:
    starts = [token.idx for token in doc if token.is_sent_start and token.idx]
    body = simple[piece.start : piece.end]
    borders = [piece.start, *(piece.start + border for border in mend_borders(body, starts)), piece.end]
    # Blanks are those of the text itself: a control character is a blank to the model, and still one to be kept.
    stretches = (trim(text, *pair) for pair in pairwise(borders))
    return [stretch for stretch in stretches if stretch.end > stretch.start]


def mend_borders(text: str, starts: Sequence[int]) -> list[int]:
    """Mend where a model starts sentences in a line of plain text, by what is certain about marks.

    Closing quotes and brackets stay with the sentence that they close; no sentence ends after a title ("Mr.") or an
    initial, nor without an end mark; every one ends at an end mark before a capital unless that is an abbreviation's.
    """
    moved = (_after_closers(text, start) for start in starts)
    kept = {start for start in moved if 0 < start < len(text) and _may_end(text[:start].rstrip())}
    kept |= {match.end() for match in _STOP.finditer(text) if _must_end(text, match)}
    return sorted(kept)


def _after_closers(text: str, start: int) -> int:
    match = _CLOSERS.match(text, start)
    if not match or not _is_open(text[:start], match.group()[0]):
        return start
    rest = text[match.end() :]
    return match.end() + len(rest) - len(rest.lstrip())


def _is_open(before: str, closer: str) -> bool:
    """Tell whether a quote or bracket was opened before and not closed yet."""
    if closer in ")]":
        opener = "(" if closer == ")" else "["
        return before.count(opener) > before.count(closer)
    if closer == '"':
        return before.count('"') % 2 == 1
    return bool(re.search(r"(?:^|[\s(\"])'\w[^']*$", before))


def _may_end(before: str) -> bool:
    return bool(_END.search(before)) and not ends_in_title(before)


def _must_end(text: str, match: re.Match[str]) -> bool:
    mark = text[match.start()]
    before = text[: match.start() + 1]
    if mark == ".":
        return not ends_in_abbreviation(before)
    return text[match.end()] not in "0123456789" and not before.endswith("Yahoo!")


def sentence_at(sentences: Sequence[Sentence], offset: int) -> int:
    """Give the index of the sentence that holds an offset, or of the first one after it."""
    return min(bisect_left(sentences, offset + 1, key=lambda sentence: sentence.end), max(0, len(sentences) - 1))
