"""A line of an article as two versions of it are compared: its text, its kind, its names and values, is it a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.labels import FieldName, SentenceKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline.contract.events import EntitiesV1


class Mention(NamedTuple):
    """A name or value at ``text[start:end]`` of its line; ``label`` is one of OntoNotes 5."""

    start: int
    end: int
    label: str
    canonical: str | None = None


class Line(NamedTuple):
    """A sentence or another line of an article, in the order of the article's sentences."""

    text: str
    mentions: tuple[Mention, ...] = ()
    claim: bool = False
    kind: SentenceKind = "sentence"
    field: FieldName = "text"


def lines_of(event: EntitiesV1, claims: Collection[int]) -> list[Line]:
    """Return the lines of an article as its event tells of them; ``claims`` are the sentences that are claims."""
    mentions: dict[int, list[Mention]] = {}
    for one in event.entities or ():
        start = event.sentences[one.sentence].start
        mentions.setdefault(one.sentence, []).append(
            Mention(one.start - start, one.end - start, one.label, one.canonical)
        )
    fields = {"title": event.article.title or "", "text": event.article.text}
    return [
        Line(
            fields[sentence.field][sentence.start : sentence.end],
            tuple(mentions.get(sentence.index, ())),
            sentence.index in claims,
            sentence.kind,
            sentence.field,
        )
        for sentence in event.sentences
    ]
