from itertools import pairwise

from pipeline.contract.events import ArticleV1, EnrichedV1, RejectedV1
from pipeline.settings import shipped
from pipeline.streaming.kafka.topics import load_topics
from pipeline.topology import COMMITS_TOPIC, MARKS_TOPIC, STAGES, TOPICS


def test_a_stages_name_is_its_own_and_that_of_its_file() -> None:
    assert [f"pipeline.stages.{stage.name}" for stage in STAGES] == [stage.run.__module__ for stage in STAGES]
    assert len({stage.name for stage in STAGES}) == len(STAGES)


def test_each_stage_reads_what_the_one_before_writes() -> None:
    assert STAGES[0].reads is ArticleV1
    assert all(after.reads is before.passes_on for before, after in pairwise(STAGES))
    assert STAGES[-1].passes_on is EnrichedV1


def test_every_event_is_written_by_one_stage_or_comes_from_outside() -> None:
    written = [event for stage in STAGES for event in stage.writes]
    assert len(set(written)) == len(written)
    assert {*written, ArticleV1, RejectedV1} == set(TOPICS)


def test_every_event_has_a_topic_of_its_own_that_is_made() -> None:
    made = load_topics(shipped("config") / "topics.toml", prefix="")
    assert sorted([*TOPICS.values(), COMMITS_TOPIC, MARKS_TOPIC]) == sorted(topic.name for topic in made)
