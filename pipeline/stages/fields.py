"""The texts of events in, results by event out: titles and texts are one batch for the language functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.contract.events import Article, Sentence, SentencesV1
from pipeline.labels import FieldName
from pipeline.nlp import spans


class TextField(NamedTuple):
    """One field of one article of the batch: ``event`` is the article's place in it."""

    event: int
    name: FieldName
    text: str


def text_fields(articles: Iterable[tuple[int, Article]]) -> list[TextField]:
    """Title and text of each article, in this order; a blank one has nothing to find."""
    fields: list[TextField] = []
    for place, article in articles:
        if article.title and article.title.strip():
            fields.append(TextField(place, "title", article.title))
        if article.text.strip():
            fields.append(TextField(place, "text", article.text))
    return fields


class SplitField(NamedTuple):
    """A field with its sentences as the language functions take them; ``first`` is its first sentence's index."""

    field: TextField
    first: int
    sentences: list[spans.Sentence]


def split_fields(events: Sequence[tuple[int, SentencesV1]]) -> list[SplitField]:
    """The fields of events whose sentences are known; indices count from 0 within the field again."""
    split: list[SplitField] = []
    by_place = dict(events)
    for field in text_fields((place, event.article) for place, event in events):
        found = [sentence for sentence in by_place[field.event].sentences if sentence.field == field.name]
        first = found[0].index if found else 0
        split.append(SplitField(field, first, [_plain(sentence, first) for sentence in found]))
    return split


def _plain(sentence: Sentence, first: int) -> spans.Sentence:
    return spans.Sentence(
        index=sentence.index - first,
        start=sentence.start,
        end=sentence.end,
        paragraph=sentence.paragraph,
        kind=sentence.kind,
    )
