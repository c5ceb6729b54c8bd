"""The nouns of a description: its head, and whether that is a person, a company or another body."""

from __future__ import annotations

import re

from pipeline.nlp.lexicon.tables import table, words_of

# What follows a noun: "the man accused of murder", "the U.S. official overseeing the relief".
ROLE_TAIL = re.compile(
    r"(?:\s+(?:of|to|in|on|for|at|from|by|with|who|that|which|\w+ing)\s.*"
    r"|(?<!\bthe)(?<!\ba)(?<!\ban)\s+(?:accused|convicted|charged|suspected|known|led|identified)\s.*"
    r"|,.*|\s[-\u2013\u2014]+\s.*)$",
    re.IGNORECASE,
)

ROLES = words_of("nouns", "role")
OFFICES = words_of("nouns", "office")
DEPARTMENTS = words_of("nouns", "department")
BROAD = words_of("nouns", "broad")
BODY_NOUNS = words_of("nouns", "body")
STATE = words_of("nouns", "state")
TRADES = words_of("nouns", "trade")
GENERAL = words_of("nouns", "general")
PAPERS = words_of("nouns", "paper")
MEMBERS = words_of("nouns", "members")
_LIKE = "like:"
# Called the one, named the other: "the pontiff" is the pope.
SYNONYMS: dict[str, tuple[str, ...]] = {
    noun: tuple(trait.removeprefix(_LIKE) for trait in traits if trait.startswith(_LIKE))
    for noun, traits in table("nouns").items()
}
_PEOPLE = words_of("nouns", "person")
_NO_PEOPLE = words_of("nouns", "body", "trade", "thing") - _PEOPLE
_PERSON_ENDING = re.compile(r"\w*(?:ist|ian|er|or|man|woman|ant|crat)$")


# "the Springfield, Mass.-based maker of", "the Springfield, Mass., maker of": the town says nothing of who is meant.
_TOWN = re.compile(r"(?<=^[Tt]he )[A-Z][\w .'\u2019-]*?, [A-Z][\w. ]*?(?:, | ?- ?based )")
_SUBCLAUSE = re.compile(r" (?:who|which|that) ")


def company_noun(source: str) -> str | None:
    """Return the noun of "the Springfield, Mass., maker of toys", "the toy and game concern"; else None."""
    if source[:4].lower() != "the ":
        return None
    plain = _TOWN.sub("", source)
    last = plain.split()[-1].lower()
    noun = last if last in TRADES and not _SUBCLAUSE.search(plain) else head_noun(plain).lower()
    return noun if noun in TRADES else None


def head_noun(source: str) -> str:
    """Return the noun that a description is of: "head" of "the head of the court"."""
    return (ROLE_TAIL.sub("", source).split() or [""])[-1]


def is_person(source: str) -> bool:
    """Return whether a description is of a person ("the former minister", "the historian"), not of a body or a name."""
    noun = head_noun(source)
    by_ending = bool(_PERSON_ENDING.match(noun)) and noun not in _NO_PEOPLE
    return noun.lower() in ROLES or (noun.islower() and (noun in _PEOPLE or by_ending))
