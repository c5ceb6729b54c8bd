"""Features in, logits and what each word and cue adds to them out: a linear model as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.claims.cues import CUES, FILE_NAME, SHIPPED_CUES, Cue, holder, name_cue
from pipeline.nlp.claims.features import DENSE, DENSE_AT, LETTERS_AT, SIZE, Features

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Classifier:
    """``weights`` has a row for each feature and a column for each label, then each type."""

    weights: Floats
    bias: Floats
    rarity: Floats

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
        if (folder / FILE_NAME).read_bytes() != SHIPPED_CUES.read_bytes():
            raise ValueError(f"{FILE_NAME} differs from the one that this release reads: the weights need retraining")
        return cls(weights, bias, rarity)

    def weigh(self, features: Features) -> Floats:
        """Return the features' values: words and letters by rarity and each of length 1, cues as they are."""
        values = features.values.copy()
        letters, dense = np.searchsorted(features.indices, (LETTERS_AT, DENSE_AT))
        values[:dense] *= self.rarity[features.indices[:dense]]
        values[:letters] /= max(float(np.linalg.norm(values[:letters])), 1e-9)
        values[letters:dense] /= max(float(np.linalg.norm(values[letters:dense])), 1e-9)
        return values

    def logits(self, features: Features, values: Floats) -> list[float]:
        """Return the logits of the labels, then of the types."""
        logits: list[float] = (values @ self.weights.take(features.indices, axis=0) + self.bias).tolist()
        return logits

    def gains(self, sentence: str, features: Features, values: Floats, direction: Floats) -> dict[str, float]:
        """Return what each cue and word adds to the labels' logits, weighted by ``direction``, (labels,).

        The contributions of a word's letters, of the pair that it ends and of the word itself are added up, and those
        of a word inside a cue go to the cue: the sums are those of the linear model, nothing is made up afterwards.
        """
        contributions = values * (self.weights.take(features.indices, axis=0)[:, : len(LABELS)] @ direction)
        totals = np.bincount(features.owners, weights=contributions, minlength=len(features.places)).tolist()
        cues: list[tuple[int, int, str]] = []
        sums: dict[str, float] = {}
        first = int(np.searchsorted(features.indices, DENSE_AT))
        dense = dict(zip(features.owners[first:].tolist(), features.indices[first:].tolist(), strict=True))
        for owner, index in dense.items():
            name = _name_dense(sentence, DENSE[index - DENSE_AT], features.places[owner])
            place = features.places[owner]
            if place is not None:
                cues.append((*place, name))
            sums[name] = sums.get(name, 0.0) + totals[owner]
        for owner, place in enumerate(features.places):
            if owner not in dense and place is not None:
                name = holder(cues, *place) or f'word: "{sentence[slice(*place)]}"'
                sums[name] = sums.get(name, 0.0) + totals[owner]
        return sums


_SHAPE_WORDS = {"short": "few words", "long": "many words", "capitals": "capitals only"}
_ENTITY_WORDS = {
    "PERSON": "person", "NORP": "nationality or group", "FAC": "building", "ORG": "organisation", "GPE": "place",
    "LOC": "region", "PRODUCT": "product", "EVENT": "event", "WORK_OF_ART": "work", "LAW": "law", "DATE": "date",
    "TIME": "time", "PERCENT": "percentage", "MONEY": "amount of money", "QUANTITY": "measure", "CARDINAL": "number",
}  # fmt: skip


def _name_dense(sentence: str, dense: str, place: tuple[int, int] | None) -> str:
    """Return in words what a named feature is, and where it stands."""
    if dense in CUES:
        return name_cue(sentence, Cue(dense, *place)) if place else CUES[dense][0]
    if dense.startswith("has "):
        return f"named {_ENTITY_WORDS[dense[4:]]}"
    return f"length: {len(sentence.split())} words" if dense == "words" else _SHAPE_WORDS[dense]
