"""The entities of an article in, the fullest form of each name out: "Carter" is "Ashton Carter" where he is named."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.nlp.spans import Entity

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def fullest_names(entities: Sequence[Entity]) -> dict[Entity, str]:
    """Give the fullest form of each name: of people, of bodies and of their acronyms; of others the name itself.

    Of two people who share a surname, a bare surname means the one named last before it.
    """
    names = {entity: _joined(entity.text) for entity in entities}
    people = _People(entity for entity in entities if entity.label == "PERSON")
    bodies = _Bodies(entity.text for entity in entities if entity.label == "ORG")
    for entity in entities:
        if entity.label == "PERSON":
            names[entity] = people.fullest(entity)
        elif entity.label == "ORG":
            names[entity] = bodies.fullest(entity.text)
    return names


class _People:
    """The full names of an article by their words, each with the places where it stands."""

    def __init__(self, people: Iterable[Entity]) -> None:
        self.places: dict[str, list[int]] = {}
        self.words: dict[str, list[str]] = {}
        self.holders: dict[str, list[str]] = {}
        for person in people:
            name = _joined(person.text)
            if name not in self.places:
                self.words[name] = name_words(name)
                for word in dict.fromkeys(self.words[name]):
                    self.holders.setdefault(word, []).append(name)
            self.places.setdefault(name, []).append(person.start)

    def fullest(self, person: Entity) -> str:
        name = _joined(person.text)
        words = self.words[name]
        holders = self.holders.get(words[-1], []) if words else []
        fuller = [other for other in holders if is_fuller(self.words[other], words)]
        before = [other for other in fuller if self.places[other][0] < person.start]
        if before:
            nearest = max(before, key=lambda other: self._last_before(other, person.start))
            same = [other for other in before if self.words[other][0] == self.words[nearest][0]]
            return max(same, key=lambda other: len(self.words[other]))
        if len({tuple(self.words[other]) for other in fuller}) == 1:
            return fuller[0]
        # A family name may stand first or in the middle: "Chen Shui-bian", "Omar Bakri Mohammed".
        inner = [other for other in holders if len(words) == 1 and words[0] in self.words[other][:-1]]
        return inner[0] if len(inner) == 1 and not fuller else name

    def _last_before(self, name: str, place: int) -> int:
        places = self.places[name]
        return places[bisect_left(places, place) - 1]


class _Bodies:
    """The names of an article's organisations by their first and last words and by their initials."""

    def __init__(self, names: Iterable[str]) -> None:
        self.by_end: dict[tuple[int, str], list[list[str]]] = {}
        self.by_initials: dict[str, str] = {}
        for name in dict.fromkeys(map(_joined, names)):
            words = name.split()
            for end in (0, -1):
                self.by_end.setdefault((end, words[end]), []).append(words)
            initials = "".join(word[0] for word in words if word[0].isupper())
            if len(initials) > 1 and len(name) > len(self.by_initials.get(initials, "")):
                self.by_initials[initials] = name

    def fullest(self, text: str) -> str:
        name = _joined(text)
        words = name.split()
        candidates = [other for end in (0, -1) for other in self.by_end[end, words[end]]]
        longer = {" ".join(other) for other in candidates if _is_part(words, other)}
        return longer.pop() if len(longer) == 1 else self.by_initials.get(_letters(name), name)


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


def _is_part(words: list[str], longer: list[str]) -> bool:
    """Tell whether a body's name starts or ends a longer one: "Amnesty", "Defense Ministry"."""
    return len(words) < len(longer) and words in (longer[: len(words)], longer[-len(words) :])


def _letters(name: str) -> str:
    letters = name.replace(".", "")
    return letters if letters.isupper() and letters.isalpha() else ""


def _joined(name: str) -> str:
    return " ".join(name.split())
