"""Passes for sources that name somebody: a person, "Doe" of Jane Doe, or who issued a paper."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import ROLES
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.speakers.bodies import ARTICLE
from pipeline.nlp.speakers.speaker import NOBODY, Speaker
from pipeline.nlp.text.characters import CAPITALS

if TYPE_CHECKING:
    from pipeline.nlp.speakers.source import Source

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
_PROXY = re.compile(rf"\b(?:{_PROXIES})\b", re.IGNORECASE)
_POSSESSED = re.compile(rf"\s?'s? \w|\s(?:{_PROXIES})\b")
_RANK = re.compile(r"(?: [A-Z][\w.]*)* ")  # "Brigadier General John Doe", of which the first is no name
_NEXT_WORD = re.compile(r"\s([a-z]+)\b")
_PEOPLE_OF = re.compile(r"\s(?:administration|government|campaign|cabinet)\b")
_DASHES = "-\u2013\u2014"
_GIVEN_NAME = re.compile(rf"(?!{_TITLES}\b)[{CAPITALS}][\w\u2019-]+[ -]")
_ONE_NAME = re.compile(rf"(?:{_TITLES}\.? )?[{CAPITALS}][\w'\u2019-]+")
_AGED = re.compile(rf"([{CAPITALS}][\w'\u2019-]+), \d{{1,3}}")
_NAMED_OTHERWISE = frozenset({"PERSON", "GPE", "NORP", "LOC"})
_SET_OFF = re.compile(r"^[^,]*\b(?:Inc|Corp|Co|Ltd|PLC)\.?, $")  # "Acme Inc., Jane Heights, N.J."
_PAPERS = alternation({*words_of("nouns", "paper", "poll"), "account", "story"})
_ISSUED_BY = re.compile(
    rf"(?:[\w'\u2019.-]+ ){{1,4}}?(?:{_PAPERS})\b[^,]{{0,40}}? "
    r"(?:(?:by|from) |in (?=the ))",
    re.IGNORECASE,
)


def named_person(source: Source) -> Speaker | None:
    """Answer with the person whom a source names, or "the Doe administration", not somebody whose lawyer it is."""
    text = source.discourse.text
    for person, following in zip_longest(source.names, source.names[1:]):
        before, after = source.before(person.start), source.after(person.end).replace("\u2019", "'")
        if person.label != "PERSON" or _POSSESSED.match(after) or _is_somebodys_role(after):
            continue
        if following and following.label == "PERSON" and _RANK.fullmatch(text, person.end, following.start):
            continue
        if _SET_OFF.search(before) and any(one.end < person.start and one.label == "ORG" for one in source.names):
            continue
        if people := _PEOPLE_OF.match(after):
            article = ARTICLE.match(source.text)
            start = source.start + (article.end() if article else 0)
            return Speaker(text[start : person.end + people.end()], "ORG")
        if person in source.discourse.unsure:
            return _one_who_spoke(source, person.text)
        office = _OFFICE_BEFORE_NAME.search(before) and not _PROXY.search(before)
        if office or not _OF_ANOTHER.search(before):
            return Speaker(source.discourse.names[person], "PERSON")
    return None


def _one_who_spoke(source: Source, surname: str) -> Speaker:
    """Return, of two people of one surname, the only one who has spoken so far; else nobody: either may be meant."""
    spoke = {one.name for one in source.discourse.latest() if surname in one.name and " " in one.name}
    return Speaker(spoke.pop(), "PERSON") if len(spoke) == 1 else NOBODY


def signed_name(source: Source) -> Speaker | None:
    """Answer for "Jane Doe" right behind a dash, which hides the head of a name from the tagger: `"..." -Jane Doe`."""
    person = source.names[0] if source.names else None
    glued = source.start and source.discourse.text[source.start - 1] in _DASHES
    if (
        not glued
        or person is None
        or person.label != "PERSON"
        or not _GIVEN_NAME.fullmatch(source.before(person.start))
    ):
        return None
    return Speaker(source.before(person.end), "PERSON")


def _is_somebodys_role(after: str) -> bool:
    """Return whether a name says what somebody else is: "Acme" in "Acme president Jane Doe"."""
    word = _NEXT_WORD.match(after)
    return word is not None and word.group(1) in ROLES


def bare_surname(source: Source) -> Speaker | None:
    """Answer for "Waters", not seen to be a name here or taken for a body's, with the Jane Waters of the article.

    With an age behind it a name is a person's, whatever it was taken for, and may be a family name that stands first.
    """
    if aged := _AGED.fullmatch(source.text):
        name, people = aged.group(1), source.discourse.genders
        bearers = {one for one in people if " " in one and name in {one.split()[0], one.split()[-1]}}
        return Speaker(next(iter(bearers)), "PERSON") if len(bearers) == 1 else None
    if not _ONE_NAME.fullmatch(source.text) or any(one.label in _NAMED_OTHERWISE for one in source.names):
        return None
    holders = source.discourse.surnames.get(source.text.split()[-1], set())
    return Speaker(next(iter(holders)), "PERSON") if len(holders) == 1 else None


def issuer_named(source: Source) -> Speaker | None:
    """Answer for "a report by the ministry" with whoever the ministry is, be it nobody."""
    issued = _ISSUED_BY.match(source.text)
    return source.speaker_of(source.start + issued.end(), source.end) if issued else None
