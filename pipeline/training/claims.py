"""Labelled sentences in, the linear claim classifier out: trained, calibrated, measured, written as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from pipeline.nlp.classifier import Classifier
from pipeline.nlp.features import DENSE, DENSE_AT, SIZE, Features, extract
from pipeline.nlp.spans import LABELS, TYPES
from pipeline.training.scoring import expected_calibration_error, macro_f1, micro_f1

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from pipeline.training.datasets import Example

    Floats = npt.NDArray[np.float64]

SEED = 0
_STRENGTH = 6.0  # inverse of the L2 penalty: 2 to 8 score within half a point on dev
_TYPE_STRENGTH = 4.0
_DEBATE_WEIGHT = 0.4  # of a ClaimBuster sentence against a news sentence: best of .2, .4, 1 on dev


@dataclass(frozen=True, slots=True)
class Labelled:
    """An example and the labels of the entities that the shipped tagger finds in it (as at run time)."""

    example: Example
    entity_labels: tuple[str, ...]


def train(train_set: Sequence[Labelled], dev_set: Sequence[Labelled]) -> tuple[Classifier, dict[str, float]]:
    """Fit labels on news and debates, types on news; fit temperature and type thresholds on dev."""
    features = [extract(item.example.text, item.entity_labels) for item in train_set]
    rarity = _rarity(features)
    news = np.array([item.example.domain == "news" for item in train_set])
    matrix = _matrix(features, rarity)
    # A copy of every feature for news alone (Daumé 2007): what both domains share is learned from both. The copies'
    # weights are added to the shared ones below, so that the written model has no trace of the domains.
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
    draft = Classifier(weights, np.array(bias, np.float32), rarity, 1.0, (0.5,) * len(TYPES))
    return _calibrate(draft, dev_set)


def measure(classifier: Classifier, items: Sequence[Labelled]) -> dict[str, float]:
    """Give macro F1 and per-label F1, the calibration error of CFS and the micro F1 of types (over CFS and UFS)."""
    scores = [_score(classifier, item) for item in items]
    gold = [item.example.claim for item in items]
    found = [LABELS[max(range(len(LABELS)), key=score.labels.__getitem__)] for score in scores]
    chances = [score.labels[LABELS.index("CFS")] for score in scores]
    figures = macro_f1(gold, found, LABELS)
    figures["ece"] = expected_calibration_error(chances, [label == "CFS" for label in gold])
    types = [
        {
            name
            for name, chance, least in zip(TYPES, score.types, classifier.type_thresholds, strict=True)
            if chance >= least
        }
        for score in scores
    ]
    figures["types_micro_f1"] = micro_f1([set(item.example.types) for item in items], types)
    return figures


def write(classifier: Classifier, folder: Path) -> None:
    """Write ``weights.npz`` (half precision) and ``config.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "weights.npz",
        weights=classifier.weights.astype(np.float16),
        bias=classifier.bias,
        rarity=classifier.rarity.astype(np.float16),
    )
    config: dict[str, Any] = {
        "dense": list(DENSE),
        "temperature": classifier.temperature,
        "type_thresholds": list(classifier.type_thresholds),
    }
    (folder / "config.json").write_bytes(orjson.dumps(config, option=orjson.OPT_INDENT_2))


def _rarity(features: Sequence[Features]) -> npt.NDArray[np.float32]:
    counts = np.zeros(DENSE_AT)
    for one in features:
        counts[[index for index in one.indices if index < DENSE_AT]] += 1
    rarity = np.log((1 + len(features)) / (1 + counts)) + 1
    return rarity.astype(np.float16).astype(np.float32)


def _matrix(features: Sequence[Features], rarity: npt.NDArray[np.float32]) -> csr_matrix:
    empty = Classifier(np.zeros((0, 0), np.float32), np.zeros(0, np.float32), rarity, 1.0, ())
    values = [empty.weigh(one) for one in features]
    rows = np.repeat(np.arange(len(features)), [len(one.indices) for one in features])
    columns = np.concatenate([one.indices for one in features])
    return csr_matrix((np.concatenate(values).astype(float), (rows, columns)), shape=(len(features), SIZE))


def _score(classifier: Classifier, item: Labelled) -> Any:  # noqa: ANN401
    features = extract(item.example.text, item.entity_labels)
    return classifier.score(features, classifier.weigh(features))


def _calibrate(draft: Classifier, dev_set: Sequence[Labelled]) -> tuple[Classifier, dict[str, float]]:
    """Choose the temperature of least log loss, and for each type the threshold of best F1, on dev."""
    dev = [item for item in dev_set if item.example.domain == "news"]
    scored = [_score(draft, item) for item in dev]
    logits = np.log(np.array([score.labels for score in scored]))
    gold = np.array([LABELS.index(item.example.claim) for item in dev])
    temperatures = np.linspace(0.4, 3.0, 53)
    temperature = float(min(temperatures, key=lambda value: _log_loss(logits / value, gold)))
    thresholds = [
        _best_threshold(
            np.array([score.types[at] for score in scored]), np.array([name in item.example.types for item in dev])
        )
        for at, name in enumerate(TYPES)
    ]
    final = Classifier(draft.weights, draft.bias, draft.rarity, temperature, tuple(thresholds))
    return final, measure(final, dev)


def _log_loss(logits: Floats, gold: npt.NDArray[np.int64]) -> float:
    logs = (
        logits
        - np.log(np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))
        - logits.max(axis=1, keepdims=True)
    )
    return float(-logs[np.arange(len(gold)), gold].mean())


def _best_threshold(chances: Floats, has: npt.NDArray[np.bool_]) -> float:
    """Give the threshold of best F1, smoothed towards 0.5 where dev has few examples."""
    least = 20
    if has.sum() < least:
        return 0.5
    candidates = np.linspace(0.2, 0.7, 26)

    def f1(threshold: float) -> float:
        found = chances >= threshold
        return float(2 * (found & has).sum() / max(1, found.sum() + has.sum()))

    return float(max(candidates, key=f1))
