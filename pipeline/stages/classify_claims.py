"""``EntitiesV1`` in, one ``EnrichedV1`` and a ``ClaimV1`` for each check-worthy sentence out: the last stage."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from pydantic import BaseModel

from pipeline.contract import ids
from pipeline.contract.events import (
    Assertion,
    Attribution,
    Claimant,
    ClaimArticle,
    ClaimSentence,
    ClaimV1,
    EnrichedV1,
    EntitiesV1,
    Entity,
    Reference,
    Sentence,
    Span,
)
from pipeline.metrics import CLAIMS, ENRICHED, Count
from pipeline.nlp import spans
from pipeline.stages.context import Context
from pipeline.stages.fields import SplitField, split_fields
from pipeline.stages.in_context import in_context


def run(events: Sequence[EntitiesV1], context: Context) -> list[list[BaseModel]]:
    """For each event its ``EnrichedV1`` and then its claims, in the order of the sentences."""
    wanted = [(place, event) for place, event in enumerate(events) if event.entities is not None]
    fields = split_fields(wanted)
    texts = [part.field.text for part in fields]
    sentences = [part.sentences for part in fields]
    entities = [entities_of(events[part.field.event], part) for part in fields]
    classified = context.nlp.classify_claims(texts, sentences, entities)
    attributed = context.nlp.find_attributions(texts, sentences, entities)
    assertions: dict[int, list[Assertion]] = {place: [] for place, _ in wanted}
    attributions: dict[int, list[Attribution]] = {place: [] for place, _ in wanted}
    references: dict[int, list[Reference]] = {place: [] for place, _ in wanted}
    for part, said, resolved in zip(fields, classified, attributed, strict=True):
        place = part.field.event
        assertions[place].extend(_assertion(found, part.first + number) for number, found in enumerate(said))
        attributions[place].extend(_attribution(found, part) for found in resolved.attributions)
        references[place].extend(_reference(found, part) for found in resolved.references)
    return [
        _outputs(event, assertions.get(place), attributions.get(place), references.get(place), context)
        for place, event in enumerate(events)
    ]


def count_enriched(event: EnrichedV1) -> Iterator[Count]:
    """What one enriched event adds to the metrics."""
    yield Count(ENRICHED, ("partial" if event.skipped else "whole",))


def count_claim(event: ClaimV1) -> Iterator[Count]:
    """What one claim adds to the metrics."""
    yield Count(CLAIMS, (event.label,))


def entities_of(event: EntitiesV1, part: SplitField) -> list[spans.Entity]:
    """The entities of one field as the language functions take them."""
    return [
        spans.Entity(
            start=entity.start,
            end=entity.end,
            text=entity.text,
            label=entity.label,
            sentence=entity.sentence - part.first,
            score=entity.score,
        )
        for entity in event.entities or []
        if entity.field == part.field.name
    ]


def _assertion(found: spans.Assertion, sentence: int) -> Assertion:
    return Assertion(
        sentence=sentence,
        label=found.label,
        score=found.score,
        probabilities=found.probabilities,
        types=list(found.types),
        reasons=list(found.reasons),
    )


def _attribution(found: spans.Attribution, part: SplitField) -> Attribution:
    return Attribution(
        sentence=part.first + found.sentence,
        source=_span(found.source),
        cue=_span(found.cue),
        content=Span(start=found.content.start, end=found.content.end, text=found.content.text),
        kind=found.kind,
        speaker=found.speaker,
        field=part.field.name,
    )


def _reference(found: spans.Reference, part: SplitField) -> Reference:
    return Reference(
        sentence=part.first + found.sentence,
        start=found.start,
        end=found.end,
        text=found.text,
        name=found.name,
        field=part.field.name,
    )


def _span(found: spans.Span | None) -> Span | None:
    return None if found is None else Span(start=found.start, end=found.end, text=found.text)


def _outputs(
    event: EntitiesV1,
    assertions: list[Assertion] | None,
    attributions: list[Attribution] | None,
    references: list[Reference] | None,
    context: Context,
) -> list[BaseModel]:
    found = {"assertions": assertions, "attributions": attributions, "references": references}
    enriched = EnrichedV1.model_construct(**{**dict(event), **found, "pipeline": context.pipeline})
    return [enriched, *claims_of(enriched, threshold=context.threshold)]


def check_worthy(event: EnrichedV1, *, threshold: float) -> list[Assertion]:
    """What becomes a claim: each sentence of at least this score."""
    return [found for found in event.assertions or [] if found.score >= threshold]


def claims_of(event: EnrichedV1, *, threshold: float) -> list[ClaimV1]:
    """The claims that an enriched event tells of, in the order of the sentences."""
    named: dict[int, list[Entity]] = {}
    for entity in event.entities or []:
        named.setdefault(entity.sentence, []).append(entity)
    said = _said(event)
    meant: dict[int, list[Reference]] = {}
    for reference in event.references or []:
        meant.setdefault(reference.sentence, []).append(reference)
    worthy = check_worthy(event, threshold=threshold)
    lineages = ids.lineage_ids(event.article.id, [_text(event, event.sentences[found.sentence]) for found in worthy])
    return [
        _claim(
            event,
            found,
            named.get(found.sentence, []),
            said.get(found.sentence, []),
            meant.get(found.sentence, []),
            lineage=lineage,
        )
        for lineage, found in zip(lineages, worthy, strict=True)
    ]


def _said(event: EnrichedV1) -> dict[int, list[Attribution]]:
    """Of each sentence the attributions whose content has a part of it."""
    found: dict[int, list[Attribution]] = {}
    for name, group in groupby(event.sentences, key=lambda sentence: sentence.field):
        sentences = list(group)
        starts, ends = [sentence.start for sentence in sentences], [sentence.end for sentence in sentences]
        for said in event.attributions or []:
            if said.field == name:
                first = bisect_right(ends, said.content.start)
                last = bisect_left(starts, said.content.end)
                for sentence in sentences[first:last]:
                    found.setdefault(sentence.index, []).append(said)
    return found


def _claim(
    event: EnrichedV1,
    assertion: Assertion,
    entities: list[Entity],
    attributions: list[Attribution],
    references: list[Reference],
    *,
    lineage: str,
) -> ClaimV1:
    article, sentence = event.article, event.sentences[assertion.sentence]
    told = _claim_sentence(event, sentence)
    return ClaimV1(
        id=ids.sentence_id(event.id, sentence.index),
        lineage=lineage,
        article=ClaimArticle.of(article),
        sentence=told,
        in_context=in_context(told, entities, references, published=article.published),
        label=assertion.label,
        score=assertion.score,
        types=assertion.types,
        reasons=assertion.reasons,
        entities=entities,
        claimant=_claimant(attributions, sentence),
        origin=event.origin,
        pipeline=event.pipeline,
    )


def _claim_sentence(event: EnrichedV1, sentence: Sentence) -> ClaimSentence:
    return ClaimSentence(
        index=sentence.index,
        start=sentence.start,
        end=sentence.end,
        text=_text(event, sentence),
        before=_neighbour(event, sentence, -1),
        after=_neighbour(event, sentence, +1),
        field=sentence.field,
    )


def _neighbour(event: EnrichedV1, sentence: Sentence, step: int) -> str | None:
    index = sentence.index + step
    if not 0 <= index < len(event.sentences) or event.sentences[index].field != sentence.field:
        return None
    return _text(event, event.sentences[index])


def _text(event: EnrichedV1, sentence: Sentence) -> str:
    field = event.article.title if sentence.field == "title" else event.article.text
    return (field or "")[sentence.start : sentence.end]


def _claimant(attributions: list[Attribution], sentence: Sentence) -> Claimant | None:
    """Whoever is said to have said most of the sentence: of several attributions the one with the longest content."""
    if not attributions:
        return None
    said = max(attributions, key=lambda found: _overlap(found, sentence))
    return Claimant(
        text=said.source.text if said.source else None,
        speaker=said.speaker,
        cue=said.cue.text if said.cue else None,
        kind=said.kind,
    )


def _overlap(said: Attribution, sentence: Sentence) -> int:
    return min(said.content.end, sentence.end) - max(said.content.start, sentence.start)
