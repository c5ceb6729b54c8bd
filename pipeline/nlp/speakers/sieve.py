"""What stands as source of a report in, the name of who is meant out: within the sentence, and across sentences."""

from __future__ import annotations

import re
from html import unescape
from itertools import zip_longest
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import ROLES, is_person
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.names.canonical import VALUES
from pipeline.nlp.spans import Span
from pipeline.nlp.speakers.bodies import ARTICLE, ISSUED_BY
from pipeline.nlp.speakers.descriptions import body_meant
from pipeline.nlp.speakers.discourse import Discourse, Spoken
from pipeline.nlp.speakers.pronouns import PRONOUNS, pronoun_meant
from pipeline.nlp.speakers.roles import ANOTHER, DEFINITE, person_called

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.spans import Entity, Sentence
    from pipeline.nlp.speakers.discourse import Speaker
    from pipeline.nlp.text.quotes import Quotes

_TITLES = rf"(?:{alternation(words_of('titles') - words_of('titles', 'place', 'suffix'))})"
# "a spokesman for Smith", "Smith's lawyer", "the family of the late minister Smith": somebody else speaks.
_OF_ANOTHER = re.compile(
    r"\b(?:(?:for|to|by|with|against|than|from|on)\s[^,]*"
    rf"|(?:{alternation(words_of('nouns', 'relative'))}) of\s[^,]*"
    r"|of(?: the)?(?: (?:former|late|ousted|deposed))?(?: [A-Z]\w+(?:ian|ish|ese|an|i))?"
    rf"(?: (?:late )?{_TITLES}\.?)?\s*)$",
    re.IGNORECASE,
)
# "Deputy Director for Safeguards Jane Doe": what follows the preposition is a name of its own, then comes hers.
_OFFICE_BEFORE_NAME = re.compile(
    rf"\b(?:for|to|of) (?:the )?[A-Z]\w*(?: (?!{_TITLES}\b)[A-Z]\w*)*(?: (?:province|region|state|district))?"
    r"\s(?:(?:Mr|Mrs|Ms|Dr)\.? )?$"
)
_PROXIES = alternation(words_of("nouns", "proxy"))
_ELSEWHERE = re.compile(rf"\b(?:{_PROXIES})\b", re.IGNORECASE)
_POSSESSED = re.compile(rf"\s?'s? \w|\s(?:{_PROXIES})\b")
_RANK = re.compile(r"(?: [A-Z][\w.]*)* ")  # "Brigadier General John Doe", of which the first is no name
_NEXT_WORD = re.compile(r"\s([a-z]+)\b")
_PEOPLE_OF = re.compile(r"\s(?:administration|government|campaign|cabinet)\b")
_ONE_NAME = re.compile(rf"(?:{_TITLES}\.? )?[A-Z][\w'\u2019-]+")
_NAMED_OTHERWISE = frozenset({"PERSON", "GPE", "NORP", "LOC"})
_SET_OFF = re.compile(r"^[^,]*\b(?:Inc|Corp|Co|Ltd|PLC)\.?, $")  # "Acme Inc., Jane Heights, N.J."
_CUT_LOOSE = re.compile(r"[\"'\u2019\u201d\u00bb]\.$")


