"""What somebody is called in ("the minister", "a British historian"), whom the article means by it out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import BROAD, DEPARTMENTS, OFFICES, ROLE_TAIL, SYNONYMS, head_noun, is_person
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.speakers.discourse import FAR_SENTENCES, NEAR_SENTENCES, nations_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.spans import Entity, Span
    from pipeline.nlp.speakers.discourse import Discourse, Speaker

DEFINITE = re.compile(r"(?:the|this|that)\s", re.IGNORECASE)
ANOTHER = re.compile(r"\w+ (?:other|first|second|third|fourth|next|same)\s", re.IGNORECASE)
_INDEFINITE = re.compile(r"(?:an?|one|another|some)\s", re.IGNORECASE)
_KNOWN = re.compile(rf"\b(?:{alternation(words_of('titles', 'courtesy'))})\.? $")
_KNOWN_CHARS = 6
_LESSER = frozenset({"vice", "deputy", "former"})  # the president is no vice president
_SAYS = re.compile(r",? (?:said|says|told|announced|warned|added)\b")


def person_called(said: Discourse, source: Span, sentence: int, inside: Sequence[Entity]) -> Speaker | None:
    """Read "the minister", "the British historian" as the person whom the article calls so, or who spoke last.

    ``sentence`` is the index of the sentence where it stands, ``inside`` the names in it.
    """
    noun = head_noun(source.text).lower()
    core = source.start + len(ROLE_TAIL.sub("", source.text))
    if any(one.label == "PERSON" and one.start < core for one in inside):
        return None
    if _INDEFINITE.match(source.text):
        return _introduced(said, noun, sentence)
    nations = nations_among(one for one in inside if one.start < core)
    if nations and (found := _of_nation(said, noun, nations, source.start, sentence)):
        return found
    words = set(source.text.lower().split())
    if found := _called_so(said, noun, words, nations, sentence):
        return found
    if sentence == said.first and (found := _introduced(said, noun, sentence)):
        return found
    again = DEFINITE.match(source.text) and not ANOTHER.match(source.text)
    return _last_person(said, noun, sentence) if again and noun not in OFFICES and core == source.end else None


def _introduced(said: Discourse, noun: str, sentence: int) -> Speaker | None:
    """Read "a senior lawmaker" as the one person whom the next sentence names (and calls so, if not the second)."""
    beside = {said.names[one] for one in said.people(sentence)}
    people = [one for one in said.people(sentence + 1) if said.names[one] not in beside]
    named = {said.names[one] for one in people if noun in said.titles(one)}
    if not named and sentence == said.first:
        named = {said.names[one] for one in people if _is_named_anew(said, one)}
    if len(named) != 1:
        return None
    name = said.introduced[noun] = named.pop()
    return name, "PERSON"


def _is_named_anew(said: Discourse, person: Entity) -> bool:
    """Tell "Jane Doe", of whom a sentence is or who says something in it, from "Mr. Doe" who was named before."""
    known = _KNOWN.search(said.text, max(0, person.start - _KNOWN_CHARS), person.start)
    return not known and (said.is_early(person) or bool(_SAYS.match(said.text, person.end)))


def _of_nation(said: Discourse, noun: str, nations: set[str], before: int, sentence: int) -> Speaker | None:
    """Read "the Syrian leader" as the one who was called Syrian, or of Syria, beside the name last."""
    people = [one for one in said.people(sentence, before=FAR_SENTENCES) if one.end <= before]
    for person in reversed(people):
        titles = said.titles(person)
        fits = noun in titles or (noun in BROAD and any(map(is_person, titles))) or _is_counterpart(said, person, noun)
        if fits and nations & said.nations_in(titles):
            return said.names[person], "PERSON"
    return None


def _is_counterpart(said: Discourse, person: Entity, noun: str) -> bool:
    """Tell "Prime Minister John Doe and his Irish counterpart Jane Roe": she is one, too."""
    before = (one for one in said.people(person.sentence) if one.end <= person.start)
    return "counterpart" in said.titles(person) and any(noun in said.titles(one) for one in before)


def _called_so(said: Discourse, noun: str, words: set[str], nations: set[str], sentence: int) -> Speaker | None:
    """Give the person beside whose name the noun stands, last before the sentence or else just behind it.

    The other ``words`` tell what the office is for: "the defense minister" is no prime minister; ``nations`` of where:
    "the Egyptian president" is not "Somalia's President John Doe".
    """
    if noun in said.introduced:
        return said.introduced[noun], "PERSON"
    field = DEPARTMENTS & words
    nouns = {noun, *SYNONYMS.get(noun, ())}
    before = said.people(sentence - 1, before=FAR_SENTENCES - 1)
    for person in (*reversed(before), *said.people(sentence + 1, after=NEAR_SENTENCES)):
        titles = said.titles(person)
        if nouns.isdisjoint(titles):
            continue
        other = field and not DEPARTMENTS.isdisjoint(titles) and titles.isdisjoint(field)
        lesser = not _LESSER.isdisjoint(titles) and words.isdisjoint(_LESSER)
        abroad = nations and (own := said.nations_of(said.names[person])) and nations.isdisjoint(own)
        if not other and not lesser and not abroad:
            return said.names[person], "PERSON"
    return None


def _last_person(said: Discourse, noun: str, sentence: int) -> Speaker | None:
    """Read "the historian" as who spoke or was named last, unless that is somebody of another occupation."""
    spoke = said.spoke_before(sentence, within=2 * NEAR_SENTENCES)
    last = next(((one.name, one.label) for one in spoke if one.label == "PERSON" and one.sentence < sentence), None)
    if last is None and sentence:
        start = said.sentences[sentence].start
        last = said.person_first(sentence - 1, start) or said.only_person(start, sentence - 1)
    if last is None or not last[0]:
        return None
    near = said.near(sentence, before=FAR_SENTENCES)
    titles = {word for one in near if said.names[one] == last[0] for word in said.titles(one)}
    return last if noun in BROAD or not any(map(is_person, titles)) else None
