"""Sentences in, what the claim network makes of them out: a small convolution over words, in plain numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.claims.embeddings import WORD, Embeddings, even
from pipeline.nlp.text.characters import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from pipeline.nlp.claims.embeddings import StaticVectors

    Floats = npt.NDArray[np.float32]

OUTPUTS = len(LABELS) + len(TYPES)
FILE = "network.npz"
_BLOCK = 600  # words that are read together: their states stay in the processor's cache
# A product of one row, or of columns that are no multiple of 16, rounds otherwise than one of many: with two rows and
# 48 columns at least, a sentence gives the same bits whatever stands beside it.
_LEAST_ROWS, _COLUMNS = 2, 16


class Read(NamedTuple):
    """What the network read in a sentence: its logits (labels, then types), its words and their parts in them.

    The logits are the sum of the words' ``parts``, (words, labels + types), and of a bias that is the same everywhere.
    """

    logits: Floats
    words: list[str]
    parts: Floats


@dataclass(frozen=True, slots=True)
class Layer:
    """Each word's state and its two neighbours' become its next state; ``whole`` adds the mean of the sentence."""

    weights: Floats  # (3, width, width): of the word, of the one before, of the one behind
    whole: Floats  # (width, width)
    bias: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """``head`` gives each word its votes in the mean, its attention and its votes in that: columns for each output."""

    embeddings: Embeddings
    layers: tuple[Layer, ...]
    head: Floats  # (width, 3 x outputs and some blank ones)
    bias: Floats

    @classmethod
    def read(cls, folder: Path, vectors: StaticVectors) -> Network:
        """Read what ``pipeline.training.student`` wrote.

        Args:
            folder: where ``network.npz`` is.
            vectors: the static vectors of words, with ``WordRows``.

        Raises:
            ValueError: the network was made for other labels or types.
        """
        with np.load(folder / FILE, allow_pickle=False) as file:
            return cls.of(dict(file), vectors)

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[np.float16]], vectors: StaticVectors) -> Network:
        """Take the arrays of ``network.npz`` by their names."""
        if arrays["final bias"].shape != (OUTPUTS,):
            raise ValueError("the claim network was made for other labels or types")

        def exact(name: str) -> Floats:
            return np.ascontiguousarray(arrays[name], np.float32)

        count = sum(name.startswith("layer ") for name in arrays)
        width = len(arrays["bias"])
        layers = (
            Layer(exact(f"layer {at}").reshape(3, width, width), exact(f"whole {at}"), exact(f"bias {at}"))
            for at in range(count)
        )
        head = np.pad(exact("head"), ((0, 0), (0, -3 * OUTPUTS % _COLUMNS)))
        return cls(Embeddings.of(arrays, vectors), tuple(layers), head, exact("final bias"))

    def judge(self, sentences: Sequence[str]) -> list[Read]:
        """Read sentences, many at a time: a product of many words takes less time than many of a few.

        What is read in a sentence does not depend on the others.
        """
        words = [WORD.findall(plain(sentence)) or [""] for sentence in sentences]
        parts = (part for block in _blocks(self.embeddings.find(words)) for part in self._read(block))
        return [Read(part.sum(axis=0) + self.bias, found, part) for found, part in zip(words, parts, strict=True)]

    def _read(self, sentences: Sequence[Sequence[int]]) -> Iterator[Floats]:
        """Give the parts of each sentence's words; a blank stands before each sentence and behind the last."""
        lengths = np.array([len(rows) for rows in sentences])
        known = self.embeddings.states[[row for rows in sentences for row in (0, *rows)] + [0]]
        ends = np.cumsum(lengths + 1)
        starts, blanks = ends - lengths, np.concatenate([[0], ends])
        owners = np.repeat(np.arange(len(lengths)), lengths + 1)  # of each row but the first
        share = (1 / lengths).astype(np.float32)[:, None]
        states, added, before, behind = np.split(known, 4, axis=1)
        means = np.zeros((max(len(lengths), _LEAST_ROWS), states.shape[1]), np.float32)
        for number, layer in enumerate(self.layers):
            if number:
                added, before, behind = (states @ weights for weights in layer.weights)
            added[1:] += before[:-1]
            added[:-1] += behind[1:]
            np.add.reduceat(states, starts, axis=0, out=means[: len(lengths)])
            means[: len(lengths)] *= share
            added[1:] += (means @ layer.whole + layer.bias)[owners]
            np.maximum(added, 0, out=added)
            added += states
            states = even(added)
            states[blanks] = 0
        votes = states @ self.head
        parts = votes[:, :OUTPUTS]
        parts[1:] *= share[owners]
        attention = np.exp(votes[:, OUTPUTS : 2 * OUTPUTS])
        attention[blanks] = 0
        attention[1:] /= np.add.reduceat(attention, starts, axis=0)[owners]
        attention *= votes[:, 2 * OUTPUTS : 3 * OUTPUTS]
        parts = parts + attention
        yield from (parts[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True))


def _blocks(rows: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    block: list[list[int]] = []
    size = 0
    for one in rows:
        if block and size + len(one) > _BLOCK:
            yield block
            block, size = [], 0
        block.append(one)
        size += len(one)
    if block:
        yield block
