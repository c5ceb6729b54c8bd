"""``SentencesV1`` in, ``EntitiesV1`` out: the second stage."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from pipeline.contract.events import EntitiesV1, Entity, SentencesV1
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
    for part, entities in zip(fields, tagged, strict=True):
        found[part.field.event].extend(_contracted(entity, part) for entity in entities)
    return [[_event(event, found.get(place), context)] for place, event in enumerate(events)]


def _contracted(entity: spans.Entity, part: SplitField) -> Entity:
    return Entity(
        start=entity.start,
        end=entity.end,
        text=entity.text,
        label=entity.label,
        sentence=part.first + entity.sentence,
        score=entity.score,
        field=part.field.name,
    )


def _event(event: SentencesV1, entities: list[Entity] | None, context: Context) -> EntitiesV1:
    return EntitiesV1.model_construct(**{**dict(event), "entities": entities, "pipeline": context.pipeline})
