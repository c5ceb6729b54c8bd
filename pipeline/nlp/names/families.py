"""The names of an article in, the same with the family names of its people told wherever they stand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.month_names import MONTH, WEEKDAY
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.names.canonical import VALUES, surnames

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.nlp.spans import Entity

_TITLED = re.compile(rf"(?:{alternation(words_of('titles', 'outside'))})\b\.? (.+)")
_CALENDAR = re.compile(rf"{MONTH}|{WEEKDAY}")  # Theresa May came in May
_TAKEN_FOR = frozenset({"PERSON", "ORG", "FAC", "PRODUCT", "GPE", "WORK_OF_ART"})


def as_families(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Read "Principal Doe", "do | Carmo" and the date "Wibowo" as who was named in full: Ada Doe, Ada do Carmo ..."""
    families = surnames(entities)
    long = [form for form in families if " " in form]
    return [_as_family(text, one, families, long) for one in entities] if families else list(entities)


def _as_family(text: str, one: Entity, families: Collection[str], long: Sequence[str]) -> Entity:
    if one.label in VALUES:
        named = one.text in families and not _CALENDAR.fullmatch(one.text)
        return replace(one, label="PERSON") if named else one
    titled = _TITLED.fullmatch(one.text) if one.label in _TAKEN_FOR else None
    if titled and titled[1] in families:
        return replace(one, start=one.start + titled.start(1), text=titled[1], label="PERSON")
    whole = next((form for form in long if form.endswith(f" {one.text}") and text.endswith(form, 0, one.end)), None)
    if one.label == "PERSON" and whole:
        return replace(one, start=one.end - len(whole), text=whole)
    return one
