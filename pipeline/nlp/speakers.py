"""What stands as source of a report in, the name of who is meant out: within the sentence, and across sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.nlp.names import fullest_names
from pipeline.nlp.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.spans import Entity, Sentence, Span

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
_OFFICE_BEFORE_NAME = re.compile(rf"\b(?:for|to|of) (?:the )?[A-Z]\w*(?: (?!{_TITLES}\b)[A-Z]\w*)*\s$")
_ELSEWHERE = re.compile(r"\b(?:spokes\w+|lawyers?|aides?|advisers?)\b", re.IGNORECASE)
_POSSESSED = re.compile(r"\s?'s? \w|\s(?:spokes\w+|lawyer|aide|adviser)\b")
_PEOPLE_OF = re.compile(r"\s(?:administration|government|campaign|cabinet)\b")
_DEFINITE_PERSON = re.compile(
    r"the (?:\S+ ){0,3}\w+(?:ist|ian|er|or|man|woman|ant|ate|crat|chief|leader|diplomat)$", re.IGNORECASE
)
_DEFINITE_BODY = re.compile(
    r"the (?:\S+ ){1,3}(?:group|organization|agency|company|network|union|firm)$", re.IGNORECASE
)
_INDEFINITE = re.compile(r"(?:a|an)\s|\S+'s\s", re.IGNORECASE)
_UMBRELLAS = frozenset({"U.N.", "UN", "United Nations", "EU", "European Union"})
_WITH_OTHERS = re.compile(r"\s?,? and (?:its|their) (?:\w+ ){0,2}(?:allies|partners)$")
_ISSUE_TAIL = re.compile(
    r"\s+(?:statement|report|announcement)s?(?:\s+(?:released|issued|published)\b.*)?$", re.IGNORECASE
)
_FEMALE = re.compile(
    r"\b(?:Mrs|Ms|Miss|Lady|Queen|Princess|Madame|Sister|spokeswoman|chairwoman|congresswoman|actress|her|herself|she)\b"
)
_MALE = re.compile(
    r"\b(?:Mr|Sir|Lord|King|Prince|Sheikh|Pope|Father|spokesman|chairman|congressman|actor|his|himself|he)\b"
)
_ROLES = listed(
    """
    president minister premier chancellor secretary spokesman spokeswoman spokesperson chief leader chairman
    chairwoman director senator governor mayor general commander ambassador envoy king queen prince pope judge
    prosecutor lawyer attorney professor analyst author economist officer head official coach captain player candidate
    congressman congresswoman representative lawmaker bishop archbishop colonel major admiral doctor scientist
    researcher activist actor actress singer writer editor founder
    """
)
_BODIES = frozenset({"ORG", "GPE", "NORP", "FAC", "LOC"})
# Bodies that speak as one: "Ethiopia's government", "Polish authorities".
_COLLECTIVE_WORDS = (
    "governments? police military army navy ministry authorities parliament courts? party department agency council "
    "company group media administration embassy bank union commission radio television TV newspaper cabinet opposition "
    "leaders forces officials coalition rebels troops doctors prosecutors investigators lawmakers"
)
_COLLECTIVES = re.compile(rf"\b(?:{'|'.join(_COLLECTIVE_WORDS.split())})$", re.IGNORECASE)
# What a body issues, or who stands for it unnamed: the body speaks.
_ISSUED = re.compile(
    r"\b(?:reports?|statements?|officials?|sources|leaders|members|gunmen|commanders|executives|investigators|resolution|announcement|"
    r"website|survey|poll|study|letter|communique|documents?|filing|lawyers|authorities|representatives)\b",
    re.IGNORECASE,
)
_ANAPHORS = re.compile(
    r"(?:the|this|that|its|a|an)\s+(?:\w+\s+){0,2}?(statement|report|reports|group|organization|agency|newspaper|paper|company|"
    r"ministry|government|military|army|police|party|letter|study|survey|document|announcement|bank|court|commission|"
    r"council|union|website|broadcast|station|network|body|department|firm|institute|radio|television|article|office|"
    r"announcement|force)(?:\s+also)?$",
    re.IGNORECASE,
)
_SPOKESMAN = re.compile(r"\bspokes(?:man|woman|person|men|people)\b", re.IGNORECASE)
_PLACE_PHRASE = re.compile(r"\s+(?:in|at|from|near|outside|on)\s.*$")
_OF_PLACE = re.compile(r"(?:government|military|army|parliament|police) of [A-Z][\w.' ]+$")
_FROM = re.compile(
    r"(?:\w+ ){0,2}(?:officials|members|gunmen|leaders|sources|report|statement)\b.* (?:from|of|by) (?:the )?$",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"(?:some|several|many|most|neither|no|critics|other|others|two|three|four|few|both)\b", re.IGNORECASE
)
_AND = re.compile(r"\band\b")
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_ROLE_TAIL = re.compile(r"(?:\s+(?:of|to|in|for|at|from)\s.*|,.*)$")
_NEAR_SENTENCES = 2
_FAR_SENTENCES = 60
_SUBJECT_CHARS = 60  # a name that starts later in its sentence is seldom what the sentence is about


@dataclass(slots=True)
class Discourse:
    """What an article has said so far: who spoke last, in which sentence."""

    text: str
    sentences: Sequence[Sentence]
    entities: Sequence[Entity]
    names: dict[Entity, str] = field(init=False)
    spoke: list[tuple[str, str, int]] = field(default_factory=list)  # speaker, label, sentence
    _by_sentence: dict[int, list[Entity]] = field(default_factory=dict)
    _genders: dict[str, tuple[bool, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find once the fullest form of every name and what stands before it: every source then costs the same."""
        self.names = fullest_names(self.entities, self.text)
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

    def speaker_of(self, source: Span, sentence: int) -> str | None:
        """Resolve a source; None where the article does not safely say who is meant."""
        inside = [one for one in self._near(sentence) if source.start <= one.start and one.end <= source.end]
        found = self._person(source, inside) or self._same_body(source, sentence, inside) or self._body(source, inside)
        if found is None and not inside:
            found = self._pronoun(source, sentence) or self._anaphor(source, sentence)
        if found is None and not any(one.label == "PERSON" for one in inside):
            found = self._role(source, sentence) or self._described(source, sentence) or self._issuer(source, inside)
        if found is None:
            return None
        self.spoke.append((*found, sentence))
        return found[0]

    def _person(self, source: Span, inside: Sequence[Entity]) -> tuple[str, str] | None:
        for person in inside:
            before = self.text[source.start : person.start]
            after = self.text[person.end : source.end].replace("\u2019", "'")
            if person.label != "PERSON" or _POSSESSED.match(after):
                continue
            if people := _PEOPLE_OF.match(after):
                article = _ARTICLE.match(source.text)
                start = source.start + (article.end() if article else 0)
                return self.text[start : person.end + people.end()], "ORG"
            office = _OFFICE_BEFORE_NAME.search(before) and not _ELSEWHERE.search(before)
            if office or not _OF_ANOTHER.search(before):
                return self.names[person], "PERSON"
        return None

    def _same_body(self, source: Span, sentence: int, inside: Sequence[Entity]) -> tuple[str, str] | None:
        """Read "the New York-based group", "the U.N. agency" as the body that was spoken of before."""
        if not _DEFINITE_BODY.match(source.text) or any(
            one.label == "ORG" and one.text not in _UMBRELLAS for one in inside
        ):
            return None
        known = {self.names[one] for one in inside}
        for speaker, label, where in self.spoke[: -_FAR_SENTENCES - 1 : -1]:
            if label == "ORG" and speaker not in known and sentence - where <= 2 * _NEAR_SENTENCES:
                return speaker, label
        near = self._near(sentence - 1, before=1) if sentence else []
        named = [one for one in near if one.label == "ORG" and self.names[one] not in known | _UMBRELLAS]
        return (self.names[named[0]], "ORG") if named else None

    def _described(self, source: Span, sentence: int) -> tuple[str, str] | None:
        """Read "the British historian" as who spoke last, "a senior official" at the start as who is named next."""
        if _DEFINITE_PERSON.match(source.text):
            for speaker, label, where in self.spoke[: -_FAR_SENTENCES - 1 : -1]:
                if label == "PERSON" and 0 < sentence - where <= 2 * _NEAR_SENTENCES:
                    return speaker, label
            return self._only_person("", source.start, sentence) if sentence else None
        if (
            sentence != self.sentences[0].index
            or not _INDEFINITE.match(source.text)
            or sentence + 1 >= len(self.sentences)
        ):
            return None
        people = {self.names[one] for one in self._near(sentence + 1) if one.label == "PERSON" and self._is_early(one)}
        last = _ROLE_TAIL.sub("", source.text.lower()).split()[-1:]
        is_person = bool(last) and (last[0] in _ROLES or bool(_DEFINITE_PERSON.match(f"the {last[0]}")))
        return (people.pop(), "PERSON") if is_person and len(people) == 1 else None

    def _issuer(self, source: Span, inside: Sequence[Entity]) -> tuple[str, str] | None:
        """Read "a military statement", "an interior ministry statement" as the body that issued it."""
        article = _ARTICLE.match(source.text)
        issued = source.text[article.end() if article else 0 :]
        core = _ISSUE_TAIL.sub("", issued)
        if inside or core == issued or not _COLLECTIVES.search(core):
            return None
        noun = core.lower().split()[-1]
        for speaker, label, _ in reversed(self.spoke):
            if label in _BODIES and noun in speaker.lower().split():
                return speaker, label
        return (core, "ORG") if " " in core else None

    def _body(self, source: Span, inside: Sequence[Entity]) -> tuple[str, str] | None:
        """Give the body that a source names: itself, what it issued, or a part of it that speaks as one."""
        article = _ARTICLE.match(source.text)
        start = source.start + (article.end() if article else 0)
        bodies = [body for body in inside if body.label in _BODIES]
        head = _ROLE_TAIL.sub("", source.text.lower()).split()[-1:]
        if not bodies or _SPOKESMAN.search(source.text) or _SOME.match(source.text) or (head and head[0] in _ROLES):
            return None
        others = _WITH_OTHERS.fullmatch(self.text, bodies[0].end, source.end)
        if (bodies[0].end == source.end or others) and bodies[0].start <= start:
            return self.names.get(bodies[0], bodies[0].text), bodies[0].label
        if _AND.search(self.text, bodies[0].end, bodies[-1].end):
            return self.text[start : source.end], "ORG"
        return self._part_of_body(start, source.end, bodies)

    def _part_of_body(self, start: int, end: int, bodies: Sequence[Entity]) -> tuple[str, str] | None:
        """Read "the Xinhua news agency", "Norway's government", "NATO officials", "a statement from the ministry"."""
        core = _PLACE_PHRASE.sub("", self.text[start:end])
        first = bodies[0]
        named = self.names.get(first, first.text), first.label
        organisations = [body for body in bodies if body.label in {"ORG", "FAC"} and body.start < start + len(core)]
        if organisations and organisations[-1].text in _UMBRELLAS and _COLLECTIVES.search(core):
            return core, "ORG"
        if organisations:
            return self.names.get(organisations[-1], organisations[-1].text), "ORG"
        if _COLLECTIVES.search(core) and first.start < start + len(core):
            return core, "ORG"
        if _OF_PLACE.match(self.text, start, end):
            return self.text[start:end], "ORG"
        issued = _ISSUED.search(core) and first.start == start
        issuer = _ISSUE_TAIL.sub("", core)
        if issued and issuer != core and _COLLECTIVES.search(issuer):
            return issuer, "ORG"
        return named if issued or _FROM.match(self.text, start, first.start) else None

    def floating(self, quote: Span, sentence: int) -> str | None:
        """Give whose words a quote without source and cue is: who spoke, or was the only one named, just before it."""
        for speaker, label, where in reversed(self.spoke):
            if sentence - where > 1:
                break
            if label == "PERSON":
                return speaker
        found = self._only_person("", quote.start, sentence)
        return found[0] if found else None

    def _anaphor(self, source: Span, sentence: int) -> tuple[str, str] | None:
        """Read "the statement" or "the military" as the body that spoke or was named so before."""
        match = _ANAPHORS.fullmatch(source.text)
        if not match:
            return None
        noun = match.group(1).lower()
        for speaker, label, where in self.spoke[: -_FAR_SENTENCES - 1 : -1]:
            if label in _BODIES and noun in speaker.lower().split() and where < sentence:
                return speaker, label
        near = [
            one
            for one in self.spoke[-_FAR_SENTENCES:]
            if 0 <= sentence - one[2] <= _NEAR_SENTENCES + 1 and one[1] in _BODIES
        ]
        return near[-1][:2] if near else None

    def _pronoun(self, source: Span, sentence: int) -> tuple[str, str] | None:
        word = source.text.lower()
        if word == "it":
            recent = self.spoke[-1] if self.spoke else None
            near = recent is not None and sentence - recent[2] <= _NEAR_SENTENCES and recent[1] in _BODIES
            return recent[:2] if near and recent is not None else None
        if word not in _PRONOUNS:
            return None
        for speaker, label, where in reversed(self.spoke):
            if sentence - where > _NEAR_SENTENCES:
                break
            if label == "PERSON":
                return (speaker, label) if self._fits(speaker, word) else None
        return self._only_person(word, source.start, sentence)

    def _only_person(self, pronoun: str, before: int, sentence: int) -> tuple[str, str] | None:
        """Give the one person of this or the last sentence that names any, if it names only one."""
        for where in range(sentence, max(-1, sentence - 2), -1):
            names = {
                self.names[one]
                for one in self._near(where)
                if one.label == "PERSON" and one.end <= before and self._is_early(one)
            }
            if len(names) > 1:
                return None
            for name in names:
                return (name, "PERSON") if self._fits(name, pronoun) else None
        return None

    def _is_early(self, one: Entity) -> bool:
        return one.start - self.sentences[one.sentence].start <= _SUBJECT_CHARS

    def _fits(self, name: str, pronoun: str) -> bool:
        """Tell whether nothing that stands before a name speaks against the pronoun's gender."""
        female, male = self._genders.get(name, (False, False))
        if not pronoun:
            return True
        return not (female and not male) if pronoun == "he" else not (male and not female)

    def _role(self, source: Span, sentence: int) -> tuple[str, str] | None:
        """Read "the minister" or "France's foreign minister" as the person whom the article calls so."""
        head = _ROLE_TAIL.sub("", source.text.lower())
        words = head.split()
        if not words or words[-1] not in _ROLES or words[0] in {"a", "an", "another", "one"}:
            return None
        around = self._near(sentence, before=_FAR_SENTENCES, after=_NEAR_SENTENCES + 1)
        people = [person for person in around if person.label == "PERSON"]
        before = [person for person in people if person.sentence < sentence]
        after = [person for person in people if person.sentence > sentence]
        for person in (*reversed(before), *after):
            if words[-1] in self._titles(person):
                return self.names[person], "PERSON"
        named = {self.names[person] for person in after if person.sentence == sentence + 1}
        if sentence == self.sentences[0].index and len(named) == 1:
            return named.pop(), "PERSON"
        return None

    def _titles(self, person: Entity) -> set[str]:
        """Give the words that stand before a name, and those of an apposition behind it."""
        unit = self.sentences[person.sentence]
        before = self.text[max(unit.start, person.start - 60) : person.start].lower().split()[-5:]
        after = self.text[person.end : min(unit.end, person.end + 80)].lower()
        apposition = re.findall(r"\w+", after.split(" said")[0]) if after.startswith(",") else []
        return {*(word.strip(",.'") for word in before), *apposition}
