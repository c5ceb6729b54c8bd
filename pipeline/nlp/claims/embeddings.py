"""Words in, what the claim network knows of each out: a sum of its static vector and of learned rows, kept by word."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING, Protocol

import numpy as np

from pipeline.nlp.layers.slim_spacy import spacy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from pipeline.nlp.layers.vector_index import WordRows

    Floats = npt.NDArray[np.float32]
    Numbers = npt.NDArray[np.int64]

WORD = re.compile(r"\w+(?:[-'.]\w+)*|[^\w\s]")
ROWS = (20_000, 2_000, 4_000, 500)  # learned rows of whole words, beginnings, ends, shapes
VECTOR_LENGTH = 4.0

_KEPT = 16_000  # words: 33 MB, taken as they are met
_MARGIN = 4_000  # new words of one text, beyond those that are kept
_MOST_CHARS = 40
_SHAPE_CHARS = 8
_ALIKE = str.maketrans(dict.fromkeys("123456789", "0"))
_SHAPE = str.maketrans(
    dict.fromkeys(ascii_lowercase, "x") | dict.fromkeys(ascii_uppercase, "X") | dict.fromkeys(digits, "d")
)
_RUN = re.compile(r"(.)\1{2,}")
_EPSILON = 1e-6


class StaticVectors(Protocol):
    """spaCy's ``Vectors`` as ``load_spacy`` leaves them: rows of half precision, and which of them a word has."""

    data: npt.NDArray[np.float16]
    key2row: WordRows


def hashes(word: str) -> tuple[int, int, int, int]:
    """Give a word's row in each table: whole and in small letters, its first three letters, its last four, its shape.

    Digits are all alike; words that share a row share what is learned of it.
    """
    simple = word.lower().translate(_ALIKE)[:_MOST_CHARS]
    shape = _RUN.sub(r"\1\1\1", word[:_MOST_CHARS].translate(_SHAPE))[:_SHAPE_CHARS]
    whole, begin, end, form = ROWS
    return _row(simple, whole), _row(f"p{simple[:3]}", begin), _row(f"s{simple[-4:]}", end), _row(shape, form)


def _row(text: str, rows: int) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % rows


def static_vectors(words: Sequence[str], vectors: StaticVectors) -> Floats:
    """Give the words' static vectors, all of one length: in their own case, else in small letters, else zeros."""
    key_of = spacy.strings.get_string_id
    keys = np.array([(key_of(word), key_of(word.lower())) for word in words], np.uint64)
    own, small = vectors.key2row.find(keys[:, 0]), vectors.key2row.find(keys[:, 1])
    rows = np.where(own >= 0, own, small)
    found = vectors.data[np.maximum(rows, 0)].astype(np.float32)
    lengths = np.maximum(np.linalg.norm(found, axis=1), _EPSILON)
    found *= (VECTOR_LENGTH / lengths * (rows >= 0)).astype(np.float32)[:, None]
    return found


def even(states: Floats) -> Floats:
    """Bring each state, a row, to a mean square of 1, in place (Zhang and Sennrich, NeurIPS 2019)."""
    squares = np.einsum("ij,ij->i", states, states)
    squares /= states.shape[1]
    squares += _EPSILON
    np.sqrt(squares, out=squares)
    states /= squares[:, None]
    return states


@dataclass(slots=True)
class Embeddings:
    """What the network knows of words without their sentence; it is kept, since words come back.

    That includes the first layer's products: what a word gives to its own next state, to that of the word behind it and
    of the word before.
    """

    vectors: StaticVectors
    projection: Floats  # (length of a vector, width)
    bias: Floats
    tables: tuple[npt.NDArray[np.float16], ...]  # one for each of ``ROWS``
    products: Floats  # (width, 3 x width)
    _states: Floats = field(init=False)
    _places: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._states = np.zeros((1, 4 * len(self.bias)), np.float32)

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[np.float16]], vectors: StaticVectors) -> Embeddings:
        """Take the arrays ``projection``, ``bias``, ``rows 0`` to ``rows 3`` and ``layer 0``."""
        tables = tuple(arrays[f"rows {at}"] for at in range(len(ROWS)))
        products = np.concatenate(np.split(arrays["layer 0"].astype(np.float32), 3), axis=1)
        projection, bias = (arrays[name].astype(np.float32) for name in ("projection", "bias"))
        return cls(vectors, projection, bias, tables, products)

    def find(self, sentences: Sequence[Sequence[str]]) -> list[list[int]]:
        """Give the row in ``states`` of each word of each sentence; row 0 is blank."""
        if len(self._places) > _KEPT:
            self._places.clear()
        new = sorted({word for words in sentences for word in words if word not in self._places})
        if new:
            self._add(new)
        places = self._places
        return [[places[word] for word in words] for words in sentences]

    @property
    def states(self) -> Floats:
        """What is known of each word, (words, 4 x width): its state, then its products."""
        return self._states

    def _add(self, new: Sequence[str]) -> None:
        words = [*new, ""]  # two at least: the product of one alone would be rounded otherwise
        states = static_vectors(words, self.vectors) @ self.projection
        states += self.bias
        rows = np.array([hashes(word) for word in words])
        for table, numbers in zip(self.tables, rows.T, strict=True):
            states += table[numbers]
        first = len(self._places) + 1
        if first + len(words) > len(self._states):
            # Room for all at once: memory that is not written to is not taken, and nothing is ever moved.
            room = max(first + len(words), _KEPT + _MARGIN)
            grown = np.empty((room, self._states.shape[1]), np.float32)
            grown[:first] = self._states[:first]
            self._states = grown
        width = len(self.bias)
        self._states[first : first + len(words), :width] = even(states)
        self._states[first : first + len(words), width:] = states @ self.products
        self._places.update((word, first + at) for at, word in enumerate(words))
