from pathlib import Path

import numpy as np
import pytest

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.claims.classifier import Classifier
from pipeline.nlp.claims.cues import shorten
from pipeline.nlp.claims.features import DENSE, DENSE_AT, SIZE, extract

_SENTENCE = "It killed 30 people."
_CFS = LABELS.index("CFS")
_TOWARDS_CFS = np.array([-0.5, -0.5, 1.0], np.float32)


def _classifier(**weights: float) -> Classifier:
    """A classifier that knows the named cues only, each with its weight for CFS."""
    matrix = np.zeros((SIZE, len(LABELS) + len(TYPES)), np.float32)
    for name, weight in weights.items():
        matrix[DENSE_AT + DENSE.index(name), _CFS] = weight
    return Classifier(matrix, np.zeros(len(LABELS) + len(TYPES), np.float32), np.ones(SIZE, np.float32))


def _gains(classifier: Classifier) -> dict[str, float]:
    features = extract(_SENTENCE, ["CARDINAL"])
    gains = classifier.gains(_SENTENCE, features, classifier.weigh(features), _TOWARDS_CFS)
    return {name: round(gain, 3) for name, gain in gains.items() if gain}


def test_gains_tell_in_words_what_was_weighed() -> None:
    classifier = _classifier(quantity=3, casualties=2, negation=5, question=-4)
    assert _gains(classifier) == {
        'number with a unit: "30 people"': 2.0,
        'reporting of casualties: "killed"': 1.333,
    }


def test_entities_and_shapes_are_named_too() -> None:
    classifier = _classifier(**{"has CARDINAL": 3, "short": 1, "words": 12})
    assert _gains(classifier) == {"named number": 2.0, "length: 4 words": 1.0, "few words": 1.0}


def test_gains_sum_to_the_margin() -> None:
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(SIZE, len(LABELS) + len(TYPES))).astype(np.float32)
    classifier = Classifier(weights, np.zeros(len(LABELS) + len(TYPES), np.float32), np.ones(SIZE, np.float32))
    features = extract(_SENTENCE, ["CARDINAL"])
    values = classifier.weigh(features)
    logits = classifier.logits(features, values)
    margin = logits[_CFS] - (logits[0] + logits[1]) / 2
    assert sum(classifier.gains(_SENTENCE, features, values, _TOWARDS_CFS).values()) == pytest.approx(margin, abs=1e-4)


def test_weights_for_other_features_are_refused(tmp_path: Path) -> None:
    empty = np.zeros((1, 1))
    np.savez(tmp_path / "weights.npz", weights=empty, bias=empty, rarity=empty)
    (tmp_path / "config.json").write_text('{"dense": []}')
    with pytest.raises(ValueError, match="other features"):
        Classifier.read(tmp_path)


@pytest.mark.parametrize(
    ("text", "short"), [(' "yes" ', "yes"), ("x" * 50, "x" * 40 + "\u2026"), ("\u201cno\u201d", "no")]
)
def test_a_long_cue_is_shortened(text: str, short: str) -> None:
    assert shorten(text) == short
