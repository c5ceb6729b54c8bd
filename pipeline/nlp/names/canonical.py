"""The entities of an article in, the fullest form of each name out: "Carter" is "Ashton Carter" where he is named."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.tables import alternation, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.nlp.spans import Entity

# Labels of OntoNotes 5 that are not names: "2015" in two articles, or twice in one, is no entity to be recognised.
VALUES = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"})

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_BRACKET = re.compile(r"\s?\(")
# "de la", "van der", "bin", "Le"
_PARTICLE = rf"[a-z]{{1,5}}|{alternation(map(str.capitalize, words_of('name_parts', 'particle')))}"
_PARTICLES = re.compile(rf"(?<=\w)(?: (?:{_PARTICLE})){{1,2}} [^a-z ]\S*$")
_GIVEN_LAST = re.compile(r"[A-Z][a-z]+-[a-z]+")  # of two syllables, behind the family name: "Moon Jae-in"
_ARABIC_ARTICLE = re.compile(r"^(?:al|el|bin|ibn)-", re.IGNORECASE)
# How the full name of a company ends.
_COMPANY = re.compile(
    r"\s(?:Inc|Corp|Corporation|Cos?|Company|Companies|Ltd|Limited|PLC|plc|LLC|LP|AG|SE|NV|N\.V|SA|S\.A|SpA|S\.p\.A|AB|ASA|Oyj?"
    r"|GmbH|Group|Holdings?|Bros|Partners)\.?$"
)
_LEAST_INNER = 3  # of two letters too many names have them somewhere
_MOST_INITIALS = 10


def canonical_names(fields: Sequence[tuple[str, Sequence[Entity]]]) -> list[list[str | None]]:
    """Return the fullest form of each name in an article, field by field; None for dates, amounts and numbers.

    Args:
        fields: the article's fields in reading order, each a text and its entities in the text's order.
    """
    text, moved = "", []
    for field, entities in fields:
        moved.append(
            [replace(entity, start=entity.start + len(text), end=entity.end + len(text)) for entity in entities]
        )
        text += f"{field}\n"
    names = fullest_names([entity for entities in moved for entity in entities], text)
    return [[None if entity.label in VALUES else names[entity] for entity in entities] for entities in moved]


def fullest_names(entities: Sequence[Entity], text: str = "") -> dict[Entity, str]:
    """Return the fullest form of each name: of people, of bodies, of places and of acronyms; of others the name itself.

    Of two people who share a surname, a bare surname means the one named last before it. ``text`` is what the entities'
    offsets count in; where it is given, an acronym in brackets belongs to the name before it.
    """
    names = {entity: _joined(entity.text) for entity in entities}
    people = _People(entity for entity in entities if entity.label == "PERSON")
    standing = {_letters(acronym): _joined(name) for acronym, name in introduced(entities, text)}
    bodies = _Bodies((entity.text for entity in entities if entity.label == "ORG"), standing)
    places = _Acronyms({_joined(entity.text) for entity in entities if entity.label == "GPE"}, {})
    cased = {name.upper(): name for name in names.values() if not name.isupper()}
    for entity, name in names.items():
        if entity.label == "PERSON":
            names[entity] = people.fullest(entity)
        elif entity.label == "ORG":
            names[entity] = bodies.fullest(entity.text)
        elif entity.label not in VALUES:
            spelled = places.spelled_out(name) if entity.label == "GPE" else None
            names[entity] = spelled or cased.get(name, name)
    return names


def introduced(entities: Sequence[Entity], text: str) -> Iterator[tuple[str, str]]:
    """Return each acronym that stands in brackets behind the name that it is of: "Kurdistan Workers' Party (PKK)".

    It is the name's where the name is a body, or where its letters are the initials: "CDU" is not of "Ada Quill (CDU)".
    """
    for name, acronym in pairwise(entities):
        letters = _letters(acronym.text)
        if not letters or _letters(name.text) or not _BRACKET.fullmatch(text, name.end, acronym.start):
            continue
        fits = letters in _initials(_joined(name.text)) or _is_short_for(letters, name.text)
        if fits or (name.label == "ORG" and " " in name.text and text.startswith(")", acronym.end)):
            yield acronym.text, name.text


def acronyms(entities: Iterable[Entity]) -> set[str]:
    """Return the initials of the bodies of an article: "WHO" of "World Health Organization"."""
    bodies = (entity.text for entity in entities if entity.label == "ORG")
    return {initials for body in bodies for initials in _initials(_joined(body))}


def company_stem(name: str) -> str:
    """Return a company's name without its kind: "Acme" of "Acme Inc."; empty where it says nothing."""
    stem = _COMPANY.sub("", name)
    return stem if stem != name else ""


def surnames(entities: Iterable[Entity]) -> frozenset[str]:
    """Return the family names of the people whom an article names in full, in all forms."""
    names = (entity.text for entity in entities if entity.label == "PERSON" and " " in entity.text)
    return frozenset(form for name in names for form in family_forms(name))


