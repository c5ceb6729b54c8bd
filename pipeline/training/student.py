"""What teachers say of sentences in, the shipped claim network out: a convolution over words, trained in torch.

It is what ``pipeline.nlp.claims.network`` runs in numpy, written down in half precision by the names that it reads.
"""

from __future__ import annotations

import logging
import math
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from pipeline.labels import LABELS
from pipeline.nlp.claims.embeddings import ROWS, WORD, hashes, static_vectors
from pipeline.nlp.claims.network import OUTPUTS
from pipeline.nlp.text.characters import plain
from pipeline.training import minilm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from pipeline.nlp.claims.embeddings import StaticVectors

    Floats = npt.NDArray[np.float32]

WIDTH, _LAYERS = 128, 2
_VECTOR, _STATE = 300, minilm.WIDTH  # widths of a static vector and of a teacher's state
_MOST_WORDS = 128  # of a sentence in training; the program reads all
_BATCH, _EPOCHS, _RATE = 64, 6, 2e-3
_WARM_UP = 150  # steps
_DROPOUT, _WORD_DROPOUT = 0.15, 0.05
_TYPE_WEIGHT = 2.0
_STATE_WEIGHT = 0.5  # of the teacher's state at the start; it falls to a third of that
_EPSILON = 1e-6

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Sentences with what is to be learned of each; all arrays have a row for each text.

    ``states`` are the teacher's, (texts, 384), the mean over a sentence's word pieces; NaN where it was not asked.
    """

    texts: list[str]
    labels: Floats
    types: Floats
    weights: Floats
    type_weights: Floats
    states: Floats


@dataclass(slots=True)
class _Words:
    """Numbers words as they come."""

    numbers: dict[str, int] = field(default_factory=lambda: {"": 0})

    def read(self, sentence: str) -> list[int]:
        words = WORD.findall(plain(sentence))[:_MOST_WORDS]
        return [self.numbers.setdefault(word, len(self.numbers)) for word in words] or [0]

    def tables(self, vectors: StaticVectors) -> tuple[Tensor, Tensor]:
        """Give the words' rows in the learned tables and their static vectors."""
        words = list(self.numbers)
        return torch.tensor([hashes(word) for word in words]), torch.tensor(static_vectors(words, vectors))


def _even(states: Tensor) -> Tensor:
    return states * torch.rsqrt(states.square().mean(-1, keepdim=True) + _EPSILON)


class Student(nn.Module):  # type: ignore[misc]
    """The network of ``pipeline.nlp.claims.network`` on a padded batch, with its guess of the teacher's state."""

    def __init__(self, rows: Tensor, vectors: Tensor) -> None:
        super().__init__()
        self.register_buffer("rows", rows, persistent=False)
        self.register_buffer("vectors", vectors, persistent=False)
        self.tables = nn.ModuleList(nn.Embedding(count, WIDTH, sparse=True) for count in ROWS)
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.1)
        self.projection = nn.Linear(_VECTOR, WIDTH)
        self.layers = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in range(_LAYERS))
        self.whole = nn.ModuleList(nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(_LAYERS))
        self.head = nn.Linear(WIDTH, 3 * OUTPUTS, bias=False)
        self.bias = nn.Parameter(torch.zeros(OUTPUTS))
        self.as_teacher = nn.Linear(WIDTH, _STATE)
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, words: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """Take (batch, words) numbers and 1 / 0 for word / padding; give logits and the teacher's state, as guessed."""
        known, places = torch.unique(words, return_inverse=True)
        alone = self.projection(self.vectors[known])
        for at, table in enumerate(self.tables):
            alone = alone + table(self.rows[known, at])
        mask = present[:, :, None]
        shape = (*words.shape, WIDTH)
        states = nn.functional.embedding(places.view(-1), _even(alone)).view(shape)
        if self.training:
            states = states * (torch.rand(*words.shape, 1) >= _WORD_DROPOUT)
        states = self.drop(states) * mask
        count = present.sum(1)[:, None]
        for layer, whole in zip(self.layers, self.whole, strict=True):
            before = nn.functional.pad(states, (0, 0, 1, 0))[:, :-1]
            behind = nn.functional.pad(states, (0, 0, 0, 1))[:, 1:]
            mean = states.sum(1) / count
            added = layer(torch.cat([states, before, behind], -1)) + whole(mean)[:, None]
            states = _even(states + self.drop(torch.relu(added))) * mask
        votes, attention, attended = self.head(states).split(OUTPUTS, -1)
        shares = torch.softmax(attention + (1 - mask) * -1e4, 1)
        logits = votes.sum(1) / count + (shares * attended).sum(1) + self.bias
        return logits, self.as_teacher(states.sum(1) / count)

    def arrays(self) -> dict[str, npt.NDArray[np.float16]]:
        """Give what ``Network.of`` reads."""
        tensors = {"projection": self.projection.weight.T, "bias": self.projection.bias}
        tensors |= {f"rows {at}": table.weight for at, table in enumerate(self.tables)}
        for at, (layer, whole) in enumerate(zip(self.layers, self.whole, strict=True)):
            tensors |= {f"layer {at}": layer.weight.T, f"bias {at}": layer.bias, f"whole {at}": whole.weight.T}
        tensors |= {"head": self.head.weight.T, "final bias": self.bias}
        return {name: tensor.detach().numpy().astype(np.float16) for name, tensor in tensors.items()}


