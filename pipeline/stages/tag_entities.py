"""``SentencesV1`` in, ``EntitiesV1`` out: the second stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from pydantic import BaseModel

from pipeline.contract.events import EntitiesV1, Entity, SentencesV1
from pipeline.metrics import ENTITIES, Count
from pipeline.nlp import spans
from pipeline.stages.context import Context
from pipeline.stages.fields import SplitField, split_fields


def run(events: Sequence[SentencesV1], context: Context) -> list[list[BaseModel]]:
    """One ``EntitiesV1`` for each event; entities are null where the first stage has skipped them."""
    wanted = [
        (place, event)
        for place, event in enumerate(events)
        if all(skipped.what != "entities" for skipped in event.skipped)
    ]
    fields = split_fields(wanted)
    tagged = context.nlp.tag_entities([part.field.text for part in fields], [part.sentences for part in fields])
    found: dict[int, list[Entity]] = {place: [] for place, _ in wanted}
    for place, group in groupby(zip(fields, tagged, strict=True), key=lambda pair: pair[0].field.event):
        found[place] = _article(list(group), context)
    return [[_event(event, found.get(place), context)] for place, event in enumerate(events)]


def count_entities(event: EntitiesV1) -> Iterator[Count]:
    """What one event adds to the metrics."""
    for label, amount in Counter(entity.label for entity in event.entities or ()).items():
        yield Count(ENTITIES, (label,), amount)


def _article(fields: Sequence[tuple[SplitField, Sequence[spans.Entity]]], context: Context) -> list[Entity]:
    """The entities of one article: a name in the title and the same one in the text are one."""
    names = context.nlp.canonical_names([(part.field.text, entities) for part, entities in fields])
    return [
        _contracted(entity, part, canonical)
        for (part, entities), canonicals in zip(fields, names, strict=True)
        for entity, canonical in zip(entities, canonicals, strict=True)
    ]


def _contracted(entity: spans.Entity, part: SplitField, canonical: str | None) -> Entity:
    return Entity(
        start=entity.start,
        end=entity.end,
        text=entity.text,
        label=entity.label,
        sentence=part.first + entity.sentence,
        score=entity.score,
        field=part.field.name,
        canonical=canonical,
    )


def _event(event: SentencesV1, entities: list[Entity] | None, context: Context) -> EntitiesV1:
    return EntitiesV1.model_construct(**{**dict(event), "entities": entities, "pipeline": context.pipeline})
