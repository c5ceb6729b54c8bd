"""A sentence in, its features out: hashed words and letters and named cues, each tied to the words it came from."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.characters import plain
from pipeline.nlp.cues import CUES, find_cues

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD_BITS, LETTER_BITS = 16, 16
_WORD_MASK, _LETTER_MASK = 2**WORD_BITS - 1, 2**LETTER_BITS - 1
LETTERS_AT = 2**WORD_BITS
DENSE_AT = LETTERS_AT + 2**LETTER_BITS

ENTITY_LABELS = (
    "PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "DATE", "TIME", "PERCENT",
    "MONEY", "QUANTITY", "CARDINAL",
)  # fmt: skip
_SHAPES = ("words", "short", "long", "capitals")
DENSE: tuple[str, ...] = (*CUES, *(f"has {label}" for label in ENTITY_LABELS), *_SHAPES)
_DENSE_INDEX = {name: DENSE_AT + at for at, name in enumerate(DENSE)}
SIZE = DENSE_AT + len(DENSE)

_WORD = re.compile(r"\w+(?:[-'.]\w+)*|[^\w\s]")
_DIGITS = re.compile(r"\d")
_MAX_WORD_CHARS = 40
_MAX_CUES = 3
_SHORT_WORDS, _LONG_WORDS = 7, 30


class Features(NamedTuple):
    """A sparse vector: ``indices`` ascending, and for each the place in the sentence that it tells of (None: all)."""

    indices: list[int]
    values: list[float]
    places: list[tuple[int, int] | None]


def extract(sentence: str, entity_labels: Iterable[str]) -> Features:
    """Give the features of one sentence before weighting by rarity.

    Words and pairs of words are counted under ``crc32 & mask``, as are the letter groups of each word; cues, entity
    labels and shape have an index of their own. Counts are damped (1 + log n), as in scikit-learn's ``sublinear_tf``.
    """
    text = plain(sentence)
    matches = list(_WORD.finditer(text))
    words = [_DIGITS.sub("0", match.group()[:_MAX_WORD_CHARS].lower()) for match in matches]
    counts: Counter[int] = Counter()
    places: dict[int, tuple[int, int] | None] = {}
    for at, word in enumerate(words):
        span = matches[at].span()
        pair = f"{words[at - 1] if at else '^'} {word}"
        for index in (*_word_indices(word), _hash(pair) & _WORD_MASK):
            counts[index] += 1
            places.setdefault(index, span)
    vector = {index: 1.0 + math.log(count) for index, count in counts.items()}
    for name, value, place in _dense(text, words, entity_labels):
        vector[_DENSE_INDEX[name]] = value
        places[_DENSE_INDEX[name]] = place
    indices = sorted(vector)
    return Features(indices, [vector[index] for index in indices], [places[index] for index in indices])


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=50_000)
def _word_indices(word: str) -> tuple[int, ...]:
    padded = f" {word} "
    letters = {padded[at : at + size] for size in (3, 4, 5) for at in range(max(1, len(padded) - size + 1))}
    return (_hash(word) & _WORD_MASK, *sorted(LETTERS_AT + (_hash(group) & _LETTER_MASK) for group in letters))


def _dense(
    text: str, words: list[str], entity_labels: Iterable[str]
) -> Iterable[tuple[str, float, tuple[int, int] | None]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for cue in find_cues(text):
        found.setdefault(cue.name, []).append((cue.start, cue.end))
    for name, spans in found.items():
        yield name, 0.5 + 0.5 * min(len(spans), _MAX_CUES) / _MAX_CUES, spans[0]
    for label, count in Counter(entity_labels).items():
        if f"has {label}" in _DENSE_INDEX:
            yield f"has {label}", 0.5 + 0.5 * min(count, _MAX_CUES) / _MAX_CUES, None
    yield "words", min(len(words), 60) / 60, None
    if len(words) <= _SHORT_WORDS:
        yield "short", 1.0, None
    if len(words) >= _LONG_WORDS:
        yield "long", 1.0, None
    if text.isupper():
        yield "capitals", 1.0, None