def train(lessons: Lessons, vectors: StaticVectors, *, seed: int = 0, epochs: int = _EPOCHS) -> Student:
    """Fit a student with Adam, a short warm-up and linear decay; the last state is kept."""
    torch.manual_seed(seed)
    lexicon = _Words()
    sentences = [lexicon.read(text) for text in lessons.texts]
    student = Student(*lexicon.tables(vectors))
    student.train()
    dense = [value for name, value in student.named_parameters() if not name.startswith("tables")]
    optimisers = [
        torch.optim.Adam(dense, lr=_RATE, betas=(0.9, 0.99), fused=True),
        torch.optim.SparseAdam(list(student.tables.parameters()), lr=_RATE, betas=(0.9, 0.99)),
    ]
    known = _Tensors.of(lessons)
    steps = epochs * math.ceil(len(sentences) / _BATCH)
    for step, rows in enumerate(_batches(sentences, epochs, seed)):
        done = step / steps
        for group in (group for optimiser in optimisers for group in optimiser.param_groups):
            group["lr"] = _RATE * min((step + 1) / _WARM_UP, 1 - done)
        words, present = _padded([sentences[row] for row in rows])
        logits, states = student(words, present)
        loss = known.loss(logits, states, torch.tensor(rows), done)
        student.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(dense, 2.0)
        for optimiser in optimisers:
            optimiser.step()
    student.eval()
    return student


def _batches(sentences: Sequence[list[int]], epochs: int, seed: int) -> Iterator[list[int]]:
    """Give rows of like length together, in an order of chance."""
    shuffle = random.Random(seed)  # noqa: S311  (no secret)
    for epoch in range(epochs):
        start = time.process_time()
        order = sorted(range(len(sentences)), key=lambda row: len(sentences[row]) + shuffle.random() * 8)
        batches = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]
        shuffle.shuffle(batches)
        yield from batches
        _log.info("epoch %d of %d: %.0f s", epoch + 1, epochs, time.process_time() - start)


def _padded(sentences: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, sentences))
    words = torch.tensor([words + [0] * (longest - len(words)) for words in sentences])
    lengths = torch.tensor([len(words) for words in sentences])
    return words, (torch.arange(longest) < lengths[:, None]).to(torch.float32)


@dataclass(frozen=True, slots=True)
class _Tensors:
    labels: Tensor
    types: Tensor
    weights: Tensor
    type_weights: Tensor
    states: Tensor

    @classmethod
    def of(cls, lessons: Lessons) -> _Tensors:
        mean, spread = np.nanmean(lessons.states, axis=0), np.nanstd(lessons.states, axis=0) + _EPSILON
        states = (lessons.states - mean) / spread
        arrays = (lessons.labels, lessons.types, lessons.weights, lessons.type_weights, states)
        labels, types, weights, type_weights, apart = (torch.tensor(array) for array in arrays)
        return cls(labels, types, weights, type_weights, apart)

    def loss(self, logits: Tensor, states: Tensor, rows: Tensor, done: float) -> Tensor:
        """Add up what labels, types and the teacher's state ask; ``done`` is the share of training that is over."""
        weights, type_weights = self.weights[rows], self.type_weights[rows]
        crossed = -(self.labels[rows] * torch.log_softmax(logits[:, : len(LABELS)], 1)).sum(1)
        binary = nn.functional.binary_cross_entropy_with_logits(
            logits[:, len(LABELS) :], self.types[rows], reduction="none"
        ).mean(1)
        asked = ~self.states[rows, 0].isnan()
        apart = (states[asked] - self.states[rows[asked]]).square().sum() / (len(rows) * _STATE)
        loss: Tensor = (
            (crossed * weights).sum() / weights.sum()
            + _TYPE_WEIGHT * (binary * type_weights).sum() / type_weights.sum().clamp(min=1)
            + _STATE_WEIGHT * max(1 / 3, 1 - done) * apart
        )
        return loss
