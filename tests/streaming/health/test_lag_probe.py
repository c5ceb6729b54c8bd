"""What a worker's gauges say of its partitions, and what its progress is told, on a real broker."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest
from chain import Chain
from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata
from prometheus_client import generate_latest
from waiting import wait_until

from pipeline.contract.events import ArticleV1, EnrichedV1, EntitiesV1, SentencesV1
from pipeline.metrics import Metrics
from pipeline.streaming.health.lag_probe import LagProbe, _positions
from pipeline.streaming.health.progress import Position
from pipeline.streaming.kafka.clients import open_consumer, open_producer
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.lag import LagReader, PartitionLag

TOPICS = {"split_sentences": "news.articles", "tag_entities": "news.sentences"}


def gauges(metrics: Metrics) -> dict[str, float]:
    lines = generate_latest(metrics.registry).decode().splitlines()
    found = (line.rsplit(" ", 1) for line in lines if line.startswith("claimwire_") and "stage=" in line)
    return {name.removeprefix("claimwire_"): float(value) for name, value in found}


def test_a_stages_gauges_are_the_sum_of_its_partitions_and_the_age_of_the_oldest() -> None:
    metrics = Metrics()
    probe = LagProbe(Connection(("broker:1",)), group="g", topics=TOPICS, assigned=list, metrics=metrics)
    now_ms = int(time.time() * 1000)
    probe.note(
        {
            ("news.articles", 0): PartitionLag(0, 5, 9, 4, now_ms - 60_000),
            ("news.articles", 2): PartitionLag(2, None, 3, 3, now_ms - 600_000),
            ("news.sentences", 0): PartitionLag(0, 9, 10, 0, None),
        }
    )
    found = gauges(metrics)
    assert found['lag_records{stage="split_sentences"}'] == 7
    assert 599 <= found['oldest_article_age_seconds{stage="split_sentences"}'] < 660
    assert found['partitions{stage="split_sentences"}'] == 2
    assert found['lag_records{stage="tag_entities"}'] == 0
    assert found['oldest_article_age_seconds{stage="tag_entities"}'] == 0
    probe.note({})
    assert set(gauges(metrics).values()) == {0}


def test_the_broker_says_what_waits_and_how_old_it_is(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    with Chain(kafka, topic_prefix, tmp_path, partitions=2) as chain:
        pushed_ms = time.time() * 1000
        chain.push([b'{"text":"One."}', b'{"text":"Two."}', b'{"text":"Three."}'], timestamp_ms=12345)
        topics = [chain.topic(event) for event in (ArticleV1, SentencesV1, EntitiesV1)]
        partitions = [(topic, number) for topic in topics for number in range(2)]
        with LagReader(chain.connection, group=f"{topic_prefix}claimwire") as reader:
            before = reader.read(partitions)
            assert [before[topics[0], number].lag for number in range(2)] == [2, 1]
            for number in range(2):
                assert pushed_ms - 1 <= (before[topics[0], number].oldest_ms or 0) <= time.time() * 1000
            assert {before[topics[0], number].committed for number in range(2)} == {None}
            assert {before[topic, 0].lag for topic in topics[1:]} == {0}
            assert reader.read(partitions) == before

            chain.start("w0")
            assert len(chain.outcomes(3).enriched) == 3
            # The outputs may be visible a moment before the offsets are.
            wait_until(lambda: not any(lag.lag for lag in reader.read(partitions).values()))
            after = reader.read(partitions)
        # Behind the last record of the middle topics there is a transaction's marker: nothing waits all the same.
        assert after[topics[1], 0].end > 2
        assert {lag.oldest_ms for lag in after.values()} == {None}
        assert len(chain.records(EnrichedV1)) == 3


def test_a_look_sees_what_waits_wherever_an_earlier_look_has_ended(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    """Partitions of many records, of which a look reads the first, beside one of a transaction's marker alone."""
    with Chain(kafka, topic_prefix, tmp_path) as chain:
        articles = [TopicPartition(chain.topic(ArticleV1), number) for number in range(4)]
        marker = TopicPartition(chain.topic(SentencesV1), 0)
        group = f"{topic_prefix}claimwire"
        with (
            LagReader(chain.connection, group=group) as reader,
            closing(open_consumer(chain.connection, group_id=group)) as commits,
            closing(open_producer(chain.connection, transactional_id=f"{topic_prefix}t")) as producer,
        ):
            producer.init_transactions()
            commits.assign([*articles, marker])
            for done in range(1, 9):
                chain.push([b'{"text":"One."}'] * 16)
                producer.begin_transaction()
                producer.send(marker.topic, b"one", partition=marker.partition)
                producer.commit_transaction()
                offsets = dict.fromkeys(articles, done) | {marker: 2 * done - 1}
                commits.commit({at: OffsetAndMetadata(offset, "", -1) for at, offset in offsets.items()})
                found = reader.read([tuple(partition) for partition in offsets])
                assert [found[at].oldest_ms is not None for at in offsets] == [True] * 4 + [False]
                assert found[marker].lag == 0


@pytest.mark.parametrize(
    ("lag", "waits"),
    [
        (PartitionLag(7, 735, 736, 1, None), False),  # it could not be read in time: a marker may stand there
        (PartitionLag(7, 735, 736, 0, None), False),
        (PartitionLag(7, 735, 737, 2, 1_900_000_000_000), True),
        (PartitionLag(7, None, 5, 5, 0), True),
    ],
)
def test_only_a_record_that_was_seen_to_wait_is_waiting(lag: PartitionLag, *, waits: bool) -> None:
    (position,) = _positions({("news.entities", 7): lag}).values()
    assert position == Position(-1 if lag.committed is None else lag.committed, waits)
