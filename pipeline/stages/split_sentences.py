"""Articles in, ``SentencesV1`` out: the first stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from pipeline.contract import ids
from pipeline.contract.events import Article, Origin, Sentence, SentencesV1, Skipped
from pipeline.contract.languages import may_be_a_country, understood
from pipeline.labels import WITHDRAWN
from pipeline.metrics import SENTENCES, Count
from pipeline.nlp import spans
from pipeline.stages.context import Context
from pipeline.stages.fields import TextField, text_fields

MODEL_LANGUAGES = ("en", "eng")  # the second is not BCP 47's form, but senders write it
_PICTURES = ("picture", "graphic")  # types of ninjs whose text is a caption


class Arrival(NamedTuple):
    """An article and the record that brought it."""

    article: Article
    origin: Origin


def run(arrivals: Sequence[Arrival], context: Context) -> list[list[BaseModel]]:
    """One ``SentencesV1`` for each article. What the model cannot read is split by rules and says what is skipped."""
    languages = [_language(arrival.article, context) for arrival in arrivals]
    fields = text_fields((place, arrival.article) for place, arrival in enumerate(arrivals))
    sentences = _split(fields, languages, context)
    for arrival, found in zip(arrivals, sentences, strict=True):
        if arrival.article.extra.get("type") in _PICTURES:
            found[:] = [_as_caption(sentence) for sentence in found]
    return [
        [_event(arrival, language, found, context)]
        for arrival, language, found in zip(arrivals, languages, sentences, strict=True)
    ]


def count_sentences(event: SentencesV1) -> Iterator[Count]:
    """What one event adds to the metrics."""
    yield Count(SENTENCES, (), len(event.sentences))


def _language(article: Article, context: Context) -> str | None:
    """The article's own, where it says one that can be told; else the text's."""
    stated = article.language and understood(article.language)
    if stated and not may_be_a_country(stated):
        return article.language
    detected = context.nlp.detect_language(article.text)
    return article.language if stated and not (detected and is_read(detected)) else detected


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


def _as_caption(sentence: Sentence) -> Sentence:
    of_text = sentence.field == "text" and sentence.kind in {"sentence", "headline"}
    return sentence.model_copy(update={"kind": "caption"}) if of_text else sentence


def _why_skipped(article: Article, language: str | None) -> str | None:
    """Return why nothing but sentences is looked for; None where all is."""
    if article.status in WITHDRAWN:
        return f"the article is {article.status}"
    if is_read(language):
        return None
    return f"the article's language is {language} and the model reads {MODEL_LANGUAGES[0]}"


def _event(arrival: Arrival, language: str | None, sentences: list[Sentence], context: Context) -> SentencesV1:
    article = arrival.article
    why = _why_skipped(article, language)
    return SentencesV1(
        id=ids.event_id(article.id, title=article.title, text=article.text),
        article=article,
        language=language,
        sentences=sentences,
        skipped=[Skipped(what=what, why=why) for what in ("entities", "assertions", "attributions")] if why else [],
        origin=arrival.origin,
        pipeline=context.pipeline,
    )
