"""The names of a text in, the same names out, with companies where a company's name was taken for a person's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.names.canonical import company_stem, is_company, last_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.nlp.spans import Entity

_TITLE = re.compile(rf"(?:{alternation(words_of('titles', 'courtesy'))})\.? $")
_TITLE_CHARS = 6


def as_companies(entities: Sequence[Entity], text: str) -> list[Entity]:
    """Read "Acme Corp." and then "Acme" as a company, unless somebody of the text has that surname."""
    full = full_names(entities)
    if not full:
        return list(entities)
    short = short_names(full)
    stems = {company_stem(name) for name in full}
    people = [one for one in entities if one.label == "PERSON" and one.text not in full]
    in_full = [one for one in people if " " in one.text and one.text.lower() not in short]
    titled = [one for one in people if _TITLE.search(text, max(0, one.start - _TITLE_CHARS), one.start)]
    surnames = {last_word(one.text) for one in (*in_full, *titled)}
    companies = full | {one.text for one in people if one.text.lower() in short and last_word(one.text) not in surnames}
    return [
        replace(one, label="ORG")
        if (one.label == "PERSON" and one.text in companies) or (one.label == "GPE" and one.text in stems)
        else one
        for one in entities
    ]


def full_names(entities: Iterable[Entity]) -> set[str]:
    """Return the companies that a text names in full, whatever the tagger took them for."""
    return {one.text for one in entities if one.label in {"ORG", "PERSON"} and is_company(one.text)}


def short_names(companies: Iterable[str]) -> set[str]:
    """Return what names of companies begin with, in small letters: "acme" and "acme steel" of "Acme Steel Inc."."""
    words = [name.lower().split() for name in companies]
    return {" ".join(name[:count]) for name in words for count in range(1, len(name))}
