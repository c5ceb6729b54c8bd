"""A sentence in, the cues found in it out: what a reader sees at a glance that bears on whether it makes a claim.

The cues are part of the trained model: the classifier has one feature for each, in their order. They lie beside its
weights in ``cues.json``, and so count for the model's hash. Each cue has

- ``name``, and ``words``: what it is called in a reason
- ``stems`` of whole words, or a ``pattern``; ``cased`` if case counts
- ``held``: words of which every match holds one, else the first words of ``stems``; ``marks``: or one of these
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE_NAME = "cues.json"
SHIPPED_CUES = Path(__file__).parents[2] / "model" / "claims" / FILE_NAME


class Cue(NamedTuple):
    """Something that was found at ``text[start:end]``; ``name`` is the key of ``CUES``."""

    name: str
    start: int
    end: int


def _compile(row: dict[str, Any]) -> re.Pattern[str]:
    pattern: str = row.get("pattern") or rf"\b(?:{'|'.join(row['stems'])})\b"
    return re.compile(pattern, 0 if row.get("cased") else re.IGNORECASE)


_ROWS: list[dict[str, Any]] = orjson.loads(SHIPPED_CUES.read_bytes())
CUES: dict[str, tuple[str, re.Pattern[str]]] = {row["name"]: (row["words"], _compile(row)) for row in _ROWS}

# A sentence without one of these words is not searched for the rest of the cue, nor is one without one of the marks.
_HELD = {row["name"]: row.get("held") or "|".join(stem.split(" ")[0] for stem in row.get("stems", ())) for row in _ROWS}
_HELD_WORDS = {name: re.compile(words, re.IGNORECASE) for name, words in _HELD.items() if words}
_MARKS = {mark: row["name"] for row in _ROWS for mark in row.get("marks", ())}
_ENDS = tuple(".?!\"')]")
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=20_000)
def _held_by(word: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _HELD_WORDS.items() if pattern.fullmatch(word))


def find_cues(sentence: str) -> tuple[Cue, ...]:
    """Return every cue of a sentence (its characters made plain), at most three of each name."""
    possible = {name for mark, name in _MARKS.items() if mark in sentence}
    possible.update(*map(_held_by, _WORD.findall(sentence)))
    if not sentence.endswith(_ENDS):
        possible.add("no_end")
    return tuple(
        Cue(name, *match.span())
        for name, (_, pattern) in CUES.items()
        if name in possible
        for match in islice(pattern.finditer(sentence), _MOST)
    )


_MOST = 3
_REASON_CHARS = 40


def name_cue(sentence: str, cue: Cue) -> str:
    """Return in words what a cue is and where it stands: `number with a unit: "240,000 people"`."""
    return f'{CUES[cue.name][0]}: "{shorten(sentence[cue.start : cue.end])}"'


def holder(cues: Iterable[tuple[int, int, str]], start: int, end: int) -> str | None:
    """Return the name of the first of some cues (start, end, name) that a word stands in."""
    for cue_start, cue_end, name in cues:
        if cue_start <= start and end <= cue_end:
            return name
    return None


def shorten(text: str) -> str:
    """Keep the head of a long cue, without the marks that it stands in."""
    bare = text.strip().strip('"\u201c\u201d\u00ab\u00bb').strip()
    return bare if len(bare) <= _REASON_CHARS else f"{bare[:_REASON_CHARS].rstrip()}\u2026"
