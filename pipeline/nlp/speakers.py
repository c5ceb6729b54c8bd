"""What stands as source of a report in, the name of who is meant out: within the sentence, and across sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from pipeline.nlp.bodies import (
    ARTICLE,
    BODY_LABELS,
    ISSUED_BY,
    NOUNS,
    ROLE_TAIL,
    UMBRELLAS,
    Bodies,
    is_general,
    issuer_of,
    kind_meant,
)
from pipeline.nlp.names import VALUES, fullest_names
from pipeline.nlp.spans import Span
from pipeline.nlp.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.nlp.spans import Entity, Sentence

_PRONOUNS = frozenset({"he", "she"})
_TITLES = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|President|Prime Minister|Minister|General|Gen|Senator|Sen|Secretary|King|Prince|Sheikh|Pope)"
)
# "a spokesman for Smith", "Smith's lawyer": somebody else speaks.
_OF_ANOTHER = re.compile(
    r"\b(?:(?:for|to|by|with|against|than|from|on)\s[^,]*"
    rf"|of(?: the| former)?(?: (?:late )?{_TITLES}\.?)?\s*)$",
    re.IGNORECASE,
)
# "Deputy Director for Safeguards Jane Doe": what follows the preposition is a name of its own, then comes hers.
_OFFICE_BEFORE_NAME = re.compile(
    rf"\b(?:for|to|of) (?:the )?[A-Z]\w*(?: (?!{_TITLES}\b)[A-Z]\w*)*\s(?:(?:Mr|Mrs|Ms|Dr)\.? )?$"
)
_ELSEWHERE = re.compile(r"\b(?:spokes\w+|lawyers?|aides?|advisers?)\b", re.IGNORECASE)
_POSSESSED = re.compile(r"\s?'s? \w|\s(?:spokes\w+|lawyer|aide|adviser)\b")
_PEOPLE_OF = re.compile(r"\s(?:administration|government|campaign|cabinet)\b")
_PERSON_NOUN = re.compile(
    r"\w*(?:ist|ian|er|or|man|woman|ant|ate|crat|chief|leader|diplomat|official|head|director|expert)$"
)
_ONE_NAME = re.compile(rf"(?:{_TITLES}\.? )?[A-Z][\w'\u2019-]+")
_PLACES = frozenset({"PERSON", "GPE", "NORP", "LOC"})
_DEFINITE = re.compile(r"(?:the|this|that)\s", re.IGNORECASE)
_INDEFINITE = re.compile(r"(?:an?|one)\s|\S+['\u2019]s\s", re.IGNORECASE)
_PUBLISHED = re.compile(r"an? (?:published|newspaper|news|media|press) report$", re.IGNORECASE)
_DEFINITE_BODY = re.compile(
    r"the (?:\S+ ){1,3}(?:group|organization|agency|company|network|union|firm)$", re.IGNORECASE
)
_FEMALE = re.compile(
    r"\b(?:Mrs|Ms|Miss|Lady|Queen|Princess|Madame|Sister|spokeswoman|chairwoman|congresswoman|actress|her|herself|she)\b"
)
_MALE = re.compile(
    r"\b(?:Mr|Sir|Lord|King|Prince|Sheikh|Pope|Father|spokesman|chairman|congressman|actor|his|himself|he)\b"
)
ROLES = listed(
    """
    president minister premier chancellor secretary spokesman spokeswoman spokesperson chief leader chairman
    chairwoman director senator governor mayor general commander ambassador envoy king queen prince pope judge
    prosecutor lawyer attorney professor analyst author economist officer head official coach captain player candidate
    congressman congresswoman representative lawmaker bishop archbishop colonel major admiral doctor scientist
    researcher activist actor actress singer writer editor founder president-elect
    """
)
_NEAR_SENTENCES = 2
_ASIDE = frozenset({"byline", "caption"})
_TOPIC_SENTENCES = 3
_SUBJECT_WORDS = 5
_FAR_SENTENCES = 60
_SUBJECT_CHARS = 60  # a name that starts later in its sentence is seldom what the sentence is about
_START_CHARS = 15  # of a sentence: "But it said"
_CUT_LOOSE = re.compile(r"[\"'\u2019\u201d\u00bb]\.$")
Found = tuple[str, str]  # a speaker and the label of the name


@dataclass(slots=True)
class Discourse:
    """What an article has said so far: who spoke last, in which sentence."""

    text: str
    sentences: Sequence[Sentence]
    entities: Sequence[Entity]
    names: dict[Entity, str] = field(init=False)
    spoke: list[tuple[str, str, int]] = field(default_factory=list)  # speaker, label, sentence
    _bodies: Bodies = field(init=False)
    _first: int = field(init=False)  # the first sentence behind headline and byline
    _turns: set[int] = field(init=False)  # paragraphs of a transcript
    _by_sentence: dict[int, list[Entity]] = field(default_factory=dict)
    _genders: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    _sources: dict[Span, Found | None] = field(default_factory=dict)  # a source of several cues is resolved once
    _called: dict[str, str] = field(default_factory=dict)  # "journalist": who was introduced so

    def __post_init__(self) -> None:
        """Find once the fullest form of every name and what stands before it: every source then costs the same."""
        self.names = fullest_names(self.entities, self.text)
        self._bodies = Bodies(self.text, self.entities, self.names)
        self._first = next((one.index for one in self.sentences if one.kind == "sentence"), -1)
        self._turns = {one.paragraph for one in self.sentences if one.kind == "speaker"}
        for one in self.entities:
            self._by_sentence.setdefault(one.sentence, []).append(one)
            if one.label == "PERSON":
                before = self.text[max(0, one.start - 24) : one.start]
                female, male = self._genders.get(self.names[one], (False, False))
                self._genders[self.names[one]] = (
                    female or bool(_FEMALE.search(before)),
                    male or bool(_MALE.search(before)),
                )

    def _near(self, sentence: int, *, before: int = 0, after: int = 0) -> list[Entity]:
        """Give the entities of some sentences, in order."""
        around = range(max(0, sentence - before), sentence + after + 1)
        return [one for index in around for one in self._by_sentence.get(index, ())]

    def _spoke_before(self, sentence: int, *, within: int) -> Iterator[tuple[str, str, int]]:
        """Give who spoke in this sentence and the last ones, latest first, not across the turns of a transcript."""
        for one in self.spoke[: -_FAR_SENTENCES - 1 : -1]:
            if sentence - one[2] > within or not self._same_turn(one[2], sentence):
                return
            yield one

    def _same_turn(self, one: int, other: int) -> bool:
        before, here = self.sentences[one].paragraph, self.sentences[other].paragraph
        return before == here or not (before in self._turns or here in self._turns)

    def speaker_of(self, source: Span, sentence: int, *, inner: bool = False) -> str | None:
        """Resolve a source; None where the article does not safely say who is meant.

        ``inner`` tells a report within what another one of the sentence says, whose speaker later sentences mean.
        """
        if source not in self._sources:
            self._sources[source] = self._resolve(source, sentence)
        found = self._sources[source]
        if found is None:
            return None
        outer = self.spoke[-1] if inner and self.spoke and self.spoke[-1][2] == sentence else None
        if outer is None or (outer[1] == "PERSON") != (found[1] == "PERSON"):
            self.spoke.append((*found, sentence))
        return found[0]

    def _resolve(self, source: Span, sentence: int) -> Found | None:
        inside = [
            one
            for one in self._near(sentence)
            if source.start <= one.start and one.end <= source.end and one.label not in VALUES
        ]
        if found := self._person(source, inside) or self._surname(source, inside):
            return found
        if issued := ISSUED_BY.match(source.text):
            start = source.start + issued.end()
            return self._resolve(Span(start, source.end, self.text[start : source.end]), sentence)
        found = self._person_by_role(source, sentence, inside) if is_person(source.text) else None
        if found or is_person(source.text):
            return found
        return self._body(source, sentence, inside) or (None if inside else self._pronoun(source, sentence))

    def _person(self, source: Span, inside: Sequence[Entity]) -> Found | None:
        for person in inside:
            before = self.text[source.start : person.start]
            after = self.text[person.end : source.end].replace("\u2019", "'")
            if person.label != "PERSON" or _POSSESSED.match(after):
                continue
            if people := _PEOPLE_OF.match(after):
                article = ARTICLE.match(source.text)
                start = source.start + (article.end() if article else 0)
                return self.text[start : person.end + people.end()], "ORG"
            office = _OFFICE_BEFORE_NAME.search(before) and not _ELSEWHERE.search(before)
            if office or not _OF_ANOTHER.search(before):
                return self.names[person], "PERSON"
        return None

    def _surname(self, source: Span, inside: Sequence[Entity]) -> Found | None:
        """Read "Waters", that was not seen to be a name here or taken for a body, as the Jane Waters of the article."""
        if not _ONE_NAME.fullmatch(source.text) or any(one.label in _PLACES for one in inside):
            return None
        word = source.text.split()[-1]
        named = {name for one, name in self.names.items() if one.label == "PERSON" and name.endswith(f" {word}")}
        return (named.pop(), "PERSON") if len(named) == 1 else None

    def _person_by_role(self, source: Span, sentence: int, inside: Sequence[Entity]) -> Found | None:
        """Read "the minister", "the British historian" as the person whom the article calls so, or who spoke last."""
        noun = _head_noun(source.text).lower()
        if any(one.label == "PERSON" for one in inside):
            return None
        if _ARTICLE_A.match(source.text):
            return self._introduced(noun, sentence)
        if found := self._called_so(noun, sentence):
            return found
        if sentence == self._first and (found := self._introduced(noun, sentence)):
            return found
        again = _DEFINITE.match(source.text) and noun not in _OFFICES and not ROLE_TAIL.search(source.text)
        return self._last_person(noun, sentence) if again else None

    def _called_so(self, noun: str, sentence: int) -> Found | None:
        """Give the person beside whose name the word stands, last before the sentence or else just behind it."""
        if noun in self._called:
            return self._called[noun], "PERSON"
        around = self._near(sentence, before=_FAR_SENTENCES, after=_NEAR_SENTENCES + 1)
        people = [person for person in around if person.label == "PERSON" and person.sentence != sentence]
        before = [person for person in people if person.sentence < sentence]
        for person in (*reversed(before), *people[len(before) :]):
            if noun in self._titles(person):
                return self.names[person], "PERSON"
        return None

    def _introduced(self, noun: str, sentence: int) -> Found | None:
        """Read "a senior lawmaker" as the one person whom the next sentence names (and calls so, if not the second)."""
        people = [one for one in self._near(sentence + 1) if one.label == "PERSON" and one.sentence == sentence + 1]
        beside = {self.names[one] for one in self._near(sentence) if one.label == "PERSON"}
        people = [one for one in people if self.names[one] not in beside]
        early = {self.names[one]: one for one in people if self._is_early(one)}
        named = early or {self.names[one]: one for one in people}
        if len(named) != 1:
            return None
        name, person = named.popitem()
        if sentence != self._first and noun not in self._titles(person):
            return None
        self._called[noun] = name
        return name, "PERSON"

    def _last_person(self, noun: str, sentence: int) -> Found | None:
        """Read "the historian" as who spoke or was named last, unless that is somebody of another occupation."""
        spoke = self._spoke_before(sentence, within=2 * _NEAR_SENTENCES)
        last = next((one[:2] for one in spoke if one[1] == "PERSON" and one[2] < sentence), None)
        if last is None and sentence:
            last = self._only_person("", self.sentences[sentence].start, sentence - 1)
        if last is None or noun in _BROAD:
            return last
        near = self._near(sentence, before=_FAR_SENTENCES)
        titles = {word for one in near if self.names[one] == last[0] for word in self._titles(one)}
        return None if any(map(is_person, titles)) else last

    def _body(self, source: Span, sentence: int, inside: Sequence[Entity]) -> Found | None:
        own = any(one.label == "ORG" and one.text not in UMBRELLAS for one in inside)
        found = (None if own else self._meant(source, sentence, inside)) or self._bodies.named(source, inside)
        if found is None and (issuer := issuer_of(source.text)) and not inside:
            return self._issuer(issuer, source, sentence)
        core = ROLE_TAIL.sub("", source.text)  # "the group" of "the group led by John Doe"
        named = any(one.start < source.start + len(core) for one in inside)
        kind = Span(source.start, source.start + len(core), core) if inside else source
        return found or (None if named else self._of_kind(kind, sentence))

    def _meant(self, source: Span, sentence: int, inside: Sequence[Entity]) -> Found | None:
        """Read a description without a name of its own as the body that was, or is next, named."""
        known = {self.names[one] for one in inside} | UMBRELLAS
        return (
            self._spoken_as(source)
            or self._bodies.described(source)
            or self._body_introduced(source, sentence, known)
            or self._same_body(source, sentence, inside, known)
        )

    def _spoken_as(self, source: Span) -> Found | None:
        """Read "the health ministry" as "Egypt's health ministry" that spoke before."""
        article = _THE.match(source.text)
        words = source.text[article.end() :].lower() if article else ""
        for speaker, label, _ in self.spoke[: -_FAR_SENTENCES - 1 : -1] if " " in words else ():
            if label in BODY_LABELS and speaker.lower().endswith(words):
                return speaker, label
        return None

    def _body_introduced(self, source: Span, sentence: int, known: set[str]) -> Found | None:
        """Read "a rights group", "a published report" in the first sentence as the first body of the next ones."""
        noun = _head_noun(source.text).lower()
        if sentence != self._first or not (is_general(noun) or _PUBLISHED.match(source.text)):
            return None
        for one in self._near(sentence + 1, after=_NEAR_SENTENCES):
            if one.sentence > sentence and one.label == "ORG" and self._is_early(one) and self.names[one] not in known:
                return self.names[one], "ORG"
        return None

    def _same_body(self, source: Span, sentence: int, inside: Sequence[Entity], known: set[str]) -> Found | None:
        """Read "the New York-based group", "the U.N. agency" as the body that was spoken of before."""
        of_umbrella = any(one.text in UMBRELLAS for one in inside)
        if not _DEFINITE_BODY.match(source.text) or (of_umbrella and len(source.text.split()) > _AGENCY_WORDS):
            return None
        for speaker, label, _ in self._spoke_before(sentence, within=2 * _NEAR_SENTENCES):
            if label == "ORG" and speaker not in known:
                return speaker, label
        near = self._near(sentence - 1, before=1) if sentence else []
        named = [one for one in near if one.label == "ORG" and self.names[one] not in known]
        return (self.names[named[0]], "ORG") if named else None

    def _issuer(self, issuer: str, source: Span, sentence: int) -> Found | None:
        """Read "a military statement", "an interior ministry statement" as the body that issued it."""
        return (issuer, "ORG") if " " in issuer else self._spoken_of(issuer.lower(), source, sentence)

    def _of_kind(self, source: Span, sentence: int) -> Found | None:
        """Read "the statement" or "the military" as the body that spoke or was named so before."""
        kind = kind_meant(source.text)
        if kind is None:
            return None
        found = self._spoken_of(kind, source, sentence) if kind else self._sender(source, sentence)
        if found or _OF_NOBODY_YET.fullmatch(source.text):
            return found
        last = self._last_body(sentence)
        fits = last and (not kind or is_general(kind) or (last[1] == "GPE" and kind == "government"))
        return last if fits else None

    def _last_body(self, sentence: int) -> Found | None:
        """Give the body that spoke last, or that the nearest of the sentences before is about."""
        spoke = [one for one in self._spoke_before(sentence, within=_NEAR_SENTENCES + 1) if one[1] in BODY_LABELS]
        for where in range(sentence, max(-1, sentence - _NEAR_SENTENCES - 2), -1):
            if spoke and spoke[0][2] >= where:
                return spoke[0][:2]
            unit = self.sentences[where]
            if not self._same_turn(where, sentence):
                return None
            if where < sentence and (found := self._bodies.subject(self._near(where), unit.start, unit.end)):
                return found
        return None

    def _sender(self, source: Span, sentence: int) -> Found | None:
        """Read "a letter" in "The mayor Jane Doe wrote a letter calling for ..." as of whom the sentence is about."""
        unit = self.sentences[sentence]
        if _THE.match(source.text) or source.start == unit.start:
            return None
        body = self._bodies.subject(self._near(sentence), unit.start, source.start)
        person = self._only_person("", source.start, sentence) if body is None else None
        return body or (person if person and self._near(sentence)[0].start < source.start else None)

    def _spoken_of(self, kind: str, source: Span, sentence: int) -> Found | None:
        for speaker, label, where in self.spoke[: -_FAR_SENTENCES - 1 : -1]:
            if label in BODY_LABELS and kind in speaker.lower().split() and where < sentence:
                return speaker, label
        return self._bodies.mentioned(kind, source.start, ahead=sentence == self._first)

    def floating(self, quote: Span, sentence: int) -> str | None:
        """Give whose words a quote without source and cue is: who spoke, or was the only one named, just before it.

        Not where its full stop stands behind the marks: such a quote was part of a sentence that is lost.
        """
        if _CUT_LOOSE.search(unescape(quote.text)):
            return None
        for speaker, label, _ in self._spoke_before(sentence, within=1):
            if label == "PERSON":
                return speaker
        found = self._only_person("", quote.start, sentence)
        return found[0] if found else None

    def _pronoun(self, source: Span, sentence: int) -> Found | None:
        word = source.text.lower()
        if word == "it":
            return self._it(source, sentence)
        if word not in _PRONOUNS:
            return None
        for speaker, label, _ in self._spoke_before(sentence, within=_NEAR_SENTENCES):
            if label == "PERSON" and self._fits(speaker, word):
                return speaker, label
        return self._only_person(word, source.start, sentence) or self._topic(word, sentence)

    def _topic(self, pronoun: str, sentence: int) -> Found | None:
        """Give the first person of the nearest sentence before that names one: what comes first is gone on with.

        So centres go on from sentence to sentence (Grosz, Joshi and Weinstein, CL 1995).
        """
        for where in range(sentence - 1, max(-1, sentence - _TOPIC_SENTENCES - 1), -1):
            if not self._same_turn(where, sentence):
                return None
            unit = self.sentences[where]
            people = [one for one in self._near(where) if one.label == "PERSON" and unit.kind not in _ASIDE]
            if not people and _begins_with_person(self.text[unit.start : unit.end]):
                return None
            first = next((one for one in people if self._fits(self.names[one], pronoun)), None)
            if first and not self._stands_before(pronoun, first):
                return self.names[first], "PERSON"
        return None

    def _stands_before(self, pronoun: str, person: Entity) -> bool:
        """Tell whether a pronoun goes before the name in its sentence: "Then she met Ann Poe" is of somebody else."""
        start = self.sentences[person.sentence].start
        return bool(re.search(rf"\b{pronoun}\b", self.text[start : person.start], re.IGNORECASE))

    def _it(self, source: Span, sentence: int) -> Found | None:
        """Read "it" as the body that its sentence, or the one before, is about, else as the one that spoke last."""
        unit = self.sentences[sentence]
        if source.start - unit.start > _START_CHARS and not any(one[2] == sentence for one in self.spoke[-1:]):
            found = self._bodies.subject(self._near(sentence), unit.start, source.start)
            if found:
                return found
        return self._last_body(sentence)

    def _only_person(self, pronoun: str, before: int, sentence: int) -> Found | None:
        """Give the one person of this or the last sentence that names any, if it names only one.

        Sentences that begin with the pronoun are of the same person: "Jane Doe had a plan. She has withdrawn it."
        """
        last = sentence
        while last and pronoun and self._begins_with(last - 1, pronoun):
            last -= 1
        for where in range(sentence, max(-1, last - 2), -1):
            if not self._same_turn(where, sentence):
                return None
            names = {
                self.names[one]
                for one in self._near(where)
                if one.label == "PERSON"
                and one.end <= before
                and self._is_early(one)
                and self.sentences[where].kind not in _ASIDE
                and not (pronoun and self._stands_before(pronoun, one))
            }
            if len(names) > 1:
                return None
            for name in names:
                return (name, "PERSON") if self._fits(name, pronoun) else None
        return None

    def _begins_with(self, sentence: int, pronoun: str) -> bool:
        start = self.sentences[sentence].start
        return self.text[start : start + len(pronoun) + 1].lower() == f"{pronoun} "

    def _is_early(self, one: Entity) -> bool:
        return one.start - self.sentences[one.sentence].start <= _SUBJECT_CHARS

    def _fits(self, name: str, pronoun: str) -> bool:
        """Tell whether nothing that stands before a name speaks against the pronoun's gender."""
        female, male = self._genders.get(name, (False, False))
        if not pronoun:
            return True
        return not (female and not male) if pronoun == "he" else not (male and not female)

    def _titles(self, person: Entity) -> set[str]:
        """Give the words that stand before a name, and those of an apposition behind it."""
        unit = self.sentences[person.sentence]
        others = [one.end for one in self._near(unit.index) if one.label == "PERSON" and one.end <= person.start]
        before = self.text[max(unit.start, person.start - 60, *others) : person.start].lower().split()[-5:]
        after = self.text[person.end : min(unit.end, person.end + 80)].lower()
        apposition = re.findall(r"\w+", after.split(" said")[0]) if after.startswith(",") else []
        return {*(word.strip(",.'") for word in before), *apposition}


