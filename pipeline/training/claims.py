"""Labelled sentences in, the linear claim classifier out: trained, calibrated, measured, written as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.claims.classifier import Classifier
from pipeline.nlp.claims.classify import assertion
from pipeline.nlp.claims.cues import FILE_NAME, SHIPPED_CUES
from pipeline.nlp.claims.features import DENSE, DENSE_AT, SIZE, Features, extract
from pipeline.training.scoring import expected_calibration_error, macro_f1, micro_f1

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from pipeline.nlp.claims.cascade import Cascade
    from pipeline.nlp.claims.network import Network
    from pipeline.training.data.datasets import Example

    Floats = npt.NDArray[np.float64]

SEED = 0
SURE = 0.95  # where the linear one is, the network is not asked: below, labels are lost on dev
TYPE_WEIGHT = 1.0  # of the linear logits of types beside the network's: best of 0 to 1.5 on dev
_LABEL_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_STRENGTH = 6.0  # inverse of the L2 penalty: 2 to 8 score within half a point on dev
_TYPE_STRENGTH = 4.0
_DEBATE_WEIGHT = 0.4  # of a ClaimBuster sentence against a news sentence: best of .2, .4, 1 on dev


@dataclass(frozen=True, slots=True)
class Labelled:
    """An example and the labels of the entities that the shipped tagger finds in it (as at run time)."""

    example: Example
    entity_labels: tuple[str, ...]


def train(train_set: Sequence[Labelled]) -> Classifier:
    """Fit labels on all examples, types on those that are not of debates."""
    features = [extract(item.example.text, item.entity_labels) for item in train_set]
    rarity = _rarity(features)
    news = np.array([item.example.domain != "debate" for item in train_set])
    matrix = _matrix(features, rarity)
    # A copy of every feature for what is not debates (Daumé 2007): what both domains share is learned from both. The
    # copies' weights are added to the shared ones below, so that the written model has no trace of the domains.
    doubled = hstack([matrix, csr_matrix(news.astype(float)[:, None]).multiply(matrix)]).tocsr()
    gold = np.array([LABELS.index(item.example.claim) for item in train_set])
    model = LogisticRegression(C=_STRENGTH, max_iter=400, class_weight=None, random_state=SEED)
    model.fit(doubled, gold, sample_weight=np.where(news, 1.0, _DEBATE_WEIGHT))
    columns = [model.coef_[:, :SIZE].T + model.coef_[:, SIZE:].T]
    bias = list(model.intercept_)
    rows = np.flatnonzero(news)
    for name in TYPES:
        has = np.array([name in train_set[row].example.types for row in rows.tolist()])
        one = LogisticRegression(C=_TYPE_STRENGTH, max_iter=400, random_state=SEED).fit(matrix[rows], has)
        columns.append(one.coef_.T)
        bias.append(one.intercept_[0])
    weights = np.hstack(columns).astype(np.float16).astype(np.float32)
    return Classifier(weights, np.array(bias, np.float32), rarity)


def measure(cascade: Cascade, items: Sequence[Labelled]) -> dict[str, float]:
    """Return macro F1 and per-label F1, the calibration error of CFS and the micro F1 of types, as the program judges.

    The mean is over the labels that the examples have: interviews hardly have any CFS.
    """
    judged = cascade.judge([(item.example.text, item.entity_labels) for item in items])
    found = [assertion(judgement) for judgement in judged]
    gold = [item.example.claim for item in items]
    figures = macro_f1(gold, [one.label for one in found], [label for label in LABELS if label in gold])
    figures["ece"] = expected_calibration_error([one.score for one in found], [label == "CFS" for label in gold])
    figures["types_micro_f1"] = micro_f1([set(item.example.types) for item in items], [set(one.types) for one in found])
    return figures


def write(linear: Classifier, config: dict[str, Any], folder: Path) -> None:
    """Write ``weights.npz`` (half precision), ``config.json`` and the cues that the weights belong to."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "weights.npz",
        weights=linear.weights.astype(np.float16),
        bias=linear.bias,
        rarity=linear.rarity.astype(np.float16),
    )
    (folder / "config.json").write_bytes(orjson.dumps({"dense": list(DENSE), **config}, option=orjson.OPT_INDENT_2))
    (folder / FILE_NAME).write_bytes(SHIPPED_CUES.read_bytes())


