"""Sources and the names found in a text in, names in the sources that were missed out, told by their capitals.

Who is said to speak is nearly always a name where it has capitals: one that the tagger missed would cost a speaker.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import BODY_NOUNS, ROLES, is_person
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.names.companies import full_names, short_names
from pipeline.nlp.spans import Entity
from pipeline.nlp.text.characters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.nlp.spans import Sentence

_WORD = rf"[{CAPITALS}](?:[\w-]|\.(?=[\w -])|['\u2019](?!s\b)(?=\w))*"
_PARTICLES = alternation({"of", "for", "and", "the", *words_of("name_parts", "particle")})
_RUN = re.compile(rf"(?<!\w){_WORD}(?: (?:(?:{_PARTICLES}) ){{0,2}}{_WORD})*")
_TITLES = {title.lower() for title in words_of("titles") - words_of("titles", "place", "suffix")}
_NO_NAMES = words_of("function_words", "unnamed")
_DESCRIBES = re.compile(r"\S+-(?:[a-z]+ed|run|led)")  # "U.N.-funded"
_INSIDE = frozenset({"of", "and", "for"})
_MOST_PERSON_WORDS = 4
_PREPOSITION, _FULL_NAME = 2, 2  # words: "of Defense", "Jane Doe"


def missed_names(
    text: str, units: Sequence[Sentence], entities: Sequence[Entity], sources: Iterable[tuple[int, int, int]]
) -> Iterator[Entity]:
    """Return names in the sources, each (start, end, sentence), that overlap none of the entities."""
    taken = {at for one in entities for at in range(one.start, one.end)}
    people = {word for one in entities if one.label == "PERSON" for word in one.text.split()}
    bodies = {one.text for one in entities if one.label == "ORG"}
    companies = short_names(full_names(entities))
    for start, end, sentence in sorted(set(sources)):
        for run in _RUN.finditer(text, start, end):
            alone = run.span() == (start, end) and run.group().lower() in companies
            known = bodies | {run.group()} if alone else bodies
            name = _name(text, run, units[sentence].start, people, known)
            whole = run.span() == (start, end) and start > units[sentence].start
            if name is None and whole and _is_bare_name(run.group()):
                name = start, end, "PERSON"
            if name is None or not taken.isdisjoint(range(name[0], name[1])):
                continue
            taken.update(range(name[0], name[1]))
            yield Entity(name[0], name[1], text[name[0] : name[1]], name[2], sentence, None)


def _name(
    text: str, run: re.Match[str], sentence: int, people: set[str], bodies: set[str]
) -> tuple[int, int, str] | None:
    words = [(run.start() + match.start(), match.group()) for match in re.finditer(r"\S+", run.group())]
    while words and (words[0][1].lower() in _NO_NAMES or _DESCRIBES.fullmatch(words[0][1])):
        words.pop(0)
    body = bool(words) and words[-1][1].lower() in BODY_NOUNS  # "Cardinal Doe Foundation"
    role = -1 if body else max((at for at, (_, word) in enumerate(words) if _is_role(word)), default=-1)
    words = words[role + 1 :]
    if words and words[0][1].islower():  # "Secretary of State Jane Doe", not "Commissioner for Human Rights Jane Doe"
        words = words[2:] if words[1][1] == "State" or len(words) == _PREPOSITION + _FULL_NAME else []
    if not words:
        return None
    start, name = words[0][0], text[words[0][0] : run.end()]
    before, after = text[max(sentence, start - 40) : start].split(), text[run.end() : run.end() + 30].split()[:2]
    if role >= 0 or set(name.split()) <= people or (before and is_person(before[-1].strip(","))):
        return start, run.end(), "PERSON"
    acronym = len(name) > 1 and name.replace(".", "").isupper()
    if len(words) == 1 and name not in bodies and not acronym:
        # The first word of a sentence has its capital anyway, and "Iranian" in "the Iranian officials" is no body.
        adjective = bool(after) and text.startswith(" ", run.end()) and after[0].islower()
        describes = adjective and BODY_NOUNS.isdisjoint(after)
        return None if start == sentence or describes or name.lower() in BODY_NOUNS else (start, run.end(), "ORG")
    small = {word.lower() for word in name.split()}
    behind_article = bool(before) and before[-1].lower() == "the"
    body = behind_article or acronym or name in bodies or len(words) > _MOST_PERSON_WORDS
    body = body or not small.isdisjoint(BODY_NOUNS | _INSIDE)
    return start, run.end(), "ORG" if body else "PERSON"


def _is_bare_name(word: str) -> bool:
    """Return whether a source of one word with a capital within its sentence is a name: not "He", not "Congress"."""
    small = word.lower()
    return word[1:].islower() and not word.endswith("s") and small not in _NO_NAMES | BODY_NOUNS and not _is_role(word)


def _is_role(word: str) -> bool:
    bare = word.lower().strip(".,")
    return bare in ROLES or bare in _TITLES
