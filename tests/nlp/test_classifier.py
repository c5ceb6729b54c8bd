from pathlib import Path

import numpy as np
import pytest

from pipeline.nlp.classifier import Classifier
from pipeline.nlp.cues import shorten
from pipeline.nlp.features import DENSE, DENSE_AT, SIZE, extract
from pipeline.nlp.spans import LABELS, TYPES


def _classifier(**weights: float) -> Classifier:
    """A classifier that knows the named cues only, each with its weight for CFS."""
    matrix = np.zeros((SIZE, len(LABELS) + len(TYPES)), np.float32)
    for name, weight in weights.items():
        matrix[DENSE_AT + DENSE.index(name), LABELS.index("CFS")] = weight
    return Classifier(matrix, np.zeros(len(LABELS) + len(TYPES), np.float32), np.ones(SIZE, np.float32), 1.0, (0.5,))


def _explain(classifier: Classifier, sentence: str) -> tuple[str, ...]:
    features = extract(sentence, ["CARDINAL"])
    return classifier.explain(sentence, features, classifier.weigh(features), LABELS.index("CFS"))


def test_reasons_are_the_largest_contributions_in_words() -> None:
    classifier = _classifier(quantity=3, casualties=2, negation=5, question=-4)
    assert _explain(classifier, "It killed 30 people.") == (
        'number with a unit: "30 people"',
        'reporting of casualties: "killed"',
    )


def test_what_spoke_against_a_label_is_no_reason_for_it() -> None:
    assert _explain(_classifier(casualties=-2), "It killed 30 people.") == ()


def test_entities_and_shapes_are_named_too() -> None:
    classifier = _classifier(**{"has CARDINAL": 2, "short": 1, "words": 9})
    assert _explain(classifier, "It killed 30 people.") == ("named number", "few words", "length: 4 words")


def test_probabilities_sum_to_one_and_follow_the_weights() -> None:
    classifier = _classifier(casualties=2)
    features = extract("It killed 30 people.", [])
    scores = classifier.score(features, classifier.weigh(features))
    assert sum(scores.labels) == pytest.approx(1)
    assert max(scores.labels) == scores.labels[LABELS.index("CFS")]
    assert scores.types == [0.5] * len(TYPES)


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
