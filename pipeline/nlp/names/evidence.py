"""The names of an article in, the same by all of its evidence out: one label for a name, mentions that were missed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import BODY_NOUNS, ROLES
from pipeline.nlp.lexicon.tables import words_of
from pipeline.nlp.names.canonical import VALUES, acronyms, company_stem, family_forms, introduced
from pipeline.nlp.names.companies import as_companies
from pipeline.nlp.names.families import as_families
from pipeline.nlp.spans import Entity
from pipeline.nlp.text.characters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.nlp.spans import Sentence

_SURE_WEIGHT = 1.0  # of a title, an age or a full name, beside the tagger's chances
_TITLES = {title.rsplit(maxsplit=1)[-1] for title in words_of("titles", "outside", "courtesy")}
_OFFICES = ROLES | {title.lower() for title in _TITLES}
_TITLE_CHARS = 20  # more than the longest last word of them
_LOCATIVES = frozenset({"in", "near", "across", "outside", "around", "throughout", "inside", "into"})
_PLACES = words_of("dateline_places")
_LEAST_LOCATED = 5  # of so many mentions of a place one stands where places stand
_AGE = re.compile(r", \d{1,2}(?:,|$)")
_MOST_WORDS = 3  # of somebody whose full name was taken for something else
_TAKEN_FOR_PEOPLE = frozenset({"ORG", "GPE", "LOC", "FAC", "PRODUCT", "NORP", "WORK_OF_ART"})
_NAMED = frozenset({"PERSON", "ORG", "FAC", "PRODUCT", "GPE", "WORK_OF_ART"})
_BODY_AND_PERSON = re.compile(rf"([A-Z]{{2,6}}) ((?=[^ ]*[a-z])[{CAPITALS}][^ ]+(?: [^ ]+){{1,3}})")
_ROLE_OF = re.compile(r"([\w-]+) (?:of|for|at) $")
_SMALL_WORDS = words_of("function_words")
_BRANDS = {
    **dict.fromkeys(words_of("brands", "body"), "ORG"),
    **dict.fromkeys(words_of("brands", "product"), "PRODUCT"),
}
_DISEASES = words_of("brands", "disease")
_EXCHANGE = re.compile(r"\([A-Z][A-Za-z]+(?: [A-Z][a-z]+){0,3}: ?$")
_EXCHANGE_CHARS = 40
_VARIANT = re.compile(r"[A-Z]{1,3}(?:\.\d+)+")
_MISTAKEN = frozenset({"PERSON", "GPE", "LOC", "NORP", "FAC"})  # what brands are taken for
_UNKNOWN_CHANCE = 0.5
_LEAST_CHARS = 3  # of a name that is looked for where the tagger saw none
_SURE = 0.6


def by_evidence(text: str, units: Sequence[Sentence], entities: Sequence[Entity]) -> list[Entity]:
    """Settle the names of a text, in order and without overlap, as the tagger's are.

    A name has the label that the tagger was surest of over all its mentions; a word of a full name of a person is that
    person; an acronym in brackets is what it stands for; "Acme" is a company behind "Acme Corp."; "BBC Jane Doe" is a
    body and a person.
    """
    families = as_families(text, _without_their_bodies(text, entities))
    parted = [one for one in families if not (_is_disease(one.text) or _is_ticker(text, one))]
    labels = _labels(text, parted)
    settled = [one if _stands(one, labels) else replace(one, label=labels[one.text]) for one in parted]
    settled = as_companies(settled, text)
    found = list(_missed(text, units, settled))
    return sorted([*settled, *found], key=lambda one: one.start) if found else settled


def _without_their_bodies(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Part a person from the acronym before: "CEO of ZFC | Ada Doe", and where a body has these initials."""
    parted: list[Entity] = []
    known: set[str] | None = None
    for one in entities:
        name = _BODY_AND_PERSON.fullmatch(one.text) if one.label in _NAMED else None
        if name and BODY_NOUNS.isdisjoint(one.text.lower().split()):
            known = acronyms(entities) if known is None else known
            role = _ROLE_OF.search(text, max(0, one.start - _TITLE_CHARS), one.start)
            of_role = role is not None and "&" not in one.text and role[1].lower() in _OFFICES
            if name[1] in known or of_role:
                cut = one.start + name.start(2)
                parted.append(replace(one, end=one.start + name.end(1), text=name[1], label="ORG"))
                parted.append(replace(one, start=cut, text=name[2], label="PERSON"))
                continue
        parted.append(one)
    return parted


