"""Sentences in, judgements out: the linear classifier decides what it is sure of, the network looks at the rest.

Where the network looks, its logits and the linear classifier's are added, with weights fitted on dev: two models that
err in different places. The reasons are what both say: words and cues that speak for the label in each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson

from pipeline.labels import LABELS, TYPES, ClaimType
from pipeline.nlp.claims.classifier import Classifier
from pipeline.nlp.claims.features import Features, extract
from pipeline.nlp.claims.network import Network, NetworkOutput, contributions
from pipeline.nlp.lexicon.tables import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.nlp.claims.classifier import Floats

_MOST_REASONS = 3
_LEAST_CHANCE = 1e-9
_LEAST_GAIN = 0.1  # in logits: less than this moves a probability by under 3 points
_LINEAR_SHARE = 2.0  # where a word is taken out, the score follows the linear gain more often than the network's
# Words that say nothing to a reader; their share of a logit is real and is left out of the reasons, not of the score.
_EMPTY_WORDS = words_of("function_words", "empty")


class Judgement(NamedTuple):
    """``chances`` in the order of ``LABELS`` and the types whose chance passes its threshold."""

    chances: list[float]
    type_chances: list[float]
    types: tuple[ClaimType, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """How logits become chances: one temperature for the labels, one threshold for each type."""

    temperature: float
    type_thresholds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Blend:
    """When the network is asked (the linear classifier's best chance is below ``sure``) and how the two are added."""

    sure: float
    label_weight: float
    type_weight: float
    scale: Scale


class _Draft(NamedTuple):
    sentence: str
    features: Features
    values: Floats
    logits: list[float]


@dataclass(frozen=True, slots=True)
class Cascade:
    """The linear classifier, the network and how they go together."""

    linear: Classifier
    network: Network
    scale: Scale
    blend: Blend

    @classmethod
    def read(cls, folder: Path) -> Cascade:
        """Read what ``pipeline.training`` wrote.

        Raises:
            ValueError: the linear weights were made for other features.
        """
        config: dict[str, Any] = orjson.loads((folder / "config.json").read_bytes())
        blend = config["blend"]
        return cls(
            Classifier.read(folder),
            Network.read(folder),
            Scale(config["temperature"], tuple(config["type_thresholds"])),
            Blend(
                blend["sure"],
                blend["label_weight"],
                blend["type_weight"],
                Scale(blend["temperature"], tuple(blend["type_thresholds"])),
            ),
        )

    def judge(self, sentences: Sequence[tuple[str, Iterable[str]]]) -> list[Judgement]:
        """Judge sentences, each with the labels of its entities."""
        drafts = (self._draft(sentence, labels) for sentence, labels in sentences)
        return [
            self._judgement(draft, None if self._is_sure(draft) else self.network.judge(draft.sentence))
            for draft in drafts
        ]

    def _draft(self, sentence: str, entity_labels: Iterable[str]) -> _Draft:
        features = extract(sentence, entity_labels)
        values = self.linear.weigh(features)
        return _Draft(sentence, features, values, self.linear.logits(features, values))

    def _is_sure(self, draft: _Draft) -> bool:
        return max(softmax(draft.logits[: len(LABELS)], self.scale.temperature)) >= self.blend.sure

    def _judgement(self, draft: _Draft, read: NetworkOutput | None) -> Judgement:
        logits, scale = draft.logits, self.scale
        if read is not None:
            logits, scale = self.add(draft.logits, read.logits), self.blend.scale
        chances = softmax(logits[: len(LABELS)], scale.temperature)
        type_chances = [1.0 / (1.0 + math.exp(-max(-30.0, logit))) for logit in logits[len(LABELS) :]]
        types = (
            name
            for name, chance, least in zip(TYPES, type_chances, scale.type_thresholds, strict=True)
            if chance >= least
        )
        return Judgement(chances, type_chances, tuple(types), self._reasons(draft, read, towards(chances)))

    def add(self, linear: Sequence[float], network: Sequence[float]) -> list[float]:
        """Add the logits of both; the linear ones at their own temperature first."""
        label_weight = self.blend.label_weight / self.scale.temperature
        weights = [label_weight] * len(LABELS) + [self.blend.type_weight] * len(TYPES)
        return [one + weight * other for one, other, weight in zip(network, linear, weights, strict=True)]

    def _reasons(self, draft: _Draft, read: NetworkOutput | None, direction: Floats) -> tuple[str, ...]:
        """Name what speaks most for the label: in both models where both were asked, else (and if none) in one."""
        scale = 1.0 / self.scale.temperature if read is None else self.blend.label_weight / self.scale.temperature
        linear = {
            name: gain * scale
            for name, gain in self.linear.gains(draft.sentence, draft.features, draft.values, direction).items()
            if _tells(name)
        }
        if read is None:
            return _most({name: gain for name, gain in linear.items() if gain >= _LEAST_GAIN}, _MOST_REASONS)
        network = contributions(draft.sentence, draft.features.cues, read, direction)
        sums = {name: _LINEAR_SHARE * gain + network.get(name, 0.0) for name, gain in linear.items()}
        shared = {
            name: sums[name]
            for name, gain in linear.items()
            if gain >= _LEAST_GAIN and network.get(name, 0.0) >= _LEAST_GAIN
        }
        return _most(shared, _MOST_REASONS) or _most(sums, 1)


def towards(chances: Sequence[float]) -> Floats:
    """Return the weights of the labels' logits in the margin of the best one over the others, each as likely as it is.

    To first order, the logarithm of the best label's chance changes with this margin.
    """
    best = max(range(len(chances)), key=chances.__getitem__)
    others = max(1.0 - chances[best], _LEAST_CHANCE)
    return np.array([1.0 if at == best else -chance / others for at, chance in enumerate(chances)], np.float32)


def _most(sums: Mapping[str, float], count: int) -> tuple[str, ...]:
    return tuple(nsmallest(count, sums, key=lambda name: (-sums[name], name)))


def softmax(logits: Sequence[float], temperature: float) -> list[float]:
    """Return the probabilities of logits divided by a temperature."""
    highest = max(logits)
    exponents = [math.exp((logit - highest) / temperature) for logit in logits]
    return [exponent / sum(exponents) for exponent in exponents]


@lru_cache(maxsize=20_000)
def _tells(name: str) -> bool:
    """Return whether a reason means something: a mere function word or mark does not."""
    if not name.startswith('word: "'):
        return True
    word = name[len('word: "') : -1].lower()
    return len(word) > 1 and word not in _EMPTY_WORDS and any(one.isalnum() for one in word)
