"""The values that these functions take and give. Offsets are code points of the text exactly as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.labels import AttributionKind, ClaimLabel, ClaimType, SentenceKind


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit of a text: ``text[start:end]`` without blanks at its ends, inside one paragraph.

    ``paragraph`` counts from 0. A line is one, unless a width has wrapped it together with its neighbours.
    """

    index: int
    start: int
    end: int
    paragraph: int
    kind: SentenceKind


@dataclass(frozen=True, slots=True)
class Entity:
    """A name or value with an OntoNotes 5 label, inside the sentence whose index is ``sentence``."""

    start: int
    end: int
    text: str
    label: str
    sentence: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a sentence asserts: ``score`` is the calibrated probability of CFS, ``reasons`` what spoke for the label."""

    label: ClaimLabel
    score: float
    probabilities: dict[ClaimLabel, float]
    types: tuple[ClaimType, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: ``text`` is what stands from ``start`` to ``end``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to have said, written or thought what.

    ``source`` or ``cue`` is null where none stands in the text; ``speaker`` is the name that the source resolves to,
    null where that is not known; ``sentence`` is the index of the sentence where the content starts. ``resolved_by`` is
    the pass that told who speaks, or that nobody safely does: "roles.last_person" stands in ``speakers/roles.py``.
    """

    source: Span | None
    cue: Span | None
    content: Span
    kind: AttributionKind
    speaker: str | None
    sentence: int
    resolved_by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A pronoun in the sentence whose index is ``sentence``, and the name that it safely means."""

    start: int
    end: int
    text: str
    sentence: int
    name: str


class Resolved(NamedTuple):
    """Who said what in a text, and what its pronouns mean."""

    attributions: list[Attribution]
    references: list[Reference]
