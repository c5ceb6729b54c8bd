"""An enriched event in; its article out as nested pieces for a template: paragraphs, sentences, quotes, roles, names.

Pure. Offsets that do not fit the text (anyone may write to the topic) are cut to it, and of marks that overlap within
one layer the first one stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.contract.events import Assertion, Attribution, ClaimV1, EnrichedV1, Entity
from pipeline.labels import FieldName
from pipeline.stages.classify_claims import claims_of

# The labels of OntoNotes 5 in the groups that readers tell apart by colour.
_GROUPS = {
    "PERSON": "person",
    "NORP": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "DATE": "time",
    "TIME": "time",
    "PERCENT": "figure",
    "MONEY": "figure",
    "QUANTITY": "figure",
    "ORDINAL": "figure",
    "CARDINAL": "figure",
}


class Run(NamedTuple):
    """A stretch of text inside one name or value, or outside of any."""

    text: str
    entity: Entity | None

    @property
    def group(self) -> str:
        """Which colour the name has."""
        return _GROUPS.get(self.entity.label, "thing") if self.entity else ""


class Highlight(NamedTuple):
    """A stretch inside one source or cue (``role``), or outside of any."""

    role: str | None
    runs: list[Run]


class QuotedSpan(NamedTuple):
    """A stretch that one attribution gives to somebody, or that none does."""

    attribution: Attribution | None
    parts: list[Highlight]


@dataclass(frozen=True)
class Piece:
    """A sentence, or what stands between two (``index`` is None)."""

    index: int | None
    kind: str
    assertion: Assertion | None
    claim: bool
    quotes: list[QuotedSpan]

    @property
    def strength(self) -> int:
        """How strongly to mark it: 0 no claim, 1 to 3 by its score."""
        if not self.claim or self.assertion is None:
            return 0
        return 1 + (self.assertion.score >= _STRONG) + (self.assertion.score >= _VERY_STRONG)


@dataclass(frozen=True)
class Highlighted:
    """An article as the template takes it; a paragraph is a list of pieces."""

    event: EnrichedV1
    title: list[Piece]
    paragraphs: list[list[Piece]]
    claims: list[ClaimV1]


_LINE = re.compile(r"[^\n]+")
_STRONG, _VERY_STRONG = 0.6, 0.8


class _Mark(NamedTuple):
    start: int
    end: int
    what: object


def highlight(event: EnrichedV1, *, threshold: float) -> Highlighted:
    """Lay out an article; ``threshold`` is the score from which on a sentence is a claim (``claims.threshold``)."""
    known = [found for found in event.assertions or [] if found.sentence < len(event.sentences)]
    event = event.model_copy(update={"assertions": None if event.assertions is None else known})
    claims = claims_of(event, threshold=threshold)
    worthy = {claim.sentence.index for claim in claims}
    title = _Field(event, "title", event.article.title or "", worthy)
    text = _Field(event, "text", event.article.text, worthy)
    return Highlighted(event, [piece for line in title.paragraphs() for piece in line], list(text.paragraphs()), claims)


class _Field:
    """The title or the text, with its layers of marks; within a layer none overlaps another."""

    def __init__(self, event: EnrichedV1, name: FieldName, text: str, worthy: set[int]) -> None:
        self._text, self._worthy = text, worthy
        self._assertions = {assertion.sentence: assertion for assertion in event.assertions or []}
        size = len(text)
        said = [found for found in event.attributions or [] if found.field == name]
        self._sentences = _disjoint(
            (_Mark(found.start, found.end, found) for found in event.sentences if found.field == name), size
        )
        self._quotes = _disjoint((_Mark(found.content.start, found.content.end, found) for found in said), size)
        self._roles = _disjoint(
            (
                _Mark(span.start, span.end, role)
                for found in said
                for role, span in (("source", found.source), ("cue", found.cue))
                if span is not None
            ),
            size,
        )
        self._entities = _disjoint(
            (_Mark(found.start, found.end, found) for found in event.entities or [] if found.field == name), size
        )

    def paragraphs(self) -> Iterator[list[Piece]]:
        """A line that is not blank is one."""
        for line in _LINE.finditer(self._text):
            if line[0].strip():
                yield [self._piece(mark) for mark in _cover(self._sentences, line.start(), line.end())]

    def _piece(self, mark: _Mark) -> Piece:
        index = getattr(mark.what, "index", None)
        return Piece(
            index=index,
            kind=getattr(mark.what, "kind", ""),
            assertion=self._assertions.get(index) if index is not None else None,
            claim=index in self._worthy,
            quotes=[
                QuotedSpan(
                    quote.what if isinstance(quote.what, Attribution) else None,
                    [
                        Highlight(role.what if isinstance(role.what, str) else None, self._runs(role))
                        for role in _cover(self._roles, quote.start, quote.end)
                    ],
                )
                for quote in _cover(self._quotes, mark.start, mark.end)
            ],
        )

    def _runs(self, within: _Mark) -> list[Run]:
        return [
            Run(self._text[mark.start : mark.end], mark.what if isinstance(mark.what, Entity) else None)
            for mark in _cover(self._entities, within.start, within.end)
        ]


def _disjoint(marks: Iterable[_Mark], size: int) -> list[_Mark]:
    """In order, inside ``[0, size)``; of two that overlap the second is cut, and dropped where nothing is left."""
    found: list[_Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        start, end = max(mark.start, found[-1].end if found else 0), min(mark.end, size)
        if start < end:
            found.append(_Mark(start, end, mark.what))
    return found


def _cover(layer: Sequence[_Mark], begin: int, end: int) -> Iterator[_Mark]:
    """The stretch ``[begin, end)`` without a gap: the layer's marks in it, and marks of nothing between them."""
    number = max(bisect_right(layer, begin, key=lambda mark: mark.start) - 1, 0)
    while begin < end:
        while number < len(layer) and layer[number].end <= begin:
            number += 1
        if number == len(layer) or layer[number].start >= end:
            yield _Mark(begin, end, None)
            return
        mark = layer[number]
        if mark.start > begin:
            yield _Mark(begin, mark.start, None)
            begin = mark.start
        stop = min(mark.end, end)
        yield _Mark(begin, stop, mark.what)
        begin = stop
