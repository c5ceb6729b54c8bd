"""START HERE: the stages in order, each with the topic that it reads and the topics that it writes.

To add a stage, add its event to ``contract/events.py``, its function to ``nlp/``, its file to ``stages/``, its topic to
``config/topics.toml`` and a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from pipeline.contract import events
from pipeline.contract.events import ArticleV1, ClaimV1, EnrichedV1, EntitiesV1, RejectedV1, SentencesV1
from pipeline.stages import classify_claims, split_sentences, tag_entities
from pipeline.stages.context import Context

# Events of a batch in; for each of them, in order, the events that come out of it.
StageFunction = Callable[[Sequence[Any], Context], list[list[BaseModel]]]


@dataclass(frozen=True)
class Stage:
    """One step of the chain: ``run`` makes of each ``reads`` event some ``writes`` events."""

    name: events.Stage
    reads: type[BaseModel]
    writes: tuple[type[BaseModel], ...]
    run: StageFunction


STAGES: tuple[Stage, ...] = (
    Stage("split_sentences", ArticleV1, (SentencesV1,), split_sentences.run),
    Stage("tag_entities", SentencesV1, (EntitiesV1,), tag_entities.run),
    Stage("classify_claims", EntitiesV1, (EnrichedV1, ClaimV1), classify_claims.run),
)

# Every event travels on a topic of its own; a prefix is put before the name.
TOPICS: dict[type[BaseModel], str] = {
    ArticleV1: "news.articles",
    SentencesV1: "news.sentences",
    EntitiesV1: "news.entities",
    ClaimV1: "news.claims",
    EnrichedV1: "news.enriched",
    RejectedV1: "news.rejected",
}

# No event: where the stages stand, written with what they make (streaming/worker/offset_log.py).
COMMITS_TOPIC = "news.commits"
