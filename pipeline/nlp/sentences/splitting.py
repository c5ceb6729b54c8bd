"""Texts in, their sentences and other units out: lines are hard borders, every non-blank character is in one unit."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.layers.docs import word_zone
from pipeline.nlp.sentences.boundaries import mend_borders
from pipeline.nlp.sentences.line_kinds import QUESTION, Layout, is_one_word, lay_out
from pipeline.nlp.spans import Sentence
from pipeline.nlp.text.characters import plain
from pipeline.nlp.text.lines import Stretch, split_lines, split_pieces, trim

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc

    from pipeline.labels import SentenceKind
    from pipeline.nlp.layers.senter import Senter

# Of the logit of "a sentence starts here" over "none does": 2 lets through one border in 400 of newswire, most of them
# right; with 0 half of them were wrong (250 articles read by eye).
_SURE_MARGIN = 2.0


class _Unit(NamedTuple):
    stretch: Stretch
    paragraph: int
    kind: SentenceKind


def split_sentences(texts: Sequence[str], nlp: Language, senter: Senter) -> list[list[Sentence]]:
    """Split each text into sentences, headlines, and what stands around them, in order."""
    with word_zone(nlp):
        return [_split(text, nlp, senter) for text in texts]


def _split(text: str, nlp: Language, senter: Senter) -> list[Sentence]:
    simple = plain(text)
    lines = split_lines(text)
    units: list[_Unit] = []
    pieces: list[_Unit] = []
    for paragraph, (line, layout) in enumerate(
        zip(lines, _layouts([simple[slice(*line)] for line in lines]), strict=True)
    ):
        rest = line
        if layout.head:
            rest = trim(text, line.start + layout.head.length, line.end)
            units.append(_Unit(trim(text, line.start, rest.start), paragraph, layout.head.kind))
        parts = split_pieces(text, rest)
        if layout.rest in {None, "caption", "notice"}:
            pieces += [_Unit(part, paragraph, layout.rest or "sentence") for part in parts]
        else:  # one unit, whatever marks it holds
            units += [_Unit(part, paragraph, layout.rest) for part in parts]
    bodies = [(simple[piece.start : piece.end], kind) for piece, _, kind in pieces]
    borders = _all_borders(dict.fromkeys(bodies), nlp, senter)
    for (piece, paragraph, kind), body in zip(pieces, bodies, strict=True):
        units += [_Unit(stretch, paragraph, kind) for stretch in _cut(text, piece, borders[body])]
    units.sort()
    return [
        Sentence(index, unit.stretch.start, unit.stretch.end, unit.paragraph, unit.kind)
        for index, unit in enumerate(units)
    ]


def _layouts(lines: Sequence[str]) -> list[Layout]:
    interview = any(map(QUESTION.match, lines))
    found = [lay_out(line, first=at == 0, only=len(lines) == 1, interview=interview) for at, line in enumerate(lines)]
    # One turn is no transcript: a word in capitals that opens a text ("RAIPUR:") is a place, labels being known.
    turns = [layout.head for layout in found if layout.head and layout.head.kind == "speaker"]
    if len(turns) == 1 and len(lines) > 1 and found[0].head is turns[0] and is_one_word(lines[0][: turns[0].length]):
        found[0] = Layout(turns[0]._replace(kind="dateline"), None)
    return found


def _all_borders(
    bodies: Iterable[tuple[str, SentenceKind]], nlp: Language, senter: Senter
) -> dict[tuple[str, SentenceKind], list[int]]:
    """Return where sentences start in each body. Equal ones come once: a list may have thousands of equal lines."""
    distinct = list(bodies)
    docs = (nlp.make_doc(body) for body, _ in distinct)
    return {
        (body, kind): _borders(doc, margins, body, kind)
        for (doc, margins), (body, kind) in zip(senter.margins(docs), distinct, strict=True)
    }


def _borders(doc: Doc, margins: Sequence[float], body: str, kind: SentenceKind) -> list[int]:
    """Return where sentences start by the model and by marks; without a mark it must be sure, and this no caption."""
    starts = {doc[at].idx: margin for at, margin in enumerate(margins) if at and margin > 0}
    sure = {start for start, margin in starts.items() if margin >= _SURE_MARGIN and kind != "caption"}
    return mend_borders(body, starts, sure=sure)


def _cut(text: str, piece: Stretch, borders: Sequence[int]) -> list[Stretch]:
    # Blanks are those of the text itself: a control character is a blank to the model, and still one to be kept.
    ends = [piece.start, *(piece.start + border for border in borders), piece.end]
    stretches = (trim(text, *pair) for pair in pairwise(ends))
    return [stretch for stretch in stretches if stretch.end > stretch.start]


def sentence_at(sentences: Sequence[Sentence], offset: int) -> int:
    """Return the index of the sentence that holds an offset, or of the first one after it."""
    return min(bisect_left(sentences, offset + 1, key=lambda sentence: sentence.end), max(0, len(sentences) - 1))
