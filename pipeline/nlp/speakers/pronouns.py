"""A pronoun in ("he", "she", "it"), the person or body that is meant by it out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import ROLES, is_person
from pipeline.nlp.spans import Span
from pipeline.nlp.speakers.descriptions import START_CHARS, last_body
from pipeline.nlp.speakers.discourse import NEAR_SENTENCES
from pipeline.nlp.speakers.roles import person_called

if TYPE_CHECKING:
    from pipeline.nlp.speakers.discourse import Discourse, Speaker

PRONOUNS = frozenset({"he", "she"})
_SUBJECT_FORMS = {"him": "he", "her": "she"}
_TOPIC_SENTENCES = 3
_SUBJECT_WORDS = 5
_JOINED = re.compile(r"\b(?:and|but|when|after|because|as|while|since|before) $")
# "A court in Oslo has been asked for years to free Jane Doe": who is named last and least is not gone on with.
_OBJECT = re.compile(r"\b(?:of|for|with|against|about|from|than|like|to(?: [a-z]+)?) (?:the )?(?:[A-Z][\w.]* )*$")
_ROLE_FIRST = re.compile(r"The (?:[\w.'\u2019-]+ ){0,3}?([a-z]+)\b(?!['\u2019-])")


def pronoun_meant(said: Discourse, source: Span, sentence: int) -> Speaker | None:
    """Give whom or what a pronoun means; None for what is none, or where the article does not safely say it.

    ``sentence`` is the index of the sentence where it stands. Of who is meant the gender is known from then on.
    """
    word = source.text.lower()
    if word == "it":
        return _it(said, source, sentence)
    word = _SUBJECT_FORMS.get(word, word)
    if word not in PRONOUNS:
        return None
    found = _person_meant(said, word, source, sentence)
    if found and not any(said.genders.get(found[0], ())):
        said.genders[found[0]] = (word == "she", word == "he")
    return found


def _it(said: Discourse, source: Span, sentence: int) -> Speaker | None:
    """Read "it" as the body that its sentence, or the one before, is about, else as the one that spoke last."""
    begun = source.start - said.sentences[sentence].start > START_CHARS
    spoke = any(one.sentence == sentence for one in said.spoke[-1:])
    found = said.body_first(sentence, before=source.start) if begun and not spoke else None
    return found or last_body(said, sentence)


def _person_meant(said: Discourse, pronoun: str, source: Span, sentence: int) -> Speaker | None:
    """Read "he" as who is named before it in its clause, spoke last, or is what a sentence before is about."""
    if _JOINED.search(said.text, said.sentences[sentence].start, source.start):
        here = [one for one in said.people(sentence) if one.end <= source.start]
        names = {said.names[one] for one in here if said.is_early(one)}
        if len(names) == 1 and said.fits(name := names.pop(), pronoun):
            return name, "PERSON"
    spoke = [one for one in said.spoke_before(sentence, within=NEAR_SENTENCES) if one.label == "PERSON"]
    for where in range(sentence, max(-1, sentence - NEAR_SENTENCES - 1), -1):
        for one in (one for one in spoke if one.sentence == where):
            if not one.name:
                return None
            if said.fits(one.name, pronoun):
                return one.name, one.label
        if where < sentence and said.same_turn(where, sentence):
            found = _subject(said, where, source.start)
            if found and said.fits(found[0], pronoun):
                return found
            if found is None and _begins_with_somebody(said, where):
                break
    return said.only_person(source.start, sentence, pronoun) or _topic(said, pronoun, source.start, sentence)


def _subject(said: Discourse, sentence: int, place: int) -> Speaker | None:
    """Give the person that a sentence begins with and a place may mean: "Mr. Doe left", "The Oslo mayor left"."""
    if found := said.person_first(sentence, place):
        return found
    unit = said.sentences[sentence]
    role = _ROLE_FIRST.match(said.text, unit.start, unit.end)
    if role is None or role.group(1) not in ROLES:
        return None
    return person_called(said, Span(role.start(), role.end(), role.group()), sentence, ())


def _begins_with_somebody(said: Discourse, sentence: int) -> bool:
    """Tell "The Oslo mayor left": somebody whom the article does not name there."""
    unit = said.sentences[sentence]
    words = said.text[unit.start : unit.end].split()[:_SUBJECT_WORDS]
    described = words[0] in {"The", "A", "An"} and any(map(is_person, words[1:]))
    return described and not said.people(sentence)


def _topic(said: Discourse, pronoun: str, place: int, sentence: int) -> Speaker | None:
    """Give the first person of the nearest sentence before that names one: what comes first is gone on with.

    So centres go on from sentence to sentence (Grosz, Joshi and Weinstein, CL 1995).
    """
    for where in said.earlier(sentence, _TOPIC_SENTENCES):
        if _begins_with_somebody(said, where):
            return None
        people = () if said.is_aside(where) else said.people(where)
        told = (one for one in people if said.is_told(one, place))
        first = next((one for one in told if said.fits(said.names[one], pronoun)), None)
        if first and not said.is_early(first) and _OBJECT.search(said.text, said.sentences[where].start, first.start):
            return None
        if first and not said.stands_before(pronoun, first):
            return said.names[first], "PERSON"
    return None
