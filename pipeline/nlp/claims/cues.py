"""A word of a sentence in, the cue that it makes out: what a reader sees at a glance, in words for a reason.

The cues are a table of the model: what a cue is called, and the words or the pattern that make it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

FILE = "cues.tsv"
_REASON_CHARS = 40
_KEPT_WORDS = 20_000


class Cue(NamedTuple):
    """A cue at ``sentence[start:end]``; ``name`` is what it is called."""

    name: str
    start: int
    end: int


class _Kind(NamedTuple):
    """``words`` fits each word that can make the cue, ``pattern`` all of it."""

    name: str
    words: re.Pattern[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Cues:
    """All kinds of cue in their order, and which of them each word met so far can make."""

    kinds: tuple[_Kind, ...]
    _possible: dict[str, tuple[_Kind, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Cues:
        """Read ``cues.tsv``; what it says of the columns stands at its head.

        Raises:
            ValueError: a line has not two or three columns, or a pattern is none.
        """
        words: dict[str, list[str]] = {}
        patterns: dict[str, list[str]] = {}
        for line in (folder / FILE).read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            name, first, *pattern = line.split("\t")
            words.setdefault(name, []).append(first if pattern else first.split(" ")[0])
            patterns.setdefault(name, []).append(pattern[0] if pattern else rf"\b(?:{first})\b")
        try:
            kinds = tuple(_Kind(name, _any(words[name]), _any(patterns[name])) for name in words)
        except re.error as error:
            raise ValueError(f"{FILE} has a pattern that is none: {error}") from error
        return cls(kinds)

    def find(self, sentence: str, start: int, end: int) -> Cue | None:
        """Give the first cue that the word at ``sentence[start:end]`` makes and stands in."""
        for kind in self._made_by(sentence[start:end]):
            for match in kind.pattern.finditer(sentence):
                if match.start() <= start and end <= match.end():
                    return Cue(kind.name, *match.span())
        return None

    def _made_by(self, word: str) -> tuple[_Kind, ...]:
        known = self._possible.get(word)
        if known is None:
            if len(self._possible) >= _KEPT_WORDS:
                self._possible.clear()
            known = self._possible[word] = tuple(kind for kind in self.kinds if kind.words.fullmatch(word))
        return known


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def describe(sentence: str, cue: Cue) -> str:
    """Say in words what a cue is and where it stands: `number with a unit: "240,000 people"`."""
    return f'{cue.name}: "{shorten(sentence[cue.start : cue.end])}"'


def shorten(text: str) -> str:
    """Keep the head of a long cue, without the marks that it stands in."""
    bare = text.strip().strip('"\u201c\u201d\u00ab\u00bb').strip()
    return bare if len(bare) <= _REASON_CHARS else f"{bare[:_REASON_CHARS].rstrip()}\u2026"
