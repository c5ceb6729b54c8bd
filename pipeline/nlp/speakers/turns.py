"""Who has the word in each paragraph of a transcript or an interview, by the line or head that says so."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.nlp.names.canonical import last_word
from pipeline.nlp.spans import Attribution, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.spans import Sentence
    from pipeline.nlp.speakers.speakers import Speakers

_ROLE = re.compile(r"[,(].*")
_TAIL, _ARROWS = " :\t", "> "
_QUESTIONS, _ANSWERS = frozenset({"Q", "QUESTION", "Q."}), frozenset({"A", "ANSWER", "A."})
_INTERVIEW = re.compile(r"\b(?:[Ii]nterview(?:ed)?|Q ?& ?A|(?:answer(?:ed|s)?|replie[ds] to) (?:\w+ ){0,2}questions)\b")
_LEAST_QUESTIONS = 2
_MARKS = "\"'\u201c\u2018\u00ab"
_BY = "turns.turn"


def turns_of(text: str, sentences: Sequence[Sentence], speakers: Speakers) -> dict[int, Attribution]:
    """Return who speaks in each paragraph that a speaker line begins, as an attribution of that line."""
    lines = [one for one in sentences if one.kind == "speaker"]
    if not lines:
        return _answers(text, sentences, speakers)
    heads = [text[line.start : line.end].rstrip(_TAIL) for line in lines]
    people = {name for one, name in speakers.names.items() if one.label == "PERSON"}
    asked = _interviewed(lines[0], speakers)
    turns = {}
    for line, head in zip(lines, heads, strict=True):
        start = line.start + len(head) - len(head.lstrip(_ARROWS))
        source = Span(start, line.start + len(head), text[start : line.start + len(head)])
        label = source.text.upper()
        speaker = asked if label in _ANSWERS else None
        if source.text and label not in {*_QUESTIONS, *_ANSWERS}:
            speaker = _name(source.text, heads, people)
        turns[line.paragraph] = Attribution(source, None, source, "direct", speaker, line.index, _BY)
    return turns


def _answers(text: str, sentences: Sequence[Sentence], speakers: Speakers) -> dict[int, Attribution]:
    """Return who speaks in the paragraphs behind questions that are paragraphs, where the text says: an interview."""
    asked = [one for one, after in pairwise(sentences) if _is_question(text, one, after)]
    if len(asked) < _LEAST_QUESTIONS or not _INTERVIEW.search(text, 0, asked[0].start):
        return {}
    speaker = _interviewed(asked[0], speakers)
    nowhere = Span(asked[0].start, asked[0].start, "")
    questions = {one.paragraph for one in asked}
    answers = [one.paragraph for one in sentences if one.index > asked[0].index and one.paragraph not in questions]
    return {place: Attribution(None, None, nowhere, "direct", speaker, asked[0].index, _BY) for place in answers}


def _is_question(text: str, one: Sentence, after: Sentence) -> bool:
    return (
        text[one.start : one.end].endswith("?") and one.paragraph != after.paragraph and text[one.start] not in _MARKS
    )


def _name(head: str, heads: Sequence[str], people: set[str]) -> str:
    """Return the fullest name of who a line is headed by: "REED" is "ADA REED, HOST" of another line.

    Of two people of one surname a head means nobody but itself.
    """
    bare = _ROLE.sub("", head).strip(_TAIL)
    others = {_ROLE.sub("", other).strip(_TAIL + _ARROWS) for other in heads}
    same = {name for name in {*others, *people} if last_word(name) == last_word(bare)}
    if " " not in bare and len(same) == 1:  # of a family name that stands first: "XU" is "XU YING"
        same |= {name for name in others if name.partition(" ")[0] == bare}
    by_words = {tuple(name.upper().split()): name for name in sorted(same, key=lambda name: name in people)}
    own = by_words.get(tuple(bare.upper().split()), bare)
    fuller = {words: name for words, name in by_words.items() if len(words) > 1}
    return own if " " in bare or len(fuller) != 1 else next(iter(fuller.values()))


def _interviewed(first: Sentence, speakers: Speakers) -> str | None:
    """Return the one person named before the first question, who answers."""
    named = {name for one, name in speakers.names.items() if one.label == "PERSON" and one.end <= first.start}
    return named.pop() if len(named) == 1 else None
