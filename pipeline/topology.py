"""START HERE: the stages in order, each with the topic that it reads and the topics that it writes.

To add a stage, add its event to ``contract/events.py``, its function to ``nlp/``, its file to ``stages/``, its topic to
``config/topics.toml`` and a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from pipeline.contract.events import ArticleV1, ClaimV1, EnrichedV1, EntitiesV1, RejectedV1, SentencesV1
from pipeline.metrics import ARTICLES_OUT, Count
from pipeline.stages import classify_claims, split_sentences, tag_entities
from pipeline.stages.context import Context
from pipeline.stages.split_sentences import Arrival

# Events of a batch in; for each of them, in order, the events that come out of it.
StageFunction = Callable[[Sequence[Any], Context], list[list[BaseModel]]]

# What an event adds to the metrics, of all that is in it only what its stage has found.
CountFunction = Callable[[Any], Iterable[Count]]


@dataclass(frozen=True)
class Stage:
    """One step of the chain: ``run`` makes of each ``reads`` event some ``writes`` events.

    The first event that it writes stands for the article: the next stage reads it.
    """

    name: str
    reads: type[BaseModel]
    writes: Mapping[type[BaseModel], CountFunction]
    run: StageFunction

    @property
    def passes_on(self) -> type[BaseModel]:
        """The event that stands for the article."""
        return next(iter(self.writes))

    def counts(self, event: BaseModel) -> tuple[Count, ...]:
        """What one of its events adds to the metrics once it is committed."""
        passed_on = [Count(ARTICLES_OUT, (self.name,))] if type(event) is self.passes_on else []
        return (*passed_on, *self.writes[type(event)](event))


STAGES: tuple[Stage, ...] = (
    Stage("split_sentences", ArticleV1, {SentencesV1: split_sentences.count_sentences}, split_sentences.run),
    Stage("tag_entities", SentencesV1, {EntitiesV1: tag_entities.count_entities}, tag_entities.run),
    Stage(
        "classify_claims",
        EntitiesV1,
        {EnrichedV1: classify_claims.count_enriched, ClaimV1: classify_claims.count_claim},
        classify_claims.run,
    ),
)

# Every event travels on a topic of its own; a prefix is put before the name.
TOPICS: dict[type[BaseModel], str] = {
    ArticleV1: "news.articles",
    SentencesV1: "news.sentences",
    EntitiesV1: "news.entities",
    EnrichedV1: "news.enriched",
    ClaimV1: "news.claims",
    RejectedV1: "news.rejected",
}

# No events: where the stages stand, written with what they make (streaming/worker/offset_log.py), and which rejected
# records were replayed or dropped (streaming/operations/marks.py).
COMMITS_TOPIC = "news.commits"
MARKS_TOPIC = "news.rejected.done"


def enrich_arrivals(arrivals: Sequence[Arrival], context: Context) -> list[list[BaseModel]]:
    """Run all stages in one call, without Kafka.

    Returns:
        For each article its ``EnrichedV1`` and then its claims: what the chain puts on its output topics.
    """
    events: Sequence[Any] = arrivals
    for stage in STAGES[:-1]:
        events = [event for (event,) in stage.run(events, context)]
    return STAGES[-1].run(events, context)
