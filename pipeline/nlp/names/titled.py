"""The names of a text in, with the people behind titles that the tagger did not see: "Engr. Shin Min-ji"."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import BODY_NOUNS
from pipeline.nlp.lexicon.tables import alternation, table, words_of
from pipeline.nlp.spans import Entity
from pipeline.nlp.text.characters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.spans import Sentence

_OUTSIDE = words_of("titles", "outside", "courtesy")
# Titles that stand before nothing but names of people.
_SHORT = {title for title, traits in table("titles").items() if {"abbreviated", "courtesy", "rank"} & {*traits}}
_PARTICLES = rf"(?:(?:{alternation(words_of('name_parts', 'particle'))})[ -])*"
_NAME = rf"(?!(?:{alternation(_OUTSIDE)})\b)[{CAPITALS}][\w'\u2019-]*[^\W\d_{CAPITALS}]"
_MORE = rf"(?: {_PARTICLES}{_NAME})"
# One word is a name behind a short title alone: "Mr. Doe", not "President Day".
_GIVEN = re.compile(r" [A-Z][a-z]+-[a-z]+")
_TITLED = re.compile(
    rf"\b(?:(?P<short>{alternation(_SHORT & _OUTSIDE)})|{alternation(_OUTSIDE - _SHORT)})\b\.? "
    rf"(?P<name>{_PARTICLES}{_NAME}(?(short){_MORE}{{0,3}}|{_MORE}{{1,3}}))"
)


def with_titled(text: str, units: Sequence[Sentence], entities: Sequence[Entity]) -> list[Entity]:
    """Add the people behind titles where the tagger saw nothing, or a part of the name."""
    result = list(entities)
    for found in _TITLED.finditer(text):
        start, end = found.span("name")
        at = bisect_right(result, start, key=lambda one: one.end)
        inside = [one for one in result[at : at + 2] if one.start < end]
        if not inside and BODY_NOUNS.isdisjoint(found["name"].lower().split()):
            unit = units[bisect_right(units, start, key=lambda one: one.start) - 1]
            if end <= unit.end and unit.kind != "speaker":
                result.insert(at, Entity(start, end, found["name"], "PERSON", unit.index, None))
        elif len(inside) == 1 and inside[0].label == "PERSON" and _is_part(text, inside[0], start, end):
            result[at] = replace(inside[0], start=start, end=end, text=found["name"])
    return result


def _is_part(text: str, one: Entity, start: int, end: int) -> bool:
    """Return whether a person's name is the end of another one, or all of it but its last, hyphened word."""
    return (one.start > start and one.end == end) or (one.start == start and bool(_GIVEN.fullmatch(text, one.end, end)))
