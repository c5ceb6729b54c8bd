"""An article's sentences and names in, who is named near a sentence and who spoke before it out."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.lexicon.nouns import ROLES, is_person
from pipeline.nlp.names.canonical import fullest_names
from pipeline.nlp.speakers.bodies import NATIONS, Bodies
from pipeline.nlp.speakers.speaker import Speaker
from pipeline.nlp.speakers.titles import genders_before, titles_beside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from pipeline.nlp.spans import Entity, Sentence
    from pipeline.nlp.text.quotes import Quotes

NEAR_SENTENCES = 2
FAR_SENTENCES = 60
_SEVERAL = 2
_ITS_OWN = re.compile(r",? and (his|her) ")  # "John Doe and his wife"
# "She accused John Doe", "was arrested with John Doe": whom something is said against does not say it.
_ACCUSED = re.compile(
    r"\b(?:accus|charg|blam|suspect|arrest|convict|indict|sue|criticiz|criticis|denounc)\w* (?:[\w.]+ ){0,3}?$",
    re.IGNORECASE,
)
_ASIDE = frozenset({"byline", "caption", "notice"})
_NAME_FIRST_CHARS = 12  # of a sentence: "But Mr. Doe"
_STEM = 4  # letters that "Syria" and "Syrian" share
_SUBJECT_CHARS = 60  # a name that starts later in its sentence is seldom what the sentence is about


def _people(names: Iterable[str]) -> set[str]:
    """Return the longest name of each person: "George W. Bush" and "George Bush" are one, as to first and last word."""
    longest: dict[tuple[str, str], str] = {}
    for name in sorted(names, key=len):
        words = name.split()
        longest[words[0], words[-1]] = name
    return set(longest.values())


class Spoken(NamedTuple):
    """Who spoke in a sentence: of somebody unnamed the name is empty."""

    name: str
    label: str
    sentence: int

    @property
    def who(self) -> Speaker:
        """Who it was, wherever."""
        return Speaker(self.name, self.label)


def nations_among(entities: Iterable[Entity]) -> set[str]:
    """Return the beginnings of the countries and peoples among names: "syri" of "Syria" and of "Syrian"."""
    return {one.text[:_STEM].lower() for one in entities if one.label in NATIONS}


class Discourse:
    """What an article has said so far: who was named where, and who spoke."""

    def __init__(self, text: str, sentences: Sequence[Sentence], entities: Sequence[Entity], quotes: Quotes) -> None:
        """Find once the fullest form of every name and what stands before it: every source then costs the same."""
        self.text = text
        self.sentences = sentences
        self.names = fullest_names(entities, text)
        self.all_names = frozenset(self.names.values())
        self.bodies = Bodies(text, entities, self.names)
        self.spoke: list[Spoken] = []
        self.introduced: dict[str, str] = {}  # "journalist": who was introduced so
        self.genders: dict[str, tuple[bool, bool]] = {}  # by name: female, male
        self.surnames: dict[str, set[str]] = {}
        self.first = next((one.index for one in sentences if one.kind == "sentence"), -1)  # behind headline and byline
        self._quotes = quotes
        self._turns = {one.paragraph for one in sentences if one.kind == "speaker"}  # paragraphs of a transcript
        self._by_sentence: dict[int, list[Entity]] = {}
        self._titles: dict[int, set[str]] = {}  # by where the name starts
        self._entities = entities
        last = 0
        for one in entities:
            self._by_sentence.setdefault(one.sentence, []).append(one)
            if one.label == "PERSON":
                name = self.names[one]
                female, male = genders_before(text, last, one.start)
                known = self.genders.get(name, (False, False))
                self.genders[name] = (female or known[0], male or known[1])
                last = one.end
                if " " in name:
                    self.surnames.setdefault(name.rpartition(" ")[2], set()).add(name)
        self.unsure = self._settle_shared_names()

    def _settle_shared_names(self) -> set[Entity]:
        """Read "Mr. Doe" as the Doe who is a man, and return the mentions that either of two may be meant by.

        A family name stands last or first: "Ann Doe" and "John Doe", "Zhang Bo" and "Zhang Mei".
        """
        holders: dict[str, set[str]] = {}
        for name in {name for one, name in self.names.items() if one.label == "PERSON" and " " in name}:
            words = name.split()
            for at in range(1, len(words)):
                holders.setdefault(" ".join(words[at:]), set()).add(name)
            holders.setdefault(words[0], set()).add(name)
        unsure = set()
        for one in [one for one in self.names if one.label == "PERSON"]:
            bare = " ".join(one.text.split())
            several = _people(holders.get(bare, ()))
            if len(several) < _SEVERAL:
                continue
            female, male = genders_before(self.text, 0, one.start)
            fitting = {name for name in several if (female or male) and self._genders_of(name) == (female, male)}
            others = {name for name in several - fitting if self._genders_of(name) in {(False, False), (female, male)}}
            if len(fitting) == 1 and not others:
                self.names[one] = fitting.pop()
            else:
                unsure.add(one)
        return unsure

    def _genders_of(self, name: str) -> tuple[bool, bool]:
        """Return whether a person is told to be female, and male, where the full name stands."""
        full = [one for one, of in self.names.items() if of == name and " ".join(one.text.split()) == name]
        told = [genders_before(self.text, 0, one.start) for one in full]
        own = [_ITS_OWN.match(self.text, one.end) for one in full]
        female = any(one[0] for one in told) or any(one is not None and one.group(1) == "her" for one in own)
        male = any(one[1] for one in told) or any(one is not None and one.group(1) == "his" for one in own)
        return female, male

    def near(self, sentence: int, *, before: int = 0, after: int = 0) -> list[Entity]:
        """Return the entities of some sentences, in order."""
        around = range(max(0, sentence - before), sentence + after + 1)
        return [one for index in around for one in self._by_sentence.get(index, ())]

    def people(self, sentence: int, *, before: int = 0, after: int = 0) -> list[Entity]:
        """Return the people that some sentences name, in order."""
        return [one for one in self.near(sentence, before=before, after=after) if one.label == "PERSON"]

    def latest(self) -> Sequence[Spoken]:
        """Return who spoke, latest first, as far back as anybody is looked for."""
        return self.spoke[: -FAR_SENTENCES - 1 : -1]

    def spoke_before(self, sentence: int, *, within: int) -> Iterator[Spoken]:
        """Return who spoke in this sentence and the last ones, latest first, not across the turns of a transcript."""
        for one in self.latest():
            if sentence - one.sentence > within or not self.same_turn(one.sentence, sentence):
                return
            yield one

    def earlier(self, sentence: int, within: int) -> Iterator[int]:
        """Return the sentences before one, nearest first, not across the turns of a transcript."""
        for one in range(sentence - 1, max(0, sentence - within) - 1, -1):
            if not self.same_turn(one, sentence):
                return
            yield one

    def same_turn(self, one: int, other: int) -> bool:
        """Return whether two sentences are of one turn of a transcript, or both of none."""
        before, here = self.sentences[one].paragraph, self.sentences[other].paragraph
        return before == here or not (before in self._turns or here in self._turns)

    def titles(self, person: Entity) -> set[str]:
        """Return what a person is called beside the name: "the Oslo mayor, Jane Doe", "Jane Doe, a historian"."""
        if person.start not in self._titles:
            sentence = self.sentences[person.sentence]
            start = max((sentence.start, *(one.end for one in self.people(sentence.index) if one.end <= person.start)))
            beside = titles_beside(self.text, start, sentence.end, person.start, person.end)
            self._titles[person.start] = beside | ROLES.intersection(person.text.lower().split()[:-1])
        return self._titles[person.start]

    def nations_in(self, titles: Collection[str]) -> set[str]:
        """Return the beginnings of the article's countries and peoples that somebody is called by."""
        return self._nations.intersection(word[:_STEM] for word in titles)

    def nations_of(self, name: str) -> set[str]:
        """Return the beginnings of the countries and peoples that a person is called by anywhere in the article."""
        return self._nations_by_name.get(name, set())

    # Most articles ask for neither.
    @cached_property
    def _nations(self) -> set[str]:
        return nations_among(self._entities)

    @cached_property
    def _nations_by_name(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one in self._entities:
            titles = self.titles(one) if one.label == "PERSON" else ()
            if any(map(is_person, titles)):  # not "After talks in Syria, John Doe"
                found.setdefault(self.names[one], set()).update(self.nations_in(titles))
        return found

    def is_early(self, one: Entity) -> bool:
        """Return whether its sentence may be about this name; a name that comes late is not its subject."""
        return one.start - self.sentences[one.sentence].start <= _SUBJECT_CHARS

    def is_accused(self, one: Entity) -> bool:
        """Return whether something is said against somebody right before the name: such a one did not say it."""
        return bool(_ACCUSED.search(self.text, self.sentences[one.sentence].start, one.start))

    def is_aside(self, sentence: int) -> bool:
        """Return whether this is a byline or a caption: later sentences do not go on with their names."""
        return self.sentences[sentence].kind in _ASIDE

    def is_told(self, one: Entity, place: int) -> bool:
        """Return whether a place may go on with a name: not with one within a quote, unless the place is in one, too.

        `"I have seen Jane Doe." She said no.` is of whoever has seen her.
        """
        return self._is_quoted(place) or not self._is_quoted(one.start)

    def _is_quoted(self, place: int) -> bool:
        return any(quote.start < place for quote in self._quotes.touching(place, place + 1))

    def named_first(self, sentence: int, label: str, place: int) -> Speaker | None:
        """Return the person or country, by ``label``, that a sentence begins with and ``place`` may mean."""
        first = next(iter(self.near(sentence)), None)
        if first is None or first.label != label or not self.is_told(first, place):
            return None
        begins = first.start - self.sentences[sentence].start <= _NAME_FIRST_CHARS
        return Speaker(self.names[first], label) if begins else None

    def person_first(self, sentence: int, place: int) -> Speaker | None:
        """Return the person that a sentence begins with and that may be gone on with at a place."""
        return None if self.is_aside(sentence) else self.named_first(sentence, "PERSON", place)

    def body_first(self, sentence: int, *, before: int | None = None) -> Speaker | None:
        """Return the body that a sentence begins with, named ``before`` a place in the text."""
        start, end = self.sentences[sentence].start, self.sentences[sentence].end
        return self.bodies.subject(self.near(sentence), start, end if before is None else before)

    def only_person(self, before: int, sentence: int, pronoun: str = "") -> Speaker | None:
        """Return the one person of this or the last sentence that names any, if it names only one.

        Sentences that begin with the pronoun are of the same person: "Jane Doe had a plan. She has withdrawn it."
        """
        within = 1
        while pronoun and within <= sentence and self._begins_with(sentence - within, pronoun):
            within += 1
        for where in (sentence, *self.earlier(sentence, within)):
            people = () if self.is_aside(where) else self.people(where)
            told = [one for one in people if one.end <= before and self.is_told(one, before)]
            if any(map(self.is_accused, told)):
                return None
            early = [one for one in told if self.is_early(one)]
            names = {self.names[one] for one in early if not self.stands_before(pronoun, one)}
            if names:
                name = names.pop()
                return None if names or not self.fits(name, pronoun) else Speaker(name, "PERSON")
        return None

    def _begins_with(self, sentence: int, pronoun: str) -> bool:
        start = self.sentences[sentence].start
        return self.text[start : start + len(pronoun) + 1].lower() == f"{pronoun} "

    def stands_before(self, pronoun: str, person: Entity) -> bool:
        """Return whether a pronoun goes before the name in its sentence: "Then she met Ann Poe" is of somebody else."""
        before = self.text[self.sentences[person.sentence].start : person.start]
        return bool(pronoun and re.search(rf"\b{pronoun}\b", before, re.IGNORECASE))

    def fits(self, name: str, pronoun: str) -> bool:
        """Return whether nothing that stands before a name speaks against the pronoun's gender."""
        return not pronoun or self.genders.get(name) != (pronoun == "he", pronoun == "she")
