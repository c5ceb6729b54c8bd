"""The names of an article in, the same by all of its evidence out: one label for a name, mentions that were missed."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.nlp.names.canonical import VALUES, introduced, surnames
from pipeline.nlp.names.companies import as_companies
from pipeline.nlp.spans import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.nlp.spans import Sentence

_SURNAME_WEIGHT = (
    1.0  # of a full name of the article, against the tagger's chances that a bare surname is something else
)
_UNKNOWN_CHANCE = 0.5
_LEAST_CHARS = 3  # of a name that is looked for where the tagger saw none
_SURE = 0.6


def by_evidence(text: str, units: Sequence[Sentence], entities: Sequence[Entity]) -> list[Entity]:
    """Settle the names of a text, in order and without overlap, as the tagger's are.

    A name has the label that the tagger was surest of over all its mentions; a word of a full name of a person is that
    person; an acronym in brackets is what it stands for; "Acme" is a company behind "Acme Corp.".
    """
    labels = _labels(text, entities)
    settled = [one if _stands(one, labels) else replace(one, label=labels[one.text]) for one in entities]
    settled = as_companies(settled, text)
    found = list(_missed(text, units, settled))
    return sorted([*settled, *found], key=lambda one: one.start) if found else settled


def _stands(one: Entity, labels: Mapping[str, str]) -> bool:
    """Tell whether a name keeps its label: "White House" is a building here and a body there."""
    return one.label in VALUES or labels[one.text] == one.label or {one.label, labels[one.text]} == {"ORG", "FAC"}


def _labels(text: str, entities: Sequence[Entity]) -> dict[str, str]:
    """Give each name the label with the greatest sum of the tagger's chances."""
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in entities:
        if one.label not in VALUES:
            weights[one.text][one.label] += _UNKNOWN_CHANCE if one.score is None else one.score
    for surname in surnames(entities):
        if surname in weights:
            weights[surname]["PERSON"] += _SURNAME_WEIGHT
    labels = {name: max(sums, key=lambda label: sums[label]) for name, sums in weights.items()}
    return {**labels, **{short: labels[full] for short, full in introduced(entities, text) if full in labels}}


def _missed(text: str, units: Sequence[Sentence], entities: Sequence[Entity]) -> Iterator[Entity]:
    """Find the names of the article where the tagger saw nothing."""
    starts = [one.start for one in entities]
    firsts = [unit.start for unit in units]
    taken = [(one.start, one.end) for one in entities]
    for name, label in _sure_names(entities).items():
        for at in _places(text, name):
            end = at + len(name)
            before = bisect_right(starts, end - 1) - 1
            if before >= 0 and taken[before][1] > at:
                continue
            unit = units[bisect_right(firsts, at) - 1]
            if unit.kind != "speaker" and unit.start <= at and end <= unit.end and _alone(text, unit, at, end):
                yield Entity(at, end, name, label, unit.index, None)


def _sure_names(entities: Iterable[Entity]) -> dict[str, str]:
    names: dict[str, str] = {}
    for one in entities:
        if one.label in VALUES or len(one.text) < _LEAST_CHARS or not one.text[0].isupper():
            continue
        if one.score is None or one.score >= _SURE:
            names[one.text] = one.label
    people = [one for one in entities if one.label == "PERSON" and " " in one.text]
    for one in people:
        names.setdefault(one.text.split()[-1], "PERSON")
    return names


def _places(text: str, name: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            yield at
        at = text.find(name, end)


def _alone(text: str, unit: Sentence, at: int, end: int) -> bool:
    """Tell a name by itself from a part of a longer one, and from a word that has its capital anyway."""
    before, behind = text[unit.start : at].split(" ")[-2:], text[end : unit.end].split(" ")[:2]
    if len(behind) > 1 and not behind[0] and behind[1][:1].isupper():
        return False
    if len(before) > 1 and not before[1] and before[0][:1].isupper():
        return False
    return at > unit.start or " " in text[at:end]
