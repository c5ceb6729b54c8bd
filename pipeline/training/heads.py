"""A claim network of wire and debates in, its head fitted anew on all kinds of text out.

The body stays as it is: what it makes of a sentence says more of other kinds of text than its head can read, which has
seen wire and debates alone. To fit these 4,620 weights takes a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

from pipeline.labels import LABELS, TYPES
from pipeline.training import minilm
from pipeline.training.data.claim_sets import DEBATES, WIRE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.nlp.claims.wordpiece import WordPiece
    from pipeline.training.data.datasets import Example

# Of a sentence of wire and of one of debates against another: with less for wire its score is further from its chances.
_WEIGHTS = {WIRE: 2.0, DEBATES: 0.5}
_OWN_SHARE = 0.5  # of a sentence's own label beside the old head's opinion, of the kinds that the old head has seen
_TYPES_WEIGHT = 2.0  # of the types' loss
_STIFFNESS = 3e-4  # of the pull to the old weights: 1e-3 to 1e-4 score within a point on dev
_STEPS = 60


class _Lesson(NamedTuple):
    """A kind of text: (sentences, width), (sentences, labels), (sentences, types) where known, share of the loss."""

    means: Tensor
    labels: Tensor
    types: Tensor | None
    weight: float


def refit(network: minilm.ClaimNetwork, train_set: Mapping[str, Sequence[Example]], pieces: WordPiece) -> None:
    """Fit the head of a network to the labelled sentences of each kind of text; its body is left as it is."""
    old = network.head.weight.detach().clone()
    lessons = [_lesson(network, kind, examples, pieces) for kind, examples in train_set.items()]
    whole = sum(one.weight for one in lessons)
    optimiser = torch.optim.LBFGS(
        network.head.parameters(), max_iter=_STEPS, history_size=10, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimiser.zero_grad()
        pull = _STIFFNESS * (network.head.weight - old).square().sum()
        total = sum((one.weight / whole * _loss(network.head(one.means), one) for one in lessons), start=pull)
        total.backward()
        return total

    optimiser.step(loss)


def _lesson(network: minilm.ClaimNetwork, kind: str, examples: Sequence[Example], pieces: WordPiece) -> _Lesson:
    means = _means(network, [example.text for example in examples], pieces)
    labels = torch.tensor([[float(example.claim == label) for label in LABELS] for example in examples])
    types = torch.tensor([[float(name in example.types) for name in TYPES] for example in examples])
    if kind in _WEIGHTS:
        opinion = torch.softmax(network.head(means)[:, : len(LABELS)], 1).detach()
        labels = _OWN_SHARE * labels + (1 - _OWN_SHARE) * opinion
    weight = len(examples) * _WEIGHTS.get(kind, 1.0)
    return _Lesson(means, labels, None if kind == DEBATES else types, weight)


def _means(network: minilm.ClaimNetwork, texts: Sequence[str], pieces: WordPiece) -> Tensor:
    """Return what the head reads: the mean of each text's states, (texts, width)."""
    head, network.head = network.head, nn.Identity()
    means = minilm.predict(network, texts, pieces)
    network.head = head
    network.cpu()
    return means


def _loss(logits: Tensor, lesson: _Lesson) -> Tensor:
    logs = torch.log_softmax(logits[:, : len(LABELS)], 1)
    labels = -(lesson.labels * logs).sum(1).mean()
    if lesson.types is None:
        return labels
    found = logits[:, len(LABELS) :]
    return labels + _TYPES_WEIGHT * nn.functional.binary_cross_entropy_with_logits(found, lesson.types)