def calibrate(
    linear: Classifier, network: Network, dev: Sequence[Labelled], debates: Sequence[Labelled]
) -> dict[str, Any]:
    """Choose on dev, of all kinds of text but debates: temperatures of least log loss, each type's threshold.

    The weight of the linear logits is the one of least log loss on these and on the debates, both of equal weight.
    """
    gold = np.array([LABELS.index(item.example.claim) for item in dev])
    types = np.array([[name in item.example.types for name in TYPES] for item in dev])
    alone = np.array([_linear_logits(linear, item) for item in dev])
    read = np.array([network.judge(item.example.text).logits for item in dev])
    count = len(LABELS)
    temperature = _best_temperature(alone[:, :count], gold)

    def blended(weight: float) -> Floats:
        return read[:, :count] + weight / temperature * alone[:, :count]

    spoken = np.array([LABELS.index(item.example.claim) for item in debates])
    spoken_alone = np.array([_linear_logits(linear, item)[:count] for item in debates])
    spoken_read = np.array([network.judge(item.example.text).logits[:count] for item in debates])

    def loss(weight: float) -> float:
        both = ((blended(weight), gold), (spoken_read + weight / temperature * spoken_alone, spoken))
        return sum(_log_loss(logits / _best_temperature(logits, truth), truth) for logits, truth in both)

    label_weight = min(_LABEL_WEIGHTS, key=loss)
    return {
        "temperature": temperature,
        "type_thresholds": _thresholds(alone[:, count:], types),
        "blend": {
            "sure": SURE,
            "label_weight": label_weight,
            "type_weight": TYPE_WEIGHT,
            "temperature": _best_temperature(blended(label_weight), gold),
            "type_thresholds": _thresholds(read[:, count:] + TYPE_WEIGHT * alone[:, count:], types),
        },
    }


def _linear_logits(linear: Classifier, item: Labelled) -> list[float]:
    features = extract(item.example.text, item.entity_labels)
    return linear.logits(features, linear.weigh(features))


def _best_temperature(logits: Floats, gold: npt.NDArray[np.int64]) -> float:
    return float(min(np.linspace(0.4, 4.0, 73), key=lambda value: _log_loss(logits / value, gold)))


def _thresholds(logits: Floats, has: npt.NDArray[np.bool_]) -> list[float]:
    chances = 1.0 / (1.0 + np.exp(-logits))
    return [_best_threshold(chances[:, at], has[:, at]) for at in range(has.shape[1])]


def _rarity(features: Sequence[Features]) -> npt.NDArray[np.float32]:
    counts = np.zeros(DENSE_AT)
    for one in features:
        counts[one.indices[one.indices < DENSE_AT]] += 1
    rarity = np.log((1 + len(features)) / (1 + counts)) + 1
    return rarity.astype(np.float16).astype(np.float32)


def _matrix(features: Sequence[Features], rarity: npt.NDArray[np.float32]) -> csr_matrix:
    empty = Classifier(np.zeros((0, 0), np.float32), np.zeros(0, np.float32), rarity)
    values = [empty.weigh(one) for one in features]
    rows = np.repeat(np.arange(len(features)), [len(one.indices) for one in features])
    columns = np.concatenate([one.indices for one in features])
    return csr_matrix((np.concatenate(values).astype(float), (rows, columns)), shape=(len(features), SIZE))


def _log_loss(logits: Floats, gold: npt.NDArray[np.int64]) -> float:
    logs = (
        logits
        - np.log(np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))
        - logits.max(axis=1, keepdims=True)
    )
    return float(-logs[np.arange(len(gold)), gold].mean())


def _best_threshold(chances: Floats, has: npt.NDArray[np.bool_]) -> float:
    """Return the threshold of best F1, smoothed towards 0.5 where dev has few examples."""
    least = 20
    if has.sum() < least:
        return 0.5
    candidates = np.linspace(0.05, 0.7, 27)

    def f1(threshold: float) -> float:
        found = chances >= threshold
        return float(2 * (found & has).sum() / max(1, found.sum() + has.sum()))

    return float(max(candidates, key=f1))