def family_forms(name: str) -> Iterator[str]:
    """Return the forms of the family name in a full name: "da Silva" and "Silva", "al-Assad" and "Assad"."""
    last = name.rsplit(maxsplit=1)[-1]
    particles = _PARTICLES.search(name)
    first = name.split(" ", 1)[0] if _GIVEN_LAST.fullmatch(last) else last
    forms = (first, _ARABIC_ARTICLE.sub("", first), particles[0].lstrip() if particles else first)
    yield from (form for form in dict.fromkeys(forms) if len(form) > 1)


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
    """The names of an article's organisations by their first and last words, and their acronyms."""

    def __init__(self, names: Iterable[str], introduced: dict[str, str]) -> None:
        self.names = dict.fromkeys(map(_joined, names))
        self.acronyms = _Acronyms(self.names, introduced)
        self.by_end: dict[tuple[int, str], list[str]] = {}
        for name in self.names:
            words = name.lower().split()
            for end in (0, -1):
                self.by_end.setdefault((end, words[end]), []).append(name)

    def fullest(self, text: str) -> str:
        name = _joined(text)
        acronym = bool(_letters(name))
        if acronym and (spelled := self.acronyms.spelled_out(name)):
            return spelled
        words = name.lower().split()
        words = words[1:] if words[0] == "the" and len(words) > 1 else words
        candidates = [other for end in (0, -1) for other in self.by_end.get((end, words[end]), ())]
        longer = {other for other in candidates if _is_part(words, other.lower().split())} - {name}
        # "NATO" is not "NATO Council", but "ACM" may be "ACM Holdings Inc."
        longer = {other for other in longer if is_company(other)} if acronym else longer
        return longer.pop() if len(longer) == 1 else name


class _Acronyms:
    """Names by the capitals of their words: "IMF" is "International Monetary Fund"."""

    def __init__(self, names: Iterable[str], introduced: dict[str, str]) -> None:
        self.introduced = introduced
        self.by_initials: dict[str, str] = {}
        self.by_inner: dict[str, set[str]] = {}
        for name in names:
            for initials in _initials(name):
                if len(name) > len(self.by_initials.get(initials, "")):
                    self.by_initials[initials] = name
        for initials, name in self.by_initials.items():
            for start, end in combinations(range(len(initials) + 1), 2):
                self.by_inner.setdefault(initials[start:end], set()).add(name)

    def spelled_out(self, acronym: str) -> str | None:
        """Return the name that an acronym stands for in this article, if one does."""
        letters = _letters(acronym)
        exact = self.introduced.get(letters) or self.by_initials.get(letters)
        if exact or len(letters) < _LEAST_INNER:
            return exact
        # "FDA" is "U.S. Food and Drug Administration", "CDC" leaves out the words at both ends of its name.
        inner = self.by_inner.get(letters, set())
        return next(iter(inner)) if len(inner) == 1 else None


def is_company(name: str) -> bool:
    """Return whether the last word shows that this is the full name of a company: "Acme Holdings Inc."."""
    return bool(_COMPANY.search(name))


def last_word(name: str) -> str:
    """Return the last word of a name in small letters; empty for an empty name."""
    return (name.split() or [""])[-1].lower()


def name_words(name: str) -> list[str]:
    """Return the lower-cased words of a name without "Jr."."""
    words = [word.strip(".,'\"\u2019").lower() for word in name.split()]
    kept = [word for word in words if word and word not in _SUFFIXES]
    return kept or words


def is_fuller(fuller: list[str], words: list[str]) -> bool:
    """Return whether a name's words end another, longer one, or leave out some in its middle ("George Bush")."""
    if len(fuller) <= len(words) or not words:
        return False
    return fuller[-len(words) :] == words or (len(words) > 1 and fuller[0] == words[0] and fuller[-1] == words[-1])


def _is_part(words: list[str], longer: list[str]) -> bool:
    """Return whether a body's name starts or ends a longer one: "Amnesty", "Defense Ministry"."""
    return len(words) < len(longer) and words in (longer[: len(words)], longer[-len(words) :])


def _is_short_for(letters: str, word: str) -> bool:
    """Return whether a word has these letters in their order from its first on: "VW" of "Volkswagen"."""
    rest = iter(word.upper())
    return word.upper().startswith(letters[0]) and " " not in word and all(letter in rest for letter in letters)


def _initials(name: str) -> set[str]:
    """Return the initials of a name of several capitals, with and without small words: "VOA" is "Voice of America"."""
    words = name.split()
    every = "".join(word[0].upper() for word in words)[:_MOST_INITIALS]
    capitals = "".join(word[0] for word in words if word[0].isupper())[:_MOST_INITIALS]
    return {every, capitals} if len(capitals) > 1 else set()


def _letters(name: str) -> str:
    """Return the letters of an acronym ("U.N."); empty for what is none."""
    letters = name.replace(".", "")
    return letters if letters.isupper() and letters.isalpha() else ""


def _joined(name: str) -> str:
    return " ".join(name.split())
