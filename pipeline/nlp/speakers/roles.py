"""Passes for descriptions of people ("the minister", "a British historian"): whom the article means by them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import BROAD, DEPARTMENTS, OFFICES, SYNONYMS, is_person
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.speakers.discourse import FAR_SENTENCES, NEAR_SENTENCES, nations_among
from pipeline.nlp.speakers.speaker import NOBODY, Speaker

if TYPE_CHECKING:
    from pipeline.nlp.spans import Entity
    from pipeline.nlp.speakers.discourse import Discourse
    from pipeline.nlp.speakers.source import Source

DEFINITE = re.compile(r"(?:the|this|that)\s", re.IGNORECASE)
ANOTHER = re.compile(r"\w+ (?:other|first|second|third|fourth|next|same)\s", re.IGNORECASE)
_INDEFINITE = re.compile(r"(?:an?|one|another|some)\s", re.IGNORECASE)
_KNOWN = re.compile(rf"\b(?:{alternation(words_of('titles', 'courtesy'))})\.? $")
_KNOWN_CHARS = 6
_LESSER = frozenset({"vice", "deputy", "former"})  # the president is no vice president
_PAST = re.compile(r"\b(?:former|retired|onetime|one-time|ex)\b")
_SAYS = re.compile(r",? (?:said|says|told|announced|warned|added)\b")


def of_a_person(source: Source) -> Speaker | None:
    """Answer nobody for "the Doe spokesman": he is not the person who is named."""
    named = any(one.label == "PERSON" and one.start < source.core_end for one in source.names)
    return NOBODY if named else None


def introduced_person(source: Source) -> Speaker | None:
    """Answer for "a senior lawmaker" with the one person whom the next sentence names, else with nobody."""
    return (_introduced(source) or NOBODY) if _INDEFINITE.match(source.text) else None


def person_of_nation(source: Source) -> Speaker | None:
    """Answer for "the Syrian leader" with the one who was called Syrian, or of Syria, beside the name last."""
    discourse, nations = source.discourse, _nations(source)
    people = discourse.people(source.sentence, before=FAR_SENTENCES) if nations else []
    for person in reversed([one for one in people if one.end <= source.start]):
        titles = discourse.titles(person)
        fits = source.noun in titles or (source.noun in BROAD and any(map(is_person, titles)))
        if (fits or _is_counterpart(discourse, person, source.noun)) and nations & discourse.nations_in(titles):
            return Speaker(discourse.names[person], "PERSON")
    return None


def person_of_title(source: Source) -> Speaker | None:
    """Answer with the person beside whose name the noun stands, last before the sentence or else just behind it.

    The other words tell what the office is for: "the defense minister" is no prime minister; nations of where: "the
    Egyptian president" is not "Somalia's President John Doe".
    """
    discourse, noun, nations = source.discourse, source.noun, _nations(source)
    if noun in discourse.introduced:
        return Speaker(discourse.introduced[noun], "PERSON")
    words = set(source.text.lower().split())
    field = DEPARTMENTS & words
    nouns = {noun, *SYNONYMS.get(noun, ())}
    before = discourse.people(source.sentence - 1, before=FAR_SENTENCES - 1)
    for person in (*reversed(before), *discourse.people(source.sentence + 1, after=NEAR_SENTENCES)):
        titles = discourse.titles(person)
        if nouns.isdisjoint(titles):
            continue
        other = field and not DEPARTMENTS.isdisjoint(titles) and titles.isdisjoint(field)
        lesser = not _LESSER.isdisjoint(titles) and words.isdisjoint(_LESSER)
        abroad = nations and (own := discourse.nations_of(discourse.names[person])) and nations.isdisjoint(own)
        ahead = person.start > source.start and _several_are(discourse, nouns)
        if not other and not lesser and not abroad and not ahead:
            return Speaker(discourse.names[person], "PERSON")
    return None


def _several_are(discourse: Discourse, nouns: set[str]) -> bool:
    """Return whether the article calls more than one so: "the president" of its first sentence may be either."""
    everybody = discourse.people(0, after=len(discourse.sentences))
    return len({discourse.names[one] for one in everybody if not nouns.isdisjoint(discourse.titles(one))}) > 1


def person_introduced_first(source: Source) -> Speaker | None:
    """Answer for a description in the article's first sentence with whom the next one introduces."""
    return _introduced(source) if source.sentence == source.discourse.first else None


def last_person(source: Source) -> Speaker | None:
    """Answer for "the historian" with who spoke or was named last, unless that is somebody of another occupation."""
    discourse, sentence = source.discourse, source.sentence
    again = DEFINITE.match(source.text) and not ANOTHER.match(source.text)
    past = bool(_PAST.search(source.text))  # "the former teacher" is a mayor now
    if not again or (source.noun in OFFICES and not past) or source.core_end != source.end:
        return None
    spoke = discourse.spoke_before(sentence, within=2 * NEAR_SENTENCES)
    last: Speaker | None = next((one.who for one in spoke if one.label == "PERSON" and one.sentence < sentence), None)
    if last is None and sentence:
        start = discourse.sentences[sentence].start
        last = discourse.person_first(sentence - 1, start) or discourse.only_person(start, sentence - 1)
    if last is None or not last.name:
        return None
    near = discourse.near(sentence, before=FAR_SENTENCES)
    titles = {word for one in near if discourse.names[one] == last.name for word in discourse.titles(one)}
    return last if past or source.noun in BROAD or not any(map(is_person, titles)) else None


def person_described(source: Source) -> Speaker | None:
    """Return whom these passes, in their order, take a description for."""
    answers = (answer(source) for answer in PASSES)
    speaker = next((answer for answer in answers if answer is not None), None)
    return None if speaker == NOBODY else speaker


def _nations(source: Source) -> set[str]:
    return nations_among(one for one in source.names if one.start < source.core_end)


def _introduced(source: Source) -> Speaker | None:
    """Return the one person whom the next sentence names (and calls so, if this is not the article's first)."""
    discourse, sentence = source.discourse, source.sentence
    beside = {discourse.names[one] for one in discourse.people(sentence)}
    people = [one for one in discourse.people(sentence + 1) if discourse.names[one] not in beside]
    named = {discourse.names[one] for one in people if source.noun in discourse.titles(one)}
    if not named and sentence == discourse.first:
        named = {discourse.names[one] for one in people if _is_named_anew(discourse, one)}
    if len(named) != 1:
        return None
    name = discourse.introduced[source.noun] = named.pop()
    return Speaker(name, "PERSON")


def _is_named_anew(discourse: Discourse, person: Entity) -> bool:
    """Return whether a sentence introduces a person; "Mr. Doe" was named before."""
    known = _KNOWN.search(discourse.text, max(0, person.start - _KNOWN_CHARS), person.start)
    return not known and (discourse.is_early(person) or bool(_SAYS.match(discourse.text, person.end)))


def _is_counterpart(discourse: Discourse, person: Entity, noun: str) -> bool:
    """Return whether somebody is one, too: "Prime Minister John Doe and his Irish counterpart Jane Roe"."""
    before = (one for one in discourse.people(person.sentence) if one.end <= person.start)
    return "counterpart" in discourse.titles(person) and any(noun in discourse.titles(one) for one in before)


PASSES = (
    of_a_person,
    introduced_person,
    person_of_nation,
    person_of_title,
    person_introduced_first,
    last_person,
)
