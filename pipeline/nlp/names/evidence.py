"""The names of an article in, the same by all of its evidence out: one label for a name, mentions that were missed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import BODY_NOUNS
from pipeline.nlp.lexicon.tables import words_of
from pipeline.nlp.names.canonical import VALUES, acronyms, company_stem, family_forms, introduced, surnames
from pipeline.nlp.names.companies import as_companies
from pipeline.nlp.spans import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.nlp.spans import Sentence

_SURNAME_WEIGHT = (
    1.0  # of a full name of the article, against the tagger's chances that a bare surname is something else
)
_NAMED = frozenset({"PERSON", "ORG", "FAC", "PRODUCT", "GPE", "WORK_OF_ART"})
_BODY_AND_PERSON = re.compile(r"([A-Z]{2,6}) ((?=[^ ]*[a-z])[A-Z][^ ]+(?: [^ ]+){1,3})")
_SMALL_WORDS = words_of("function_words")
_UNKNOWN_CHANCE = 0.5
_LEAST_CHARS = 3  # of a name that is looked for where the tagger saw none
_SURE = 0.6


def by_evidence(text: str, units: Sequence[Sentence], entities: Sequence[Entity]) -> list[Entity]:
    """Settle the names of a text, in order and without overlap, as the tagger's are.

    A name has the label that the tagger was surest of over all its mentions; a word of a full name of a person is that
    person; an acronym in brackets is what it stands for; "Acme" is a company behind "Acme Corp."; "BBC Jane Doe" is a
    body and a person.
    """
    parted = _without_their_bodies(entities)
    labels = _labels(text, parted)
    settled = [one if _stands(one, labels) else replace(one, label=labels[one.text]) for one in parted]
    settled = as_companies(settled, text)
    found = list(_missed(text, units, settled))
    return sorted([*settled, *found], key=lambda one: one.start) if found else settled


def _without_their_bodies(entities: Sequence[Entity]) -> list[Entity]:
    """Part a person from the acronym before, where the article has a body with these initials."""
    parted: list[Entity] = []
    known: set[str] | None = None
    for one in entities:
        name = _BODY_AND_PERSON.fullmatch(one.text) if one.label in _NAMED else None
        if name and BODY_NOUNS.isdisjoint(one.text.lower().split()):
            known = acronyms(entities) if known is None else known
            if name[1] in known:
                cut = one.start + name.start(2)
                parted.append(replace(one, end=one.start + name.end(1), text=name[1], label="ORG"))
                parted.append(replace(one, start=cut, text=name[2], label="PERSON"))
                continue
        parted.append(one)
    return parted


def _stands(one: Entity, labels: Mapping[str, str]) -> bool:
    """Tell whether a name keeps its label: "White House" is a building here and a body there."""
    return one.label in VALUES or labels[one.text] == one.label or {one.label, labels[one.text]} == {"ORG", "FAC"}


def _labels(text: str, entities: Sequence[Entity]) -> dict[str, str]:
    """Give each name the label with the greatest sum of the tagger's chances.

    A bare surname is a person's whatever it was taken for, unless that is a place, of which the tagger is surer.
    """
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in entities:
        if one.label not in VALUES:
            weights[one.text][one.label] += _UNKNOWN_CHANCE if one.score is None else one.score
    labels = {name: max(sums, key=lambda label: sums[label]) for name, sums in weights.items()}
    for surname in surnames(entities):
        sums = weights.get(surname, {})
        if sums and sums.get("GPE", 0) <= sums.get("PERSON", 0) + _SURNAME_WEIGHT:
            labels[surname] = "PERSON"
    return {**labels, **{short: labels[full] for short, full in introduced(entities, text) if full in labels}}


def _missed(text: str, units: Sequence[Sentence], entities: Sequence[Entity]) -> Iterator[Entity]:
    """Find the names of the article where the tagger saw nothing."""
    firsts = [unit.start for unit in units]
    taken = [(one.start, one.end) for one in entities]
    for name, label in _sure_names(entities).items():
        for at in _places(text, name):
            end = at + len(name)
            before = bisect_left(taken, (end,)) - 1
            if before >= 0 and taken[before][1] > at:
                continue
            unit = units[bisect_right(firsts, at) - 1]
            if unit.kind != "speaker" and unit.start <= at and end <= unit.end and _alone(text, unit, at, end):
                taken.insert(before + 1, (at, end))
                yield Entity(at, end, name, label, unit.index, None)


def _sure_names(entities: Iterable[Entity]) -> dict[str, str]:
    """Give the names to look for: those that the tagger was sure of, surnames, short names of companies."""
    names: dict[str, str] = {}
    for one in entities:
        if one.label in VALUES or len(one.text) < _LEAST_CHARS:
            continue
        if one.score is None or one.score >= _SURE:
            names[one.text] = one.label
        if one.label == "PERSON" and " " in one.text:
            for form in family_forms(one.text):
                names.setdefault(form, "PERSON")
        elif one.label == "ORG" and (short := company_stem(one.text)):
            names.setdefault(short, "ORG")
    return dict(sorted(names.items(), key=lambda pair: -len(pair[0])))


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
    if len(before) > 1 and not before[1] and before[0][:1].isupper() and before[0].lower() not in _SMALL_WORDS:
        return False
    return at > unit.start or " " in text[at:end] or f" {text[at:end].lower()}" not in text
