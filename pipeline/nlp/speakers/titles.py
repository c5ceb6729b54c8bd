"""A name's place in a text in, what stands beside it out: what the person is called, signs of the gender."""

from __future__ import annotations

import re

from pipeline.nlp.lexicon.nouns import DEPARTMENTS, ROLES
from pipeline.nlp.lexicon.tables import alternation, words_of

_BEFORE_CHARS = 60
_BEHIND_CHARS = 80
# With what somebody is of: "Oslo's mayor", but no "company's president".
_TITLE_WORD = re.compile(r"(?<!['\u2019])\b(?:[A-Z][a-z-]*(?=['\u2019]s )|[A-Za-z][a-z-]*(?![\w.'\u2019]))")
_OFFICE = alternation(ROLES | DEPARTMENTS | {"former", "late", "then", "deputy", "vice", "acting", "counterpart"})
# What may stand between a title and the name: "minister John Doe", "Defense Minister General John Doe", "Secretary of
# State John Doe", "head of the local court, John Doe", "Irish prime minister John Doe"; not "the officer asked John
# Doe", "a spokesman for John Doe".
_BEFORE_NAME = re.compile(
    r"(?:[,:]|['\u2019]s)? \(?(?:the )?(?:[A-Z][\w.-]*,? )*| of (?:the )?(?:[A-Z][\w.'\u2019-]* )+"
    rf"| (?:of|for|in|at) [^,]*, (?:the )?| and (?:[a-z-]+ ){{1,3}}| (?:(?:{_OFFICE}) )+"
)
_NO_APPOSITION = (
    "who|whom|whose|which|where|when|while|after|and|but|as|in|on|at|with|for|to|from|not|[a-z]+ing|[a-z]+ed"
)
_APPOSITION = re.compile(
    rf", (?:who (?:is|was) (?:(?:also|now|then) )?)?((?!(?:{_NO_APPOSITION})\b)[^,;]*?)"
    r"(?=,|;|\.?$| (?:who|that|which|said|says|told|has|had|is|was|will|of|for|in|at|on|to|from|with)\b)"
)
_GENDER_CHARS = 24


def _said_of(gender: str) -> re.Pattern[str]:
    """Return what tells the gender of a name that follows: a title, "the actress", and right before it "his wife"."""
    nouns, relatives = words_of("nouns", gender), words_of("nouns", "relative")
    titles = alternation(words_of("titles", gender) | (nouns - relatives))
    return re.compile(rf"\b(?:{titles})\b|\b(?:{alternation(nouns & relatives)}),? $")


_FEMALE, _MALE = _said_of("female"), _said_of("male")


def titles_beside(text: str, start: int, end: int, name_start: int, name_end: int) -> set[str]:
    """Return what a person is called, in small letters: "the Oslo mayor, Jane Doe", "Jane Doe, a historian".

    Args:
        text: the whole text.
        start: where the sentence starts, or the name before this one ends.
        end: where the sentence ends.
        name_start: where the name starts.
        name_end: where it ends.
    """
    words = _TITLE_WORD.finditer(text, max(start, name_start - _BEFORE_CHARS), name_start)
    before = [word.group() for word in words if _BEFORE_NAME.fullmatch(text, word.end(), name_start)]
    apposition = _APPOSITION.match(text, name_end, min(end, name_end + _BEHIND_CHARS))
    beside = _TITLE_WORD.findall(apposition.group(1)) if apposition else ()
    return {word.lower() for word in (*before, *beside)}


def genders_before(text: str, start: int, name_start: int) -> tuple[bool, bool]:
    """Return whether what stands right before a name, from ``start`` on, is said of women, and of men."""
    before = text[max(start, name_start - _GENDER_CHARS) : name_start]
    return bool(_FEMALE.search(before)), bool(_MALE.search(before))
