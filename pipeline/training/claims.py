"""A claim network and labelled sentences in, how its logits are to be read out; and how well it then judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.claims.classifier import CONFIG, Scale
from pipeline.nlp.claims.classify import assertion
from pipeline.training.scoring import expected_calibration_error, macro_f1, micro_f1

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from pipeline.nlp.claims.classifier import Classifier
    from pipeline.nlp.claims.network import Network
    from pipeline.training.datasets import Example

    Floats = npt.NDArray[np.float32]

_TEMPERATURES = np.linspace(0.4, 4.0, 73)
_DOUBTS = np.linspace(0.0, 0.12, 13)
_LEAST_EXAMPLES = 20  # of a type on dev, for a threshold of its own


def measure(classifier: Classifier, examples: Sequence[Example]) -> dict[str, float]:
    """Give macro F1 and per-label F1, the calibration error of CFS and the micro F1 of types, as the program judges.

    The mean is over the labels that the examples have: interviews hardly have any CFS.
    """
    found = [assertion(judgement) for judgement in classifier.judge([example.text for example in examples])]
    gold = [example.claim for example in examples]
    figures = macro_f1(gold, [one.label for one in found], [label for label in LABELS if label in gold])
    figures["ece"] = expected_calibration_error([one.score for one in found], [label == "CFS" for label in gold])
    if any(example.types for example in examples):
        figures["types_micro_f1"] = micro_f1([set(one.types) for one in examples], [set(one.types) for one in found])
    return figures


def calibrate(network: Network, dev: Sequence[Example]) -> Scale:
    """Choose temperature and doubt of least log loss on dev, and each type's threshold of best F1."""
    logits = np.array([read.logits for read in network.judge([example.text for example in dev])])
    count = len(LABELS)
    gold = np.array([LABELS.index(example.claim) for example in dev])
    types = np.array([[name in example.types for name in TYPES] for example in dev])

    def loss(scale: Scale) -> float:
        return float(-np.log(scale.chances(logits[:, :count])[np.arange(len(gold)), gold]).mean())

    thresholds = _thresholds(logits[:, count:], types)
    scales = (Scale(float(heat), float(doubt), thresholds) for heat in _TEMPERATURES for doubt in _DOUBTS)
    return min(scales, key=loss)


def write(scale: Scale, folder: Path) -> None:
    """Write ``config.json``, which ``Classifier.read`` reads beside the network."""
    config = {
        "temperature": scale.temperature,
        "doubt": scale.doubt,
        "type_thresholds": scale.type_thresholds,
    }
    (folder / CONFIG).write_bytes(orjson.dumps(config, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _thresholds(logits: Floats, has: npt.NDArray[np.bool_]) -> tuple[float, ...]:
    chances = 1.0 / (1.0 + np.exp(-logits))
    return tuple(_best_threshold(chances[:, at], has[:, at]) for at in range(has.shape[1]))


def _best_threshold(chances: npt.NDArray[Any], has: npt.NDArray[np.bool_]) -> float:
    """Give the threshold of best F1; 0.5 where dev has few examples."""
    if has.sum() < _LEAST_EXAMPLES:
        return 0.5

    def f1(threshold: float) -> float:
        found = chances >= threshold
        return float(2 * (found & has).sum() / max(1, found.sum() + has.sum()))

    return float(max(np.linspace(0.05, 0.7, 27), key=f1))
