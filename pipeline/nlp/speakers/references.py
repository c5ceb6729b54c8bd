"""A sentence's pronouns in, the names that they safely mean out: at most one pronoun for each name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.spans import Reference, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.nlp.spans import Attribution, Sentence
    from pipeline.nlp.speakers.speakers import Speakers
    from pipeline.nlp.text.quotes import Quotes

_SUBJECT_FORMS = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("it", "its", "itself"), "it"),
}
_PRONOUN = re.compile(r"\b(?:[Hh](?:e|im|is|imself|er|ers|erself)|[Ss]he|[Ii]t|[Ii]ts|[Ii]tself)\b")
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|me)\b(?!-)")


def meant_before(text: str, sentence: Sentence, speakers: Speakers, quotes: Quotes) -> dict[str, Reference]:
    """Return by "he", "she" and "it" what the first such pronoun of a sentence means by what stands before it.

    What is quoted is left out: its pronouns go on from what the speaker has said.
    """
    found: dict[str, Reference] = {}
    seen = set()
    for match in _PRONOUN.finditer(text, sentence.start, sentence.end):
        word = _SUBJECT_FORMS[match.group().lower()]
        if word in seen or quotes.touching(*match.span()):
            continue
        seen.add(word)
        if name := speakers.meant_by(word, Span(*match.span(), match.group()), sentence.index):
            found[word] = Reference(*match.span(), match.group(), sentence.index, name)
    return found


def references_of(
    text: str, sentence: Sentence, before: dict[str, Reference], own: Sequence[Attribution]
) -> Iterator[Reference]:
    """Yield the references of a sentence whose attributions are known: a pronoun that speaks means its speaker."""
    said = {}
    for one in own:
        word = _SUBJECT_FORMS.get(one.source.text.lower()) if one.source else None
        if one.source and word and sentence.start <= one.source.start < sentence.end and word not in said:
            name = one.speaker
            said[word] = name and Reference(one.source.start, one.source.end, one.source.text, sentence.index, name)
    named = set()
    for reference in (*said.values(), *(one for word, one in before.items() if word not in said)):
        if reference and reference.name not in named:
            named.add(reference.name)
            yield reference
    for one in own:
        if one.kind == "direct" and one.speaker and one.speaker not in named:
            start, end = max(one.content.start, sentence.start), min(one.content.end, sentence.end)
            if match := _FIRST_PERSON.search(text, start, end):
                named.add(one.speaker)
                yield Reference(*match.span(), match.group(), sentence.index, one.speaker)
