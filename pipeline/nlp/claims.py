"""Texts, sentences and entities in, one assertion for each sentence out: does it claim a fact, of what kind, why so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.nlp.characters import plain
from pipeline.nlp.features import extract
from pipeline.nlp.spans import LABELS, TYPES, Assertion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.nlp.classifier import Classifier
    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Entity, Sentence

_DIGITS = 4  # of a probability: more would differ between processors
_CFS = LABELS.index("CFS")

# What stands around an article's sentences asserts nothing, and a question asks: NFS by the guide, not by the model.
_NO_ASSERTION = {
    "headline": "a headline",
    "dateline": "a dateline",
    "byline": "a byline",
    "caption": "a caption or credit",
    "speaker": "a speaker line",
}
_NFS_TYPES = frozenset({"prediction", "position", "personal"})


def classify_claims(
    texts: Sequence[str],
    sentences: Sequence[Sequence[Sentence]],
    entities: Sequence[Sequence[Entity]],
    model: Model,
) -> list[list[Assertion]]:
    """Judge each sentence of each text; the result has one assertion for each sentence, in order."""
    return [
        _classify(text, units, names, model.claims)
        for text, units, names in zip(texts, sentences, entities, strict=True)
    ]


def _classify(text: str, units: Sequence[Sentence], names: Iterable[Entity], classifier: Classifier) -> list[Assertion]:
    labels: dict[int, list[str]] = {}
    for name in names:
        labels.setdefault(name.sentence, []).append(name.label)
    assertions = []
    for unit in units:
        sentence = text[unit.start : unit.end]
        reason = _NO_ASSERTION.get(unit.kind) or ("a question" if is_question(plain(sentence)) else None)
        assertions.append(_nothing(reason) if reason else judge(sentence, labels.get(unit.index, ()), classifier))
    return assertions


def is_question(sentence: str) -> bool:
    """Tell whether a sentence as a whole asks; one that reports a question (`"Why?" he asked.`) does not."""
    return sentence.rstrip("\"')] ").endswith("?")


def judge(sentence: str, entity_labels: Iterable[str], classifier: Classifier) -> Assertion:
    """Let the classifier judge one sentence."""
    features = extract(sentence, entity_labels)
    values = classifier.weigh(features)
    scores = classifier.score(features, values)
    best = max(range(len(LABELS)), key=scores.labels.__getitem__)
    label = LABELS[best]
    types = [
        name
        for name, chance, least in zip(TYPES, scores.types, classifier.type_thresholds, strict=True)
        if chance >= least and (label != "NFS" or name in _NFS_TYPES)
    ]
    if not types and label != "NFS":
        types = [TYPES[max(range(len(TYPES)), key=scores.types.__getitem__)]]
    probabilities: dict[str, float] = {
        name: round(chance, _DIGITS) for name, chance in zip(LABELS, scores.labels, strict=True)
    }
    reasons = classifier.explain(sentence, features, values, best)
    return Assertion(label, probabilities["CFS"], probabilities, tuple(types), reasons)


def _nothing(reason: str) -> Assertion:
    return Assertion("NFS", 0.0, {"NFS": 1.0, "UFS": 0.0, "CFS": 0.0}, (), (reason,))
