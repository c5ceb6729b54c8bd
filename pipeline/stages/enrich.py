"""Articles in, ``EnrichedV1`` and claims out, all stages in one call and without Kafka."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from pipeline.contract.events import EntitiesV1, SentencesV1
from pipeline.stages import classify_claims, split_sentences, tag_entities
from pipeline.stages.context import Context
from pipeline.stages.split_sentences import Arrival


def enrich(arrivals: Sequence[Arrival], context: Context) -> list[list[BaseModel]]:
    """For each article its ``EnrichedV1`` and then its claims: what the chain puts on its output topics."""
    split = [event for (event,) in split_sentences.run(arrivals, context) if isinstance(event, SentencesV1)]
    tagged = [event for (event,) in tag_entities.run(split, context) if isinstance(event, EntitiesV1)]
    return classify_claims.run(tagged, context)
