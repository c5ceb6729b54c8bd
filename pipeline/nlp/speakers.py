"""What stands as source of a report in, the name of who is meant out: within the sentence, and across sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import zip_longest
from typing import TYPE_CHECKING

from pipeline.nlp.bodies import (
    ARTICLE,
    BODY_LABELS,
    ISSUED_BY,
    NAMED_BODIES,
    NATIONS,
    UMBRELLAS,
    Bodies,
    is_general,
    issuer_of,
    kind_meant,
)
from pipeline.nlp.names import VALUES, fullest_names
from pipeline.nlp.nouns import (
    BROAD,
    DEPARTMENTS,
    OFFICES,
    ROLE_TAIL,
    ROLES,
    STATE,
    SYNONYMS,
    company_noun,
    head_noun,
    is_person,
)
from pipeline.nlp.spans import Span
from pipeline.nlp.titles import genders_before, titles_beside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pipeline.nlp.spans import Entity, Sentence

_PRONOUNS = frozenset({"he", "she"})
_TITLES = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|President|Prime Minister|Minister|General|Gen|Senator|Sen|Secretary|King|Prince|Sheikh|Pope)"
)
# "a spokesman for Smith", "Smith's lawyer", "the family of the late minister Smith": somebody else speaks.
_RELATIVES = (
    "family|relatives?|wife|widow|husband|sons?|daughters?|brothers?|sisters?|mother|father|parents|friends?|ally|allies|"
    "supporters?|followers?|backers|critics?|opponents?|rivals?|victims?|colleagues?|lawyers?|attorneys?|doctors?|"
    "office|trial|deputy|biographer|advisers?|aides?"
)
_OF_ANOTHER = re.compile(
    r"\b(?:(?:for|to|by|with|against|than|from|on)\s[^,]*"
    rf"|(?:{_RELATIVES}) of\s[^,]*"
    r"|of(?: the)?(?: (?:former|late|ousted|deposed))?(?: [A-Z]\w+(?:ian|ish|ese|an|i))?"
    rf"(?: (?:late )?{_TITLES}\.?)?\s*)$",
    re.IGNORECASE,
)
# "Deputy Director for Safeguards Jane Doe": what follows the preposition is a name of its own, then comes hers.
_OFFICE_BEFORE_NAME = re.compile(
    rf"\b(?:for|to|of) (?:the )?[A-Z]\w*(?: (?!{_TITLES}\b)[A-Z]\w*)*(?: (?:province|region|state|district))?"
    r"\s(?:(?:Mr|Mrs|Ms|Dr)\.? )?$"
)
_ELSEWHERE = re.compile(r"\b(?:spokes\w+|lawyers?|aides?|advisers?)\b", re.IGNORECASE)
_POSSESSED = re.compile(r"\s?'s? \w|\s(?:spokes\w+|lawyer|aide|adviser)\b")
_RANK = re.compile(r"(?: [A-Z][\w.]*)* ")  # "Brigadier General John Doe", of which the first is no name
_NEXT_WORD = re.compile(r"\s([a-z]+)\b")
_PEOPLE_OF = re.compile(r"\s(?:administration|government|campaign|cabinet)\b")
_ONE_NAME = re.compile(rf"(?:{_TITLES}\.? )?[A-Z][\w'\u2019-]+")
_NAMED_OTHERWISE = frozenset({"PERSON", "GPE", "NORP", "LOC"})
_DEFINITE = re.compile(r"(?:the|this|that)\s", re.IGNORECASE)
_SET_OFF = re.compile(r"^[^,]*\b(?:Inc|Corp|Co|Ltd|PLC)\.?, $")  # "Acme Inc., Jane Heights, N.J."
_ANOTHER = re.compile(r"\w+ (?:other|first|second|third|fourth|next|same)\s", re.IGNORECASE)
_PUBLISHED = re.compile(r"an? (?:published|newspaper|news|media|press) report$", re.IGNORECASE)
_DEFINITE_BODY = re.compile(r"[Tt]he (?:\S+ ){1,3}(?:group|organization|agency|company|network|union|firm)$")
_NEAR_SENTENCES = 2
_ASIDE = frozenset({"byline", "caption"})
_TOPIC_SENTENCES = 3
_SUBJECT_WORDS = 5
_FAR_SENTENCES = 60
_NAME_FIRST_CHARS = 12  # of a sentence: "But Mr. Doe"
_SUBJECT_CHARS = 60  # a name that starts later in its sentence is seldom what the sentence is about
_START_CHARS = 15  # of a sentence: "But it said"
_JOINED = re.compile(r"\b(?:and|but|when|after|because|as|while|since|before) $")
_ROLE_FIRST = re.compile(r"The (?:[\w.'\u2019-]+ ){0,3}?([a-z]+)\b(?!['\u2019-])")
_ISSUE_VERBS = (
    "issued|released|published|made|wrote|sent|signed|gave|posted|read|adopted|passed|approved|delivered|presented|"
    "unveiled|issuing|releasing|publishing|adopting|passing"
)
_ISSUES = re.compile(rf"\b(?:{_ISSUE_VERBS}) $")
_ISSUED_BY_THE = re.compile(
    rf"\b([Tt]he (?:(?!the\b)[a-z][\w-]* ){{0,2}}[a-z][\w-]*) (?:(?:has|have|had|also|later) )*(?:{_ISSUE_VERBS}) $"
)
_KNOWN = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.? $")
_KNOWN_CHARS = 6
_SAYS = re.compile(r",? (?:said|says|told|announced|warned|added)\b")
_STEM = 4  # letters that "Syria" and "Syrian" share
_CUT_LOOSE = re.compile(r"[\"'\u2019\u201d\u00bb]\.$")
_THE = re.compile(r"the\s", re.IGNORECASE)
_OF_NOBODY_YET = re.compile(r"an? (?:[\w-]+ )*(?:report|study|survey|article|paper)", re.IGNORECASE)
_ARTICLE_A = re.compile(r"(?:an?|one|another|some)\s", re.IGNORECASE)
_AGENCY_WORDS = 3  # "the U.N. agency", not "the U.N. refugee agency"
Found = tuple[str, str]  # a speaker and the label of the name


@dataclass(slots=True)
class Discourse:
    """What an article has said so far: who spoke last, in which sentence."""

    text: str
    sentences: Sequence[Sentence]
    entities: Sequence[Entity]
    names: dict[Entity, str] = field(init=False)
    spoke: list[tuple[str, str, int]] = field(default_factory=list)  # speaker, label, sentence
    _all_names: frozenset[str] = field(init=False)
    _bodies: Bodies = field(init=False)
    _first: int = field(init=False)  # the first sentence behind headline and byline
    _turns: set[int] = field(init=False)  # paragraphs of a transcript
    _by_sentence: dict[int, list[Entity]] = field(default_factory=dict)
    _by_surname: dict[str, set[str]] = field(default_factory=dict)
    _genders: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    _sources: dict[Span, Found | None] = field(default_factory=dict)  # a source of several cues is resolved once
    _unresolved: int = -1  # the last sentence with a pronoun that nobody is known for
    _title_words: dict[int, set[str]] = field(default_factory=dict)  # by where the name starts
    _called: dict[str, str] = field(default_factory=dict)  # "journalist": who was introduced so

    def __post_init__(self) -> None:
        """Find once the fullest form of every name and what stands before it: every source then costs the same."""
        self.names = fullest_names(self.entities, self.text)
        self._all_names = frozenset(self.names.values())
        self._bodies = Bodies(self.text, self.entities, self.names)
        self._first = next((one.index for one in self.sentences if one.kind == "sentence"), -1)
        self._turns = {one.paragraph for one in self.sentences if one.kind == "speaker"}
        last = 0
        for one in self.entities:
            self._by_sentence.setdefault(one.sentence, []).append(one)
            if one.label == "PERSON":
                female, male = genders_before(self.text, last, one.start)
                known = self._genders.get(self.names[one], (False, False))
                self._genders[self.names[one]] = (female or known[0], male or known[1])
                last = one.end
                if " " in self.names[one]:
                    self._by_surname.setdefault(self.names[one].rpartition(" ")[2], set()).add(self.names[one])

    def _near(self, sentence: int, *, before: int = 0, after: int = 0) -> list[Entity]:
        """Give the entities of some sentences, in order."""
        around = range(max(0, sentence - before), sentence + after + 1)
        return [one for index in around for one in self._by_sentence.get(index, ())]

    def _latest(self) -> Sequence[tuple[str, str, int]]:
        """Give who spoke, latest first, as far back as anybody is looked for."""
        return self.spoke[: -_FAR_SENTENCES - 1 : -1]

    def _spoke_before(self, sentence: int, *, within: int) -> Iterator[tuple[str, str, int]]:
        """Give who spoke in this sentence and the last ones, latest first, not across the turns of a transcript."""
        for one in self._latest():
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
            self._note_unnamed(source, sentence)
            return None
        outer = self.spoke[-1] if inner and self.spoke and self.spoke[-1][2] == sentence else None
        of_somebody = inner and self._unresolved == sentence and found[1] == "PERSON"  # "he said that Jane Doe thought"
        if not of_somebody and (outer is None or (outer[1] == "PERSON") != (found[1] == "PERSON")):
            self.spoke.append((*found, sentence))
        return found[0]

    def _note_unnamed(self, source: Span, sentence: int) -> None:
        """Note that somebody unnamed spoke, who is meant by the next pronoun: "a spokesman", "another official"."""
        if source.text.lower() in _PRONOUNS:
            self._unresolved = sentence
        elif is_person(source.text) and (not _DEFINITE.match(source.text) or _ANOTHER.match(source.text)):
            self.spoke.append(("", "PERSON", sentence))

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
        if is_person(source.text):
            return self._person_by_role(source, sentence, inside)
        return self._body(source, sentence, inside) or (None if inside else self._pronoun(source, sentence))

    def _person(self, source: Span, inside: Sequence[Entity]) -> Found | None:
        for person, following in zip_longest(inside, inside[1:]):
            before = self.text[source.start : person.start]
            after = self.text[person.end : source.end].replace("\u2019", "'")
            if person.label != "PERSON" or _POSSESSED.match(after) or _names_role(after):
                continue
            if following and following.label == "PERSON" and _RANK.fullmatch(self.text, person.end, following.start):
                continue
            if _SET_OFF.search(before) and any(one.end < person.start and one.label == "ORG" for one in inside):
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
        if not _ONE_NAME.fullmatch(source.text) or any(one.label in _NAMED_OTHERWISE for one in inside):
            return None
        word = source.text.split()[-1]
        named = self._by_surname.get(word, set())
        return (next(iter(named)), "PERSON") if len(named) == 1 else None

    def _person_by_role(self, source: Span, sentence: int, inside: Sequence[Entity]) -> Found | None:
        """Read "the minister", "the British historian" as the person whom the article calls so, or who spoke last."""
        noun = head_noun(source.text).lower()
        core = source.start + len(ROLE_TAIL.sub("", source.text))
        if any(one.label == "PERSON" and one.start < core for one in inside):
            return None
        if _ARTICLE_A.match(source.text):
            return self._introduced(noun, sentence)
        nations = {one.text[:_STEM].lower() for one in inside if one.label in NATIONS and one.start < core}
        if nations and (found := self._of_nation(noun, nations, source.start, sentence)):
            return found
        field = DEPARTMENTS.intersection(source.text.lower().split())
        if found := self._called_so(noun, field, sentence):
            return found
        if sentence == self._first and (found := self._introduced(noun, sentence)):
            return found
        again = (
            _DEFINITE.match(source.text)
            and not _ANOTHER.match(source.text)
            and noun not in OFFICES
            and not ROLE_TAIL.search(source.text)
        )
        return self._last_person(noun, sentence) if again else None

    def _called_so(self, noun: str, field: Collection[str], sentence: int) -> Found | None:
        """Give the person beside whose name the word stands, last before the sentence or else just behind it.

        ``field`` holds what the office is for: "the defense minister" is no prime minister.
        """
        if noun in self._called:
            return self._called[noun], "PERSON"
        around = self._near(sentence, before=_FAR_SENTENCES, after=_NEAR_SENTENCES + 1)
        people = [person for person in around if person.label == "PERSON" and person.sentence != sentence]
        before = [person for person in people if person.sentence < sentence]
        nouns = {noun, *SYNONYMS.get(noun, ())}
        for person in (*reversed(before), *people[len(before) :]):
            titles = self._titles(person)
            other = field and not DEPARTMENTS.isdisjoint(titles) and titles.isdisjoint(field)
            if not nouns.isdisjoint(titles) and not other:
                return self.names[person], "PERSON"
        return None

    def _of_nation(self, noun: str, nations: set[str], before: int, sentence: int) -> Found | None:
        """Read "the Syrian leader" as the one who was called Syrian, or of Syria, beside the name last."""
        near = self._near(sentence, before=_FAR_SENTENCES)
        for person in (one for one in reversed(near) if one.label == "PERSON" and one.end <= before):
            titles = self._titles(person)
            fits = noun in titles or (noun in BROAD and any(map(is_person, titles)))
            if fits and nations & {word[:_STEM] for word in titles}:
                return self.names[person], "PERSON"
        return None

    def _introduced(self, noun: str, sentence: int) -> Found | None:
        """Read "a senior lawmaker" as the one person whom the next sentence names (and calls so, if not the second)."""
        people = [one for one in self._near(sentence + 1) if one.label == "PERSON" and one.sentence == sentence + 1]
        beside = {self.names[one] for one in self._near(sentence) if one.label == "PERSON"}
        people = [one for one in people if self.names[one] not in beside]
        called = {self.names[one]: one for one in people if noun in self._titles(one)}
        first = {self.names[one]: one for one in people if self._is_first_named(one)}
        named = called or (first if sentence == self._first else {})
        if len(named) != 1:
            return None
        name = next(iter(named))
        self._called[noun] = name
        return name, "PERSON"

    def _last_person(self, noun: str, sentence: int) -> Found | None:
        """Read "the historian" as who spoke or was named last, unless that is somebody of another occupation."""
        spoke = self._spoke_before(sentence, within=2 * _NEAR_SENTENCES)
        last = next((one[:2] for one in spoke if one[1] == "PERSON" and one[2] < sentence), None)
        if last and not last[0]:
            return None
        if last is None and sentence:
            last = self._named_subject(sentence - 1) or self._only_person(
                "", self.sentences[sentence].start, sentence - 1
            )
        if last is None or noun in BROAD:
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
        for speaker, label, _ in self._latest() if " " in words else ():
            if label in BODY_LABELS and speaker.lower().endswith(words):
                return speaker, label
        return None

    def _body_introduced(self, source: Span, sentence: int, known: set[str]) -> Found | None:
        """Read "a rights group", "a published report" in the first sentence as the first body of the next ones."""
        noun = head_noun(source.text).lower()
        if sentence != self._first or not (is_general(noun) or _PUBLISHED.match(source.text)):
            return None
        for one in self._near(sentence + 1, after=_NEAR_SENTENCES):
            named = one.label in NAMED_BODIES and self.names[one] not in known
            if one.sentence > sentence and named and self._is_early(one):
                return self.names[one], "ORG"
        return None

    def _same_body(self, source: Span, sentence: int, inside: Sequence[Entity], known: set[str]) -> Found | None:
        """Read "the New York-based group", "the U.N. agency" as the body that was spoken of before."""
        of_umbrella = any(one.text in UMBRELLAS for one in inside)
        trade = company_noun(source.text)
        if of_umbrella and len(source.text.split()) > _AGENCY_WORDS:
            return None
        if not (trade or _DEFINITE_BODY.match(source.text)):
            return None
        if found := self._last_body(sentence, within=2 * _NEAR_SENTENCES, unlike=known, labels=NAMED_BODIES, but=STATE):
            return found
        near = self._near(sentence - 1, before=1) if sentence else []
        named = [one for one in near if one.label == "ORG" and self.names[one] not in known]
        return (self.names[named[0]], "ORG") if named else self._only_company(trade)

    def _only_company(self, trade: str | None) -> Found | None:
        """Read "the company" as the one company that spoke so far."""
        bodies = (one[0] for one in self._latest() if one[1] == "ORG")
        spoke = {body for body in bodies if _last_word(body) not in STATE}
        return (spoke.pop(), "ORG") if trade and len(spoke) == 1 else None

    def _issuer(self, issuer: str, source: Span, sentence: int) -> Found | None:
        """Read "a military statement", "an interior ministry statement" as the body that issued it."""
        return (issuer, "ORG") if " " in issuer else self._spoken_of(issuer.lower(), source, sentence)

    def _of_kind(self, source: Span, sentence: int) -> Found | None:
        """Read "the statement" or "the military" as the body that spoke or was named so before."""
        kind = kind_meant(source.text)
        if kind is None:
            return None
        found = self._spoken_of(kind, source, sentence) if kind else self._sender(source, sentence)
        general = is_general(kind)
        if found and general and found[0] not in self._all_names:  # "a Dutch newspaper", that has been named since
            found = self._last_body(sentence, labels=NAMED_BODIES, but=STATE) or found
        begun = source.start - self.sentences[sentence].start > _START_CHARS and not _DEFINITE.match(source.text)
        if found or _OF_NOBODY_YET.fullmatch(source.text) or (begun and not kind):
            return found
        labels, but = (NAMED_BODIES, STATE) if general else (BODY_LABELS, ())
        last = self._last_body(sentence, labels=labels, but=but) or self._only_company(company_noun(source.text))
        if kind == "government" and not (last and last[1] == "GPE"):
            return self._last_country(sentence)
        fits = last and (not kind or general or kind == "government")
        return last if fits else None

    def _last_country(self, sentence: int) -> Found | None:
        """Give the country that the nearest of the sentences before begins with: "China's top official said ..."."""
        for where in range(sentence - 1, max(-1, sentence - _NEAR_SENTENCES - 1), -1):
            first = next(iter(self._near(where)), None)
            if first and first.label == "GPE" and first.start - self.sentences[where].start <= _NAME_FIRST_CHARS:
                return self.names[first], "GPE"
        return None

    def _last_body(
        self,
        sentence: int,
        *,
        within: int = _NEAR_SENTENCES + 1,
        unlike: Collection[str] = (),
        labels: Collection[str] = BODY_LABELS,
        but: Collection[str] = (),
    ) -> Found | None:
        """Give the body that spoke last, or that the nearest of the sentences before is about."""
        spoke = [
            one
            for one in self._spoke_before(sentence, within=within)
            if one[1] in labels and one[0] not in unlike and _last_word(one[0]) not in but
        ]
        for where in range(sentence, max(-1, sentence - within - 1), -1):
            if spoke and spoke[0][2] >= where:
                return spoke[0][:2]
            unit = self.sentences[where]
            if not self._same_turn(where, sentence):
                return None
            found = self._bodies.subject(self._near(where), unit.start, unit.end) if where < sentence else None
            if found and found[0] not in unlike and found[1] in labels and _last_word(found[0]) not in but:
                return found
        return None

    def _sender(self, source: Span, sentence: int) -> Found | None:
        """Read "a letter" in "The mayor Jane Doe wrote a letter calling for ..." as of whom the sentence is about."""
        unit = self.sentences[sentence]
        if _THE.match(source.text) or source.start == unit.start:
            return None
        if not _ISSUES.search(self.text, unit.start, source.start):
            return None
        if by := _ISSUED_BY_THE.search(self.text, unit.start, source.start):
            return self._resolve(Span(by.start(1), by.end(1), by.group(1)), sentence)
        body = self._bodies.subject(self._near(sentence), unit.start, source.start)
        person = self._only_person("", source.start, sentence) if body is None else None
        return body or (person if any(one.start < source.start for one in self._near(sentence)) else None)

    def _spoken_of(self, kind: str, source: Span, sentence: int) -> Found | None:
        for speaker, label, where in self._latest():
            if label in BODY_LABELS and kind in speaker.lower().split() and where < sentence:
                return speaker, label
        return self._bodies.mentioned(kind, source.start, ahead=sentence == self._first)

    def floating(self, quote: Span, sentence: int) -> str | None:
        """Give whose words a quote without source and cue is: who spoke, or was the only one named, just before it.

        Not where its full stop stands behind the marks: such a quote was part of a sentence that is lost.
        """
        if _CUT_LOOSE.search(unescape(quote.text)):
            return None
        spoke = self._spoke_before(sentence, within=1)
        found = next((one[:2] for one in spoke if one[1] == "PERSON"), None)
        found = found or self._only_person("", quote.start, sentence)
        if found is None or not found[0]:
            return None
        self.spoke.append((*found, sentence))
        return found[0]

    def go_on(self, speaker: str, sentence: int) -> None:
        """Note that somebody who spoke goes on in a sentence: later pronouns mean who spoke last."""
        label = next((one[1] for one in self._latest() if one[0] == speaker), "PERSON")
        self.spoke.append((speaker, label, sentence))

    def _pronoun(self, source: Span, sentence: int) -> Found | None:
        word = source.text.lower()
        if word == "it":
            return self._it(source, sentence)
        word = {"him": "he", "her": "she"}.get(word, word)
        if word not in _PRONOUNS:
            return None
        found = self._person_meant(word, source, sentence)
        if found and not any(self._genders.get(found[0], ())):
            self._genders[found[0]] = (word == "she", word == "he")
        return found

    def _person_meant(self, pronoun: str, source: Span, sentence: int) -> Found | None:
        """Read "he" as who is named before it in its clause, spoke last, or is what a sentence before is about."""
        if _JOINED.search(self.text, self.sentences[sentence].start, source.start):
            here = [one for one in self._near(sentence) if one.label == "PERSON" and one.end <= source.start]
            names = {self.names[one] for one in here if self._is_early(one)}
            if len(names) == 1 and self._fits(name := names.pop(), pronoun):
                return name, "PERSON"
        spoke = [one for one in self._spoke_before(sentence, within=_NEAR_SENTENCES) if one[1] == "PERSON"]
        for where in range(sentence, max(-1, sentence - _NEAR_SENTENCES - 1), -1):
            for speaker, label, _ in (one for one in spoke if one[2] == where):
                if not speaker:
                    return None
                if self._fits(speaker, pronoun):
                    return speaker, label
            if where < sentence and self._same_turn(where, sentence):
                found = self._subject(where)
                if found and self._fits(found[0], pronoun):
                    return found
                if found is None and self._begins_with_somebody(where):
                    break
        return self._only_person(pronoun, source.start, sentence) or self._topic(pronoun, sentence)

    def _subject(self, sentence: int) -> Found | None:
        """Give the person that a sentence begins with: "Mr. Doe left", "The Oslo mayor left"."""
        if found := self._named_subject(sentence):
            return found
        unit = self.sentences[sentence]
        role = _ROLE_FIRST.match(self.text, unit.start, unit.end)
        if role is None or role.group(1) not in ROLES:
            return None
        return self._person_by_role(Span(role.start(), role.end(), role.group()), sentence, ())

    def _named_subject(self, sentence: int) -> Found | None:
        unit = self.sentences[sentence]
        first = next(iter(self._near(sentence)), None)
        begins = first is not None and first.label == "PERSON" and first.start - unit.start <= _NAME_FIRST_CHARS
        return (self.names[first], "PERSON") if first and begins and unit.kind not in _ASIDE else None

    def _topic(self, pronoun: str, sentence: int) -> Found | None:
        """Give the first person of the nearest sentence before that names one: what comes first is gone on with.

        So centres go on from sentence to sentence (Grosz, Joshi and Weinstein, CL 1995).
        """
        for where in range(sentence - 1, max(-1, sentence - _TOPIC_SENTENCES - 1), -1):
            if not self._same_turn(where, sentence):
                return None
            unit = self.sentences[where]
            people = [one for one in self._near(where) if one.label == "PERSON" and unit.kind not in _ASIDE]
            if self._begins_with_somebody(where):
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

    def _begins_with_somebody(self, sentence: int) -> bool:
        """Tell "The Oslo mayor left": somebody whom the article does not name there."""
        unit = self.sentences[sentence]
        words = self.text[unit.start : unit.end].split()[:_SUBJECT_WORDS]
        described = words[0] in {"The", "A", "An"} and any(map(is_person, words[1:]))
        return described and not any(one.label == "PERSON" for one in self._near(sentence))

    def _begins_with(self, sentence: int, pronoun: str) -> bool:
        start = self.sentences[sentence].start
        return self.text[start : start + len(pronoun) + 1].lower() == f"{pronoun} "

    def _is_first_named(self, person: Entity) -> bool:
        """Tell "Jane Doe", of whom a sentence is or who says something in it, from "Mr. Doe" who was named before."""
        known = _KNOWN.search(self.text, max(0, person.start - _KNOWN_CHARS), person.start)
        return not known and (self._is_early(person) or bool(_SAYS.match(self.text, person.end)))

    def _is_early(self, one: Entity) -> bool:
        return one.start - self.sentences[one.sentence].start <= _SUBJECT_CHARS

    def _fits(self, name: str, pronoun: str) -> bool:
        """Tell whether nothing that stands before a name speaks against the pronoun's gender."""
        female, male = self._genders.get(name, (False, False))
        if not pronoun:
            return True
        return not (female and not male) if pronoun == "he" else not (male and not female)

    def _titles(self, person: Entity) -> set[str]:
        """Give what a person is called beside the name: "the Oslo mayor, Jane Doe", "Jane Doe, a historian"."""
        if person.start not in self._title_words:
            unit = self.sentences[person.sentence]
            before = (one.end for one in self._near(unit.index) if one.label == "PERSON" and one.end <= person.start)
            start = max((unit.start, *before))
            beside = titles_beside(self.text, start, unit.end, person.start, person.end)
            self._title_words[person.start] = beside | ROLES.intersection(person.text.lower().split()[:-1])
        return self._title_words[person.start]


def _last_word(name: str) -> str:
    return name.rpartition(" ")[2].lower()


def _names_role(after: str) -> bool:
    """Tell a name that says what somebody else is: "Acme president Jane Doe"."""
    word = _NEXT_WORD.match(after)
    return word is not None and word.group(1) in ROLES
