from itertools import pairwise
from typing import get_args

from pipeline.contract import events
from pipeline.contract.events import EVENTS, ArticleV1, EnrichedV1, RejectedV1
from pipeline.settings import shipped
from pipeline.streaming.kafka.topics import load_topics
from pipeline.topology import COMMITS_TOPIC, STAGES, TOPICS


def test_every_stage_of_the_contract_stands_in_the_chain_once_and_in_order() -> None:
    assert tuple(stage.name for stage in STAGES) == get_args(events.Stage)


def test_each_stage_reads_what_the_one_before_writes() -> None:
    assert STAGES[0].reads is ArticleV1
    assert all(after.reads in before.writes for before, after in pairwise(STAGES))
    assert EnrichedV1 in STAGES[-1].writes


def test_every_event_is_written_by_one_stage_or_comes_from_outside() -> None:
    written = [event for stage in STAGES for event in stage.writes]
    assert len(set(written)) == len(written)
    assert {*written, ArticleV1, RejectedV1} == set(EVENTS)


def test_every_event_has_a_topic_of_its_own_that_is_made() -> None:
    assert set(TOPICS) == set(EVENTS)
    made = load_topics(shipped("config") / "topics.toml", prefix="")
    assert sorted([*TOPICS.values(), COMMITS_TOPIC]) == sorted(topic.name for topic in made)
