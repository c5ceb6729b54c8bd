"""Features in, calibrated probabilities and their reasons out: a linear model as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson

from pipeline.nlp.cues import CUES, Cue, name_cue
from pipeline.nlp.features import DENSE, DENSE_AT, LETTERS_AT, SIZE, Features
from pipeline.nlp.spans import LABELS, TYPES

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

_MOST_REASONS = 3
_LEAST_CONTRIBUTION = 0.1  # in logits: less than this moves a probability by under 3 points


class Scores(NamedTuple):
    """``labels`` and ``types``: probabilities in the order of ``LABELS`` and ``TYPES``."""

    labels: list[float]
    types: list[float]


@dataclass(frozen=True, slots=True)
class Classifier:
    """``weights`` has a row for each feature and a column for each label, then each type."""

    weights: Floats
    bias: Floats
    rarity: Floats
    temperature: float
    type_thresholds: tuple[float, ...]

    @classmethod
    def read(cls, folder: Path) -> Classifier:
        """Read what ``pipeline.training.claims`` wrote.

        Raises:
            ValueError: the arrays belong to another set of features.
        """
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            weights, bias, rarity = (arrays[name].astype(np.float32) for name in ("weights", "bias", "rarity"))
        config: dict[str, Any] = orjson.loads((folder / "config.json").read_bytes())
        if weights.shape != (SIZE, len(LABELS) + len(TYPES)) or config["dense"] != list(DENSE):
            raise ValueError("the claim weights were made for other features")
        return cls(weights, bias, rarity, config["temperature"], tuple(config["type_thresholds"]))

    def weigh(self, features: Features) -> Floats:
        """Give the features' values: words and letters by rarity and each of length 1, cues as they are."""
        indices = np.asarray(features.indices, dtype=np.int64)
        values = np.asarray(features.values, dtype=np.float32)
        letters, dense = np.searchsorted(indices, (LETTERS_AT, DENSE_AT))
        values[:dense] *= self.rarity[indices[:dense]]
        values[:letters] /= max(float(np.linalg.norm(values[:letters])), 1e-9)
        values[letters:dense] /= max(float(np.linalg.norm(values[letters:dense])), 1e-9)
        return values

    def score(self, features: Features, values: Floats) -> Scores:
        """Give the probabilities of labels (softmax at the fitted temperature) and of types (each its own)."""
        logits = values @ self.weights[features.indices] + self.bias
        labels = logits[: len(LABELS)] / self.temperature
        exponents = np.exp(labels - labels.max())
        types = 1.0 / (1.0 + np.exp(-logits[len(LABELS) :]))
        return Scores((exponents / exponents.sum()).tolist(), types.tolist())

    def explain(self, sentence: str, features: Features, values: Floats, label: int) -> tuple[str, ...]:
        """Name the words and cues that spoke most for a label against the mean of the others, with their sums.

        The contributions of a word's letters, of the pair that it ends and of the word itself are added up, and those
        of a word inside a cue go to the cue: the sums are those of the linear model, nothing is made up afterwards.
        """
        columns = self.weights[features.indices, : len(LABELS)]
        against = np.delete(columns, label, axis=1).mean(axis=1)
        contributions = (values * (columns[:, label] - against) / self.temperature).tolist()
        sums: dict[str, float] = {}
        cues: list[tuple[int, int, str]] = []
        for feature, place, contribution in zip(
            reversed(features.indices), reversed(features.places), reversed(contributions), strict=True
        ):
            name = _name(sentence, feature, place, cues)
            sums[name] = sums.get(name, 0.0) + contribution
        ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        return tuple(name for name, total in ranked[:_MOST_REASONS] if total >= _LEAST_CONTRIBUTION)


_SHAPE_WORDS = {"short": "few words", "long": "many words", "capitals": "capitals only"}
_ENTITY_WORDS = {
    "PERSON": "person", "NORP": "nationality or group", "FAC": "building", "ORG": "organisation", "GPE": "place",
    "LOC": "region", "PRODUCT": "product", "EVENT": "event", "WORK_OF_ART": "work", "LAW": "law", "DATE": "date",
    "TIME": "time", "PERCENT": "percentage", "MONEY": "amount of money", "QUANTITY": "measure", "CARDINAL": "number",
}  # fmt: skip


def _name(sentence: str, index: int, place: tuple[int, int] | None, cues: list[tuple[int, int, str]]) -> str:
    """Say in words what a feature is; ``cues`` gathers the places of cues, which come first (highest indices)."""
    if index >= DENSE_AT:
        dense = DENSE[index - DENSE_AT]
        if dense in CUES:
            words = CUES[dense][0]
            if place is None or not sentence[slice(*place)].strip():
                return words
            name = name_cue(sentence, Cue(dense, *place))
            cues.append((*place, name))
            return name
        if dense.startswith("has "):
            return f"named {_ENTITY_WORDS[dense[4:]]}"
        return f"length: {len(sentence.split())} words" if dense == "words" else _SHAPE_WORDS[dense]
    start, end = place or (0, 0)
    for cue_start, cue_end, name in cues:
        if cue_start <= start and end <= cue_end:
            return name
    return f'word: "{sentence[start:end]}"'
