"""Sentences in, judgements out: the claim network's logits as chances, its types and what spoke for the label."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.claims.cues import Cues, describe
from pipeline.nlp.claims.network import Network, Read
from pipeline.nlp.lexicon.tables import words_of
from pipeline.nlp.text.characters import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from pipeline.labels import ClaimType
    from pipeline.nlp.claims.embeddings import StaticVectors

    Floats = npt.NDArray[np.float32]

CONFIG = "config.json"
_MOST_REASONS = 3
_LOOKED_AT = 5  # words, of those that give most
_LEAST_CHANCE = 1e-9
_LEAST_GAIN = 0.1  # in logits: less than this moves a probability by under 3 points
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
    """How logits become chances: a temperature and the share of doubt that is always left; a threshold for each type.

    ``doubt`` is spread over all labels alike: two who know the rules well differ on one sentence in ten.
    """

    temperature: float
    doubt: float
    type_thresholds: tuple[float, ...]

    def chances(self, logits: Floats) -> Floats:
        """Give the labels' chances from their logits, both (sentences, labels)."""
        scaled = (logits - logits.max(axis=1, keepdims=True)) / self.temperature
        exponents = np.exp(scaled)
        chances: Floats = exponents / exponents.sum(axis=1, keepdims=True)
        chances *= 1 - self.doubt
        chances += self.doubt / chances.shape[1]
        return chances


@dataclass(frozen=True, slots=True)
class Classifier:
    """The network, how its logits are read, and the cues that its reasons name."""

    network: Network
    scale: Scale
    cues: Cues

    @classmethod
    def read(cls, folder: Path, vectors: StaticVectors) -> Classifier:
        """Read what ``pipeline.training`` wrote.

        Raises:
            ValueError: the network was made for other labels or types.
        """
        config: dict[str, Any] = orjson.loads((folder / CONFIG).read_bytes())
        scale = Scale(config["temperature"], config["doubt"], tuple(config["type_thresholds"]))
        return cls(Network.read(folder, vectors), scale, Cues.read(folder))

    def judge(self, sentences: Sequence[str]) -> list[Judgement]:
        """Judge sentences, each by itself."""
        reads = self.network.judge(sentences)
        if not reads:
            return []
        logits = np.array([read.logits for read in reads])
        chances = self.scale.chances(logits[:, : len(LABELS)])
        types = 1 / (1 + np.exp(-logits[:, len(LABELS) :]))
        passed = types >= np.array(self.scale.type_thresholds)
        return [
            Judgement(
                one.tolist(),
                kinds.tolist(),
                tuple(name for name, has in zip(TYPES, found, strict=True) if has),
                _reasons(sentence, read, towards(one.tolist()), self.cues),
            )
            for sentence, read, one, kinds, found in zip(sentences, reads, chances, types, passed, strict=True)
        ]


def _reasons(sentence: str, read: Read, direction: Floats, cues: Cues) -> tuple[str, ...]:
    """Name the words that speak most for the label, each with the cue that it makes."""
    gains = (read.parts[:, : len(LABELS)] @ direction).tolist()
    best = [at for at in nlargest(_LOOKED_AT, range(len(gains)), key=gains.__getitem__) if gains[at] >= _LEAST_GAIN]
    if not best:
        return ()
    simple = plain(sentence)
    places = _places(simple, read.words)
    told: dict[str, float] = {}
    spans: list[tuple[int, int]] = []
    for at in best:
        start, end = places[at]
        if any(first <= start and end <= last for first, last in spans):
            continue
        cue = cues.find(simple, start, end)
        if cue is not None:
            start, end = cue.start, cue.end
            name = describe(sentence, cue)
        elif _tells(read.words[at]):
            name = f'word: "{sentence[start:end]}"'
        else:
            continue
        spans.append((start, end))
        told[name] = told.get(name, 0.0) + sum(gains[_inside(places, at, start, end)])
    return tuple(name for name in nlargest(_MOST_REASONS, told, key=told.__getitem__) if told[name] >= _LEAST_GAIN)


def _inside(places: Sequence[tuple[int, int]], at: int, start: int, end: int) -> slice:
    """Give which words stand between two places, of which word ``at`` is one."""
    first = last = at
    while first and places[first - 1][0] >= start:
        first -= 1
    while last + 1 < len(places) and places[last + 1][1] <= end:
        last += 1
    return slice(first, last + 1)


def _places(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Give where words stand that were found in a text one after the other, with nothing but blanks between."""
    places, at = [], 0
    for word in words:
        start = text.find(word, at)
        at = start + len(word)
        places.append((start, at))
    return places


@lru_cache(maxsize=10_000)
def _tells(word: str) -> bool:
    """Tell a word that says something to a reader from a mere function word or mark."""
    return len(word) > 1 and word.lower() not in _EMPTY_WORDS and any(one.isalnum() for one in word)


def towards(chances: Sequence[float]) -> Floats:
    """Give the weights of the labels' logits in the margin of the best one over the others, each as likely as it is.

    To first order, the logarithm of the best label's chance changes with this margin.
    """
    best = max(range(len(chances)), key=chances.__getitem__)
    others = max(1.0 - chances[best], _LEAST_CHANCE)
    return np.array([1.0 if at == best else -chance / others for at, chance in enumerate(chances)], np.float32)
