"""Articles in, ``SentencesV1`` out: the first stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from pipeline.contract import ids
from pipeline.contract.events import Article, Origin, Sentence, SentencesV1, Skipped
from pipeline.metrics import SENTENCES, Count
from pipeline.nlp import spans
from pipeline.stages.context import Context
from pipeline.stages.fields import TextField, text_fields

MODEL_LANGUAGES = ("en", "eng")  # the second is not BCP 47's form, but senders write it
_UNDETERMINED = "und"  # of ISO 639: the sender does not know either


class Arrival(NamedTuple):
    """An article and the record that brought it."""

    article: Article
    origin: Origin


def run(arrivals: Sequence[Arrival], context: Context) -> list[list[BaseModel]]:
    """One ``SentencesV1`` for each article. What the model cannot read is split by rules and says what is skipped."""
    languages = [_language(arrival.article, context) for arrival in arrivals]
    fields = text_fields((place, arrival.article) for place, arrival in enumerate(arrivals))
    sentences = _split(fields, languages, context)
    return [
        [_event(arrival, language, found, context)]
        for arrival, language, found in zip(arrivals, languages, sentences, strict=True)
    ]


def count(event: SentencesV1) -> Iterator[Count]:
    """What one event adds to the metrics."""
    yield Count(SENTENCES, (), len(event.sentences))


def _language(article: Article, context: Context) -> str | None:
    if article.language and article.language.lower() != _UNDETERMINED:
        return article.language
    return context.nlp.detect_language(article.text)


def is_read(language: str | None) -> bool:
    """Whether the model reads a language; an unclear one is tried as if it were."""
    return language is None or language.lower().split("-", 1)[0] in MODEL_LANGUAGES


def _split(fields: list[TextField], languages: list[str | None], context: Context) -> list[list[Sentence]]:
    by_model = [field for field in fields if is_read(languages[field.event])]
    split = dict(zip(by_model, context.nlp.split_sentences([field.text for field in by_model]), strict=True))
    found: list[list[Sentence]] = [[] for _ in languages]
    for field in fields:
        sentences = split[field] if field in split else context.nlp.split_by_rules(field.text)
        before = found[field.event]
        first = len(before)
        before.extend(_contracted(sentence, field, first) for sentence in sentences)
    return found


def _contracted(sentence: spans.Sentence, field: TextField, first: int) -> Sentence:
    return Sentence(
        index=first + sentence.index,
        start=sentence.start,
        end=sentence.end,
        paragraph=sentence.paragraph,
        kind=sentence.kind,
        field=field.name,
    )


def _event(arrival: Arrival, language: str | None, sentences: list[Sentence], context: Context) -> SentencesV1:
    article = arrival.article
    why = f"the article's language is {language} and the model reads {MODEL_LANGUAGES[0]}"
    return SentencesV1(
        id=ids.event_id(article.id, title=article.title, text=article.text),
        article=article,
        language=language,
        sentences=sentences,
        skipped=[]
        if is_read(language)
        else [Skipped(what=what, why=why) for what in ("entities", "assertions", "attributions")],
        origin=arrival.origin,
        pipeline=context.pipeline,
    )
