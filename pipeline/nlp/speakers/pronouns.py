"""The pass for pronouns: the person or body that the article means by "he", "she" or "it"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import ROLES, is_person
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.speakers.descriptions import START_CHARS, last_body
from pipeline.nlp.speakers.discourse import NEAR_SENTENCES
from pipeline.nlp.speakers.roles import person_described
from pipeline.nlp.speakers.speaker import Speaker

if TYPE_CHECKING:
    from pipeline.nlp.speakers.discourse import Discourse
    from pipeline.nlp.speakers.source import Source

PRONOUNS = frozenset({"he", "she"})
_SUBJECT_FORMS = {"him": "he", "her": "she"}
_TOPIC_SENTENCES = 3
_SUBJECT_WORDS = 5
_JOINED = re.compile(r"\b(?:and|but|when|after|because|as|while|since|before) $")
# "A court in Oslo has been asked for years to free Jane Doe": who is named last and least is not gone on with.
_OBJECT = re.compile(r"\b(?:of|for|with|against|about|from|than|like|to(?: [a-z]+)?) (?:the )?(?:[A-Z][\w.]* )*$")
# "It is likely that ...", "It took years to ...": of nothing that was named.
_EXPLETIVE = re.compile(
    r"it(?:['\u2019]s)? (?:is|was|(?:will|would|may|might|could) be|(?:has|had) been|seem|appear|took|remain|becom"
    r"|became|turn|rain|snow)",
    re.IGNORECASE,
)
_OTHERS = frozenset(
    {"suspect", "victim", "accused", "boy", "girl", "teenager", "patient", "child", "somebody", "someone"}
)
_BODY_FIRST = re.compile(
    r"The (?:company|firm|group|agency|organi[sz]ation|union|bank|ministry|party|network)\b(?!['\u2019])"
)
_SOMEBODY = re.compile(
    rf"\b(?:{alternation(ROLES | words_of('nouns', 'person', 'relative') | _OTHERS)})\b|-year-old", re.IGNORECASE
)
_ROLE_FIRST = re.compile(r"The (?:[\w.'\u2019-]+ ){0,3}?([a-z]+)\b(?!['\u2019-])")


def pronoun(source: Source) -> Speaker | None:
    """Answer for "he", "she" or "it"; None for another word, or where the article does not safely say who is meant.

    Of who is meant the gender is known from then on.
    """
    if source.names:
        return None
    word = source.text.lower()
    if word == "it":
        return _it(source)
    word = _SUBJECT_FORMS.get(word, word)
    if word not in PRONOUNS:
        return None
    genders, person = source.discourse.genders, _person_meant(source.discourse, word, source)
    if person and not any(genders.get(person.name, ())):
        genders[person.name] = (word == "she", word == "he")
    return person


def referent(source: Source, word: str) -> Speaker | None:
    """Return whom "he" or "she", or what "it", safely means where it is no source.

    None where the sentence has somebody else whom it may mean, or where others were named since.
    """
    if word not in PRONOUNS:
        return _body_gone_on_with(source)
    discourse, sentence = source.discourse, source.sentence
    start = discourse.sentences[sentence].start
    if discourse.people(sentence) or _SOMEBODY.search(discourse.text, start, source.start):
        return None
    person = _person_meant(discourse, word, source)
    return person if person and _is_last(discourse, person.name, sentence) else None


def _is_last(discourse: Discourse, name: str, sentence: int) -> bool:
    """Return whether somebody is the only one who was named or spoke last before a sentence."""
    for where in discourse.earlier(sentence, _TOPIC_SENTENCES + NEAR_SENTENCES):
        names = {
            discourse.names[one]
            for one in discourse.people(where)
            if discourse.is_told(one, discourse.sentences[sentence].start)
        }
        if names:
            return names == {name}
        if any(one.name == name for one in discourse.latest() if one.sentence == where):
            return True
    return False


def _body_gone_on_with(source: Source) -> Speaker | None:
    """Return the body that "it" or "its" at the head of a sentence goes on with: the sentence before is about it."""
    discourse, sentence = source.discourse, source.sentence
    start, end = discourse.sentences[sentence].start, discourse.sentences[sentence].end
    if source.start - start > START_CHARS or _EXPLETIVE.match(discourse.text, source.start, end):
        return None
    if not sentence or not discourse.same_turn(sentence - 1, sentence):
        return None
    before = discourse.sentences[sentence - 1]
    if described := _BODY_FIRST.match(discourse.text, before.start, before.end):
        body: Speaker | None = source.speaker_of(*described.span(), sentence=sentence - 1)
    else:
        body = discourse.body_first(sentence - 1)
    return body if body and body.label == "ORG" else None


def _it(source: Source) -> Speaker | None:
    """Return the body that the sentence of "it", or the one before, is about, else the one that spoke last."""
    discourse, sentence = source.discourse, source.sentence
    begun = source.start - discourse.sentences[sentence].start > START_CHARS
    spoke = any(one.sentence == sentence for one in discourse.spoke[-1:])
    body = discourse.body_first(sentence, before=source.start) if begun and not spoke else None
    return body or last_body(discourse, sentence)


def _person_meant(discourse: Discourse, pronoun: str, source: Source) -> Speaker | None:
    """Return who is named before "he" in its clause, spoke last, or is what a sentence before is about."""
    sentence = source.sentence
    if _JOINED.search(discourse.text, discourse.sentences[sentence].start, source.start):
        here = [one for one in discourse.people(sentence) if one.end <= source.start]
        names = {discourse.names[one] for one in here if discourse.is_early(one)}
        if len(names) == 1 and discourse.fits(name := names.pop(), pronoun):
            return Speaker(name, "PERSON")
    spoke = [one for one in discourse.spoke_before(sentence, within=NEAR_SENTENCES) if one.label == "PERSON"]
    for where in range(sentence, max(-1, sentence - NEAR_SENTENCES - 1), -1):
        for one in (one for one in spoke if one.sentence == where):
            if not one.name:
                return None
            if discourse.fits(one.name, pronoun):
                return one.who
        if where < sentence and discourse.same_turn(where, sentence):
            found = _subject(source, where)
            if found and discourse.fits(found.name, pronoun):
                return found
            if found is None and _begins_with_somebody(discourse, where):
                break
    return discourse.only_person(source.start, sentence, pronoun) or _topic(discourse, pronoun, source.start, sentence)


def _subject(source: Source, sentence: int) -> Speaker | None:
    """Return the person that an earlier sentence begins with: "Mr. Doe left", "The Oslo mayor left"."""
    discourse = source.discourse
    if found := discourse.person_first(sentence, source.start):
        return found
    start, end = discourse.sentences[sentence].start, discourse.sentences[sentence].end
    role = _ROLE_FIRST.match(discourse.text, start, end)
    if role is None or role.group(1) not in ROLES:
        return None
    return person_described(source.other(role.start(), role.end(), sentence))


def _begins_with_somebody(discourse: Discourse, sentence: int) -> bool:
    """Return whether a sentence is like "The Oslo mayor left": of somebody whom the article does not name there."""
    start, end = discourse.sentences[sentence].start, discourse.sentences[sentence].end
    words = discourse.text[start:end].split()[:_SUBJECT_WORDS]
    described = words[0] in {"The", "A", "An"} and any(map(is_person, words[1:]))
    return described and not discourse.people(sentence)


def _topic(discourse: Discourse, pronoun: str, place: int, sentence: int) -> Speaker | None:
    """Return the first person of the nearest sentence before that names one: what comes first is gone on with.

    So centres go on from sentence to sentence (Grosz, Joshi and Weinstein, CL 1995).
    """
    for where in discourse.earlier(sentence, _TOPIC_SENTENCES):
        if _begins_with_somebody(discourse, where):
            return None
        people = () if discourse.is_aside(where) else discourse.people(where)
        told = (one for one in people if discourse.is_told(one, place))
        first = next((one for one in told if discourse.fits(discourse.names[one], pronoun)), None)
        start = discourse.sentences[where].start
        if any(map(discourse.is_accused, people)):
            return None
        if first and not discourse.is_early(first) and _OBJECT.search(discourse.text, start, first.start):
            return None
        if first and not discourse.stands_before(pronoun, first):
            return Speaker(discourse.names[first], "PERSON")
    return None
