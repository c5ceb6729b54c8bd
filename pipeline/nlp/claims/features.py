"""A sentence in, its features out: hashed words and letters and named cues, each tied to the words it came from."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.nlp.claims.cues import CUES, Cue, find_cues
from pipeline.nlp.text.characters import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    Numbers = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float32]

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
_DAMPED = np.concatenate([[0.0], 1.0 + np.log(np.arange(1, _MOST_COUNTED))]).astype(np.float32)
_SHORT_WORDS, _LONG_WORDS = 7, 30


class Features(NamedTuple):
    """A sparse vector, ``indices`` ascending; feature i tells of ``places[owners[i]]``: a word, cue, or (None) all."""

    indices: Numbers
    values: Floats
    owners: Numbers
    places: list[tuple[int, int] | None]
    cues: tuple[Cue, ...]


def extract(sentence: str, entity_labels: Iterable[str]) -> Features:
    """Return the features of one sentence before weighting by rarity.

    Words and pairs of words are counted under ``crc32 & mask``, as are the letter groups of each word; cues, entity
    labels and shape have an index of their own. Counts are damped (1 + log n), as in scikit-learn's ``sublinear_tf``.
    """
    text = plain(sentence)
    words, places = [], []
    for match in _WORD.finditer(text):
        words.append(_read(match.group()))
        places.append(match.span())
    pairs = [zlib.crc32(word.encoded, before.as_first) & _WORD_MASK for before, word in pairwise([_START, *words])]
    groups = [word.indices for word in words]
    owners = np.repeat(np.arange(len(words)), [len(group) for group in groups])
    indices, first, counts = np.unique(
        np.concatenate([np.array(pairs, np.int32), *groups]), return_index=True, return_counts=True
    )
    values = _DAMPED[np.minimum(counts, _MOST_COUNTED - 1)]
    cues = find_cues(text)
    named = _dense(text, cues, len(words), entity_labels)
    dense = sorted((_DENSE_INDEX[name], value, place) for name, value, place in named)
    return Features(
        np.concatenate([indices, np.array([index for index, _, _ in dense], np.int32)]),
        np.concatenate([values, np.array([value for _, value, _ in dense], np.float32)]),
        np.concatenate([np.concatenate([np.arange(len(pairs)), owners])[first], len(places) + np.arange(len(dense))]),
        [*places, *(place for _, _, place in dense)],
        cues,
    )


class _Word(NamedTuple):
    """``as_first`` is the hash of the word and a blank, which that of a pair goes on from; ``indices`` its features."""

    encoded: bytes
    as_first: int
    indices: Numbers


@lru_cache(maxsize=20_000)  # 9 MB
def _read(word: str) -> _Word:
    simple = _DIGITS.sub("0", word[:_MAX_WORD_CHARS].lower())
    padded = f" {simple} "
    letters = {padded[at : at + size] for size in (3, 4, 5) for at in range(max(1, len(padded) - size + 1))}
    hashed = [LETTERS_AT + (zlib.crc32(group) & _LETTER_MASK) for group in _encoded("\0".join(letters)).split(b"\0")]
    encoded = _encoded(simple)
    indices = np.array([zlib.crc32(encoded) & _WORD_MASK, *hashed], np.int32)
    return _Word(encoded, zlib.crc32(encoded + b" "), indices)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_START = _read("^")


def _dense(
    text: str, cues: Iterable[Cue], words: int, entity_labels: Iterable[str]
) -> Iterable[tuple[str, float, tuple[int, int] | None]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for cue in cues:
        found.setdefault(cue.name, []).append((cue.start, cue.end))
    for name, spans in found.items():
        yield name, 0.5 + 0.5 * min(len(spans), _MAX_CUES) / _MAX_CUES, spans[0]
    for label, count in Counter(entity_labels).items():
        if f"has {label}" in _DENSE_INDEX:
            yield f"has {label}", 0.5 + 0.5 * min(count, _MAX_CUES) / _MAX_CUES, None
    yield "words", min(words, 60) / 60, None
    if words <= _SHORT_WORDS:
        yield "short", 1.0, None
    if words >= _LONG_WORDS:
        yield "long", 1.0, None
    if text.isupper():
        yield "capitals", 1.0, None
