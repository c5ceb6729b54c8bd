"""Explain the attributions of an article: where each source stands, and which pass of the sieve told who speaks."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.contract.events import EnrichedV1
from pipeline.labels import FieldName
from pipeline.nlp import spans
from pipeline.stages.classify_claims import entities_of
from pipeline.stages.context import Context
from pipeline.stages.fields import SplitField, split_fields

_NEAR_SENTENCES = 2
_SPEAKING = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC"})


class Explanation(NamedTuple):
    """One attribution and how its speaker was found.

    ``resolved_by`` names the pass and with it the file: "roles.last_person" is a function of
    ``pipeline/nlp/speakers/roles.py``. ``candidates`` are the people and bodies named in the sentence and the two
    before it, by their canonical names, latest first.
    """

    article: str
    field: FieldName
    sentence: str
    content: str
    source: str | None
    cue: str | None
    speaker: str | None
    resolved_by: str
    candidates: list[str]


def explain(event: EnrichedV1, context: Context) -> list[Explanation]:
    """Return an explanation of each attribution of an article, in the order of their contents."""
    if event.entities is None:
        return []
    parts = split_fields([(0, event)])
    texts, sentences = [part.field.text for part in parts], [part.sentences for part in parts]
    found = context.nlp.find_attributions(texts, sentences, [entities_of(event, part) for part in parts])
    return [_explanation(event, part, one) for part, own in zip(parts, found, strict=True) for one in own.attributions]


def _explanation(event: EnrichedV1, part: SplitField, attribution: spans.Attribution) -> Explanation:
    said = next(span for span in (attribution.source, attribution.cue, attribution.content) if span is not None)
    sentence = next(one for one in part.sentences if said.start < one.end)
    last = part.first + sentence.index
    near = [
        entity
        for entity in event.entities or []
        if entity.field == part.field.name and last - _NEAR_SENTENCES <= entity.sentence <= last
    ]
    candidates = [entity.canonical or entity.text for entity in reversed(near) if entity.label in _SPEAKING]
    return Explanation(
        article=event.article.id,
        field=part.field.name,
        sentence=part.field.text[sentence.start : sentence.end],
        content=attribution.content.text,
        source=attribution.source.text if attribution.source else None,
        cue=attribution.cue.text if attribution.cue else None,
        speaker=attribution.speaker,
        resolved_by=attribution.resolved_by or "no source",
        candidates=list(dict.fromkeys(candidates)),
    )
