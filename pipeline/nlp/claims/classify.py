"""Texts, sentences and entities in, one assertion for each sentence out: does it claim a fact, of what kind, why so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.spans import Assertion
from pipeline.nlp.text.characters import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.nlp.claims.cascade import Cascade, Judgement
    from pipeline.nlp.spans import Entity, Sentence

_DIGITS = 4  # of a probability: more would differ between processors

# What stands around an article's sentences asserts nothing, and a question asks: NFS by the guide, not by the model.
_NO_ASSERTION = {
    "headline": "a headline",
    "dateline": "a dateline",
    "byline": "a byline",
    "caption": "a caption or credit",
    "speaker": "a speaker line",
    "label": "a section label",
    "notice": "a notice to readers",
}
_NFS_TYPES = frozenset({"prediction", "position", "personal"})


def classify_claims(
    texts: Sequence[str],
    sentences: Sequence[Sequence[Sentence]],
    entities: Sequence[Sequence[Entity]],
    cascade: Cascade,
) -> list[list[Assertion]]:
    """Judge each sentence of each text; the result has one assertion for each sentence, in order."""
    return [
        _classify(text, units, names, cascade) for text, units, names in zip(texts, sentences, entities, strict=True)
    ]


def _classify(text: str, units: Sequence[Sentence], names: Iterable[Entity], cascade: Cascade) -> list[Assertion]:
    labels: dict[int, list[str]] = {}
    for name in names:
        labels.setdefault(name.sentence, []).append(name.label)
    reasons = {unit.index: _why_none(text, unit) for unit in units}
    judged = [unit for unit in units if reasons[unit.index] is None]
    asked = [(text[unit.start : unit.end], tuple(labels.get(unit.index, ()))) for unit in judged]
    # Equal sentences are judged once: ten thousand lines of a list, such as "- a", would cost ten times prose.
    distinct = list(dict.fromkeys(asked))
    judgements = dict(zip(distinct, map(assertion, cascade.judge(distinct)), strict=True))
    assertions = {unit.index: judgements[one] for unit, one in zip(judged, asked, strict=True)}
    return [assertions.get(unit.index) or _nothing(reasons[unit.index] or "") for unit in units]


def _why_none(text: str, unit: Sentence) -> str | None:
    if unit.kind in _NO_ASSERTION:
        return _NO_ASSERTION[unit.kind]
    return "a question" if is_question(plain(text[unit.start : unit.end])) else None


def is_question(sentence: str) -> bool:
    """Return whether a sentence as a whole asks; one that reports a question (`"Why?" he asked.`) does not."""
    return sentence.rstrip("\"')] ").endswith("?")


def assertion(judgement: Judgement) -> Assertion:
    """Read a judgement as the program reports it; a sentence that asserts something is of one type at least."""
    label = LABELS[max(range(len(LABELS)), key=judgement.chances.__getitem__)]
    types = [name for name in judgement.types if label != "NFS" or name in _NFS_TYPES]
    if not types and label != "NFS":
        types = [TYPES[max(range(len(TYPES)), key=judgement.type_chances.__getitem__)]]
    rounded = [round(chance, _DIGITS) for chance in judgement.chances]
    probabilities = dict(zip(LABELS, rounded, strict=True))
    return Assertion(label, probabilities["CFS"], probabilities, tuple(types), judgement.reasons)


def _nothing(reason: str) -> Assertion:
    return Assertion("NFS", 0.0, {"NFS": 1.0, "UFS": 0.0, "CFS": 0.0}, (), (reason,))