class Speakers:
    """Who is meant by the sources of an article, to be asked in the order of the text: each tells of later ones."""

    def __init__(self, text: str, sentences: Sequence[Sentence], entities: Sequence[Entity], quotes: Quotes) -> None:
        self._said = Discourse(text, sentences, entities, quotes)
        self._sources: dict[Span, Speaker | None] = {}  # a source of several cues is resolved once
        self._unresolved = -1  # the last sentence with a pronoun that nobody is known for

    @property
    def names(self) -> dict[Entity, str]:
        """The fullest form of each name."""
        return self._said.names

    def speaker_of(self, source: Span, sentence: int, *, inner: bool = False) -> str | None:
        """Resolve a source; None where the article does not safely say who is meant.

        ``inner`` tells a report within what another one of the sentence says, whose speaker later sentences mean.
        """
        if source not in self._sources:
            self._sources[source] = self._resolve(source, sentence)
        found, spoke = self._sources[source], self._said.spoke
        if found is None:
            self._note_unnamed(source, sentence)
            return None
        outer = spoke[-1] if inner and spoke and spoke[-1].sentence == sentence else None
        of_somebody = inner and self._unresolved == sentence and found[1] == "PERSON"  # "he said that Jane Doe thought"
        if not of_somebody and (outer is None or (outer.label == "PERSON") != (found[1] == "PERSON")):
            spoke.append(Spoken(*found, sentence))
        return found[0]

    def floating(self, quote: Span, sentence: int) -> str | None:
        """Give whose words a quote without source and cue is: who spoke, or was the only one named, just before it.

        Not where its full stop stands behind the marks: such a quote was part of a sentence that is lost.
        """
        if _CUT_LOOSE.search(unescape(quote.text)):
            return None
        spoke = self._said.spoke_before(sentence, within=1)
        found = next(((one.name, one.label) for one in spoke if one.label == "PERSON"), None)
        found = found or self._said.only_person(quote.start, sentence)
        if found is None or not found[0]:
            return None
        self._said.spoke.append(Spoken(*found, sentence))
        return found[0]

    def go_on(self, speaker: str, sentence: int) -> None:
        """Note that somebody who spoke goes on in a sentence: later pronouns mean who spoke last."""
        label = next((one.label for one in self._said.latest() if one.name == speaker), "PERSON")
        self._said.spoke.append(Spoken(speaker, label, sentence))

    def _note_unnamed(self, source: Span, sentence: int) -> None:
        """Note that somebody unnamed spoke, who is meant by the next pronoun: "a spokesman", "another official"."""
        if source.text.lower() in PRONOUNS:
            self._unresolved = sentence
        elif is_person(source.text) and (not DEFINITE.match(source.text) or ANOTHER.match(source.text)):
            self._said.spoke.append(Spoken("", "PERSON", sentence))

    def _resolve(self, source: Span, sentence: int) -> Speaker | None:
        near = [one for one in self._said.near(sentence) if source.start <= one.start and one.end <= source.end]
        inside = [one for one in near if one.label not in VALUES]
        if found := _person_named(self._said, source, inside) or _surname(self._said, source, inside):
            return found
        if issued := ISSUED_BY.match(source.text):
            start = source.start + issued.end()
            return self._resolve(Span(start, source.end, self._said.text[start : source.end]), sentence)
        if is_person(source.text):
            return person_called(self._said, source, sentence, inside)
        body = body_meant(self._said, source, sentence, inside, self._resolve)
        return body or (None if inside else pronoun_meant(self._said, source, sentence))


def _person_named(said: Discourse, source: Span, inside: Sequence[Entity]) -> Speaker | None:
    """Give the person whom a source names, or "the Doe administration", not somebody whose lawyer it is."""
    for person, following in zip_longest(inside, inside[1:]):
        before = said.text[source.start : person.start]
        after = said.text[person.end : source.end].replace("\u2019", "'")
        if person.label != "PERSON" or _POSSESSED.match(after) or _names_role(after):
            continue
        if following and following.label == "PERSON" and _RANK.fullmatch(said.text, person.end, following.start):
            continue
        if _SET_OFF.search(before) and any(one.end < person.start and one.label == "ORG" for one in inside):
            continue
        if people := _PEOPLE_OF.match(after):
            article = ARTICLE.match(source.text)
            start = source.start + (article.end() if article else 0)
            return said.text[start : person.end + people.end()], "ORG"
        office = _OFFICE_BEFORE_NAME.search(before) and not _ELSEWHERE.search(before)
        if office or not _OF_ANOTHER.search(before):
            return said.names[person], "PERSON"
    return None


def _names_role(after: str) -> bool:
    """Tell a name that says what somebody else is: "Acme president Jane Doe"."""
    word = _NEXT_WORD.match(after)
    return word is not None and word.group(1) in ROLES


def _surname(said: Discourse, source: Span, inside: Sequence[Entity]) -> Speaker | None:
    """Read "Waters", that was not seen to be a name here or taken for a body, as the Jane Waters of the article."""
    if not _ONE_NAME.fullmatch(source.text) or any(one.label in _NAMED_OTHERWISE for one in inside):
        return None
    named = said.surnames.get(source.text.split()[-1], set())
    return (next(iter(named)), "PERSON") if len(named) == 1 else None
