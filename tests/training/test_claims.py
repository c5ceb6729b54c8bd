"""A network's logits are read so that its chances come true."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.nlp.model import Model
from pipeline.training.claims import calibrate, measure
from pipeline.training.datasets import Example

_SURE = "The bomb killed 30 people in Kabul, police said."
_UNSURE = "The talks in Oslo went on."


def _examples(text: str, label: str, count: int) -> list[Example]:
    return [Example(str(number), text, "VOA", "dev", label, ("other",)) for number in range(count)]


@pytest.mark.parametrize("right", [60, 80, 95])
def test_chances_come_true(right: int, model: Model) -> None:
    """Of sentences that are alike the label is right as often as its chance says."""
    dev = [*_examples(_SURE, "CFS", right), *_examples(_SURE, "UFS", (100 - right)), *_examples(_SURE, "NFS", 5)]
    scale = calibrate(model.claims.network, dev)
    [judged] = replace(model.claims, scale=scale).judge([_SURE])
    assert max(judged.chances) == pytest.approx(right / len(dev), abs=0.04)


def test_types_are_given_from_the_chance_of_best_f1(model: Model) -> None:
    dev = [*_examples(_SURE, "CFS", 30), *_examples(_UNSURE, "UFS", 30)]
    scale = calibrate(model.claims.network, dev)
    judged = replace(model.claims, scale=scale).judge([_SURE, _UNSURE])
    chances = np.array([one.type_chances for one in judged])
    assert scale.type_thresholds[-1] <= chances[:, -1].min()
    assert scale.type_thresholds[:-1] == (0.5,) * 8  # nothing was seen of them


def test_figures_are_those_of_what_is_judged(model: Model) -> None:
    figures = measure(model.claims, _examples(_SURE, "CFS", 3))
    assert figures["CFS"] == 100
    assert figures["macro_f1"] == pytest.approx(100 / 3)
    assert figures["ece"] > 0
