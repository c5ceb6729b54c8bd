"""The entities of an article in, the fullest form of each name out: "Carter" is "Ashton Carter" where he is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.spans import Entity

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def fullest_names(entities: Sequence[Entity]) -> dict[Entity, str]:
    """Give for each person the longest name in the article that ends in the same words; for others the name itself.

    Of two people who share a surname, a bare surname means the one named last before it.
    """
    people = [entity for entity in entities if entity.label == "PERSON"]
    names: dict[Entity, str] = {entity: _joined(entity.text) for entity in entities}
    for person in people:
        words = name_words(person.text)
        fuller = [other for other in people if is_fuller(name_words(other.text), words)]
        before = [other for other in fuller if other.start < person.start]
        if before:
            nearest = before[-1]
            same = [other for other in before if name_words(other.text)[0] == name_words(nearest.text)[0]]
            names[person] = _joined(max(same, key=lambda other: len(name_words(other.text))).text)
        elif len({tuple(name_words(other.text)) for other in fuller}) == 1:
            names[person] = _joined(fuller[0].text)
    return names


def name_words(name: str) -> list[str]:
    """Give the lower-cased words of a name without "Jr."."""
    words = [word.strip(".,'\"\u2019").lower() for word in name.split()]
    kept = [word for word in words if word and word not in _SUFFIXES]
    return kept or words


def is_fuller(fuller: list[str], words: list[str]) -> bool:
    """Tell whether a name's words end another, longer one, or leave out some in its middle ("George Bush")."""
    if len(fuller) <= len(words) or not words:
        return False
    return fuller[-len(words) :] == words or (len(words) > 1 and fuller[0] == words[0] and fuller[-1] == words[-1])


def _joined(name: str) -> str:
    return " ".join(name.split())
