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
_MOST_COUNTED = 50  # of one feature in a sentence
_DAMPED = [0.0, *(1.0 + math.log(count) for count in range(1, _MOST_COUNTED))]
_SHORT_WORDS, _LONG_WORDS = 7, 30


class Features(NamedTuple):
    """A sparse vector, ``indices`` ascending; feature i tells of ``places[owners[i]]``: a word, cue, or (None) all."""

    indices: list[int]
    values: list[float]
    owners: list[int]
    places: list[tuple[int, int] | None]


def extract(sentence: str, entity_labels: Iterable[str]) -> Features:
    """Give the features of one sentence before weighting by rarity.

    Words and pairs of words are counted under ``crc32 & mask``, as are the letter groups of each word; cues, entity
    labels and shape have an index of their own. Counts are damped (1 + log n), as in scikit-learn's ``sublinear_tf``.
    """
    text = plain(sentence)
    words, places = [], []
    for match in _WORD.finditer(text):
        words.append(_DIGITS.sub("0", match.group()[:_MAX_WORD_CHARS].lower()))
        places.append(match.span())
    counts: dict[int, int] = {}
    owners: dict[int, int] = {}
    before = "^"
    for at, word in enumerate(words):
        for index in (*_word_indices(word), _hash(f"{before} {word}") & _WORD_MASK):
            if index in counts:
                counts[index] += 1
            else:
                counts[index] = 1
                owners[index] = at
        before = word
    vector = {index: _DAMPED[count] if count < _MOST_COUNTED else _DAMPED[-1] for index, count in counts.items()}
    everything: list[tuple[int, int] | None] = [*places]
    for name, value, place in _dense(text, words, entity_labels):
        vector[_DENSE_INDEX[name]] = value
        owners[_DENSE_INDEX[name]] = len(everything)
        everything.append(place)
    indices = sorted(vector)
    return Features(indices, [vector[index] for index in indices], [owners[index] for index in indices], everything)


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