def _is_disease(name: str) -> bool:
    """Return whether this is a disease or a variant of a virus: "COVID-19", "BA.2.75"."""
    return name in _DISEASES or bool(_VARIANT.fullmatch(name))


def _is_ticker(text: str, one: Entity) -> bool:
    """Return whether this is what a company's shares are called by: "ZEN" of "Zenith Motors (NYSE: ZEN)"."""
    return one.text.isupper() and bool(_EXCHANGE.search(text, max(0, one.start - _EXCHANGE_CHARS), one.start))


def _stands(one: Entity, labels: Mapping[str, str]) -> bool:
    """Return whether a name keeps its label: "White House" is a building here and a body there."""
    return one.label in VALUES or labels[one.text] == one.label or {one.label, labels[one.text]} == {"ORG", "FAC"}


def _labels(text: str, entities: Sequence[Entity]) -> dict[str, str]:
    """Return each name the label with the greatest sum of the tagger's chances, where nothing in the text says better.

    A brand is neither a person nor a place. A name that ends in somebody's is a person's. A bare surname is a person's,
    unless it was taken for a place and stands where places stand: London, though there is Jane London.
    """
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    located: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for one in entities:
        if one.label in VALUES:
            continue
        weights[one.text][one.label] += _UNKNOWN_CHANCE if one.score is None else one.score
        before = _word_before(text, one.start)
        if one.label in _TAKEN_FOR_PEOPLE and _is_introduced(text, one, before):
            weights[one.text]["PERSON"] += _SURE_WEIGHT
        counts[one.text] += 1
        located[one.text] += before.lower() in _LOCATIVES or one.text.upper() in _PLACES
    labels = {name: max(sums, key=lambda label: sums[label]) for name, sums in weights.items()}
    for brand in _BRANDS.keys() & labels.keys():
        labels[brand] = _BRANDS[brand] if labels[brand] in _MISTAKEN else labels[brand]
    full = [name for name in labels if " " in name]
    for name in full:
        words = name.split()
        described = len(words) > _MOST_WORDS or not BODY_NOUNS.isdisjoint(map(str.lower, words))
        if labels[name] in _TAKEN_FOR_PEOPLE and labels.get(words[-1]) == "PERSON" and not described:
            labels[name] = "PERSON"
    people = [name for name in full if labels[name] == "PERSON"]
    for surname in {form for name in people for form in family_forms(name)} & labels.keys():
        if labels[surname] != "GPE" or located[surname] * _LEAST_LOCATED < counts[surname]:
            labels[surname] = "PERSON"
    return {**labels, **{short: labels[full] for short, full in introduced(entities, text) if full in labels}}


def _word_before(text: str, start: int) -> str:
    """Return the word before a place in a text, empty where something else stands there."""
    before = text[max(0, start - _TITLE_CHARS) : start]
    return before[:-1].rpartition(" ")[2] if before.endswith(" ") else ""


def _is_introduced(text: str, one: Entity, before: str) -> bool:
    """Return whether a name stands behind a title, or before an age: "Mr. Waziri", "Waziri, 54,"."""
    if before.rstrip(".") in _TITLES:
        return BODY_NOUNS.isdisjoint(one.text.lower().split())
    return bool(_AGE.match(text, one.end))


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
    """Return the names to look for: those that the tagger was sure of, surnames, short names of companies."""
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
    """Return whether a name is no part of a longer one, and no word that has its capital anyway."""
    before, behind = text[unit.start : at].split(" ")[-2:], text[end : unit.end].split(" ")[:2]
    if len(behind) > 1 and not behind[0] and behind[1][:1].isupper():
        return False
    if (
        len(before) > 1
        and not before[1]
        and before[0][:1].isupper()
        and before[0].lower() not in _SMALL_WORDS | _OFFICES
    ):
        return False
    return at > unit.start or " " in text[at:end] or f" {text[at:end].lower()}" not in text