_THE = re.compile(r"the\s", re.IGNORECASE)
_OF_NOBODY_YET = re.compile(r"an? (?:[\w-]+ )*(?:report|study|survey|article|paper)", re.IGNORECASE)
_ARTICLE_A = re.compile(r"(?:an?|one|another|some)\s", re.IGNORECASE)
# Held by one at a time: another may be meant than who spoke last.
_OFFICES = listed(
    """
    president minister premier chancellor secretary governor mayor king queen prince pope judge prosecutor chief
    chairman chairwoman director ambassador head president-elect
    """
)
_BROAD = listed("leader official diplomat politician lawmaker statesman man woman spokesman spokeswoman spokesperson")
_AGENCY_WORDS = 3  # "the U.N. agency", not "the U.N. refugee agency"
_NO_PEOPLE = NOUNS | listed("letter power sector climate consulate senate another other either neither")


def _head_noun(source: str) -> str:
    return (ROLE_TAIL.sub("", source).split() or [""])[-1]


def _begins_with_person(sentence: str) -> bool:
    """Tell "The Oslo mayor left": somebody whom the article does not name there."""
    return sentence.startswith(("The ", "A ", "An ")) and any(map(is_person, sentence.split()[1:_SUBJECT_WORDS]))


def is_person(source: str) -> bool:
    """Tell "the former minister", "the historian" from names and from bodies."""
    noun = _head_noun(source)
    person = noun.islower() and _PERSON_NOUN.match(noun) and noun not in _NO_PEOPLE
    return noun.lower() in ROLES or bool(person)
