"""Where the partitions stand, when the group's coordinator and the chain's own log do not say the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Timer

import orjson
import pytest
from chain import Chain
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import MemberToRemove
from kafka.structs import OffsetAndMetadata
from waiting import wait_until

from pipeline.contract.events import ArticleV1, EntitiesV1, SentencesV1
from pipeline.settings import shipped
from pipeline.streaming.kafka.topics import create_topics, load_topics
from pipeline.streaming.worker import offset_log as offset_logs
from pipeline.streaming.worker.offset_log import NO_METADATA, Commit, OffsetLog
from pipeline.topology import COMMITS_TOPIC

INPUTS = (ArticleV1, SentencesV1, EntitiesV1)


@pytest.fixture
def chain(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Chain]:
    with Chain(kafka, topic_prefix, tmp_path, partitions=2) as chain:
        yield chain


@pytest.fixture
def log(chain: Chain) -> Iterator[OffsetLog]:
    with closing(log_of(chain)) as log:
        yield log


def log_of(chain: Chain) -> OffsetLog:
    return OffsetLog(chain.connection, group=group(chain), topic=chain.prefix + COMMITS_TOPIC)


def group(chain: Chain) -> str:
    return f"{chain.prefix}claimwire"


def articles(first: int, last: int) -> Iterator[bytes]:
    return (orjson.dumps({"id": f"a{number}", "text": "One line."}) for number in range(first, last))


def inputs(chain: Chain) -> list[TopicPartition]:
    return [TopicPartition(chain.topic(event), number) for event in INPUTS for number in range(chain.partitions)]


def reported(chain: Chain) -> dict[TopicPartition, OffsetAndMetadata]:
    """What the group's coordinator says."""
    with closing(KafkaConsumer(bootstrap_servers=chain.bootstrap, group_id=group(chain))) as consumer:
        return {partition: consumer.committed(partition, metadata=True) for partition in inputs(chain)}


def commit(chain: Chain, offset: int, metadata: str) -> None:
    """Set all offsets of the group, which must have no member."""
    with closing(
        KafkaConsumer(bootstrap_servers=chain.bootstrap, group_id=group(chain), enable_auto_commit=False)
    ) as consumer:
        consumer.commit({partition: OffsetAndMetadata(offset, metadata, -1) for partition in inputs(chain)})


def finished(chain: Chain, articles_pushed: int) -> None:
    """Run a worker until all that was pushed has come out, end it, and take it out of the group."""
    chain.start("w0")
    assert sum(chain.outcomes(articles_pushed).places().values()) == articles_pushed
    assert chain.stop("w0") == 0
    with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
        admin.remove_group_members(group(chain), [MemberToRemove(group_instance_id=f"{chain.prefix}w0")])


@pytest.mark.slow
def test_a_coordinator_that_is_behind_makes_nothing_be_done_again_and_is_corrected(chain: Chain) -> None:
    places = chain.push(articles(0, 100))
    finished(chain, 100)
    right = reported(chain)
    commit(chain, 10, right[inputs(chain)[0]].metadata)
    chain.start("w0")
    wait_until(lambda: reported(chain) == right)
    places += chain.push(articles(100, 120))
    assert chain.outcomes(120).places() == dict.fromkeys(places, 1)
    assert "does not know what was committed" in chain.log("w0")


def test_a_coordinator_that_knows_of_no_commit_makes_nothing_be_done_again(chain: Chain) -> None:
    places = chain.push(articles(0, 100))
    finished(chain, 100)
    with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
        admin.delete_groups([group(chain)])
    assert set(reported(chain).values()) == {None}
    places += chain.push(articles(100, 120))
    chain.start("w0")
    assert chain.outcomes(120).places() == dict.fromkeys(places, 1)


def test_offsets_that_a_user_has_set_hold(chain: Chain) -> None:
    """As kafka-consumer-groups.sh --reset-offsets does: without metadata."""
    places = chain.push(articles(0, 40))
    finished(chain, 40)
    commit(chain, 0, "")
    chain.start("w0")
    # Each stage begins again with what it has read before, and the later ones with what the earlier ones make anew.
    assert set(chain.outcomes(160).places().items()) == {(place, 4) for place in places}
    assert chain.stop("w0") == 0
    chain.start("w0")
    assert set(chain.outcomes(160).places().values()) == {4}


def test_a_topic_that_was_made_anew_is_read_from_its_beginning(chain: Chain) -> None:
    chain.push(articles(0, 40))
    finished(chain, 40)
    with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
        admin.delete_topics([chain.topic(ArticleV1)])
    wanted = load_topics(shipped("config") / "topics.toml", prefix=chain.prefix, partitions=chain.partitions)
    while "created" not in {outcome for _, outcome in create_topics(chain.connection, wanted)}:
        time.sleep(0.2)  # it takes a moment until a name is free again
    places = chain.push(articles(40, 60))
    assert max(offset for _, offset in places) < 20
    chain.start("w0")
    outcomes = chain.outcomes(60)
    assert sorted(int(event.article.id[1:]) for event in outcomes.enriched) == list(range(60))


def written(chain: Chain, log: OffsetLog, offsets: dict[TopicPartition, int]) -> None:
    """Copies without the offsets that they belong to: to the coordinator nothing was committed."""
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap)) as producer:
        for copy in log.copies(offsets, NO_METADATA):
            producer.send(copy.topic, copy.value, key=copy.key, partition=copy.partition).get(30)


def test_the_last_commit_of_each_stage_is_found_however_far_back_it_stands(
    chain: Chain, log: OffsetLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offset_logs, "_TAIL", 3)
    idle, busy = TopicPartition(chain.topic(ArticleV1), 0), TopicPartition(chain.topic(SentencesV1), 0)
    written(chain, log, {idle: 7})
    for offset in range(1, 9):
        written(chain, log, {busy: offset})
    assert log.fetch_stable([idle, busy]) == {idle: Commit(7, "", None), busy: Commit(8, "", None)}


def test_metadata_is_kept_with_both(chain: Chain, log: OffsetLog) -> None:
    first, second = TopicPartition(chain.topic(ArticleV1), 0), TopicPartition(chain.topic(ArticleV1), 1)
    offsets, metadata = {first: 3, second: 4}, {first: "some metadata"}
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap)) as producer:
        for copy in log.copies(offsets, metadata):
            producer.send(copy.topic, copy.value, key=copy.key, partition=copy.partition).get(30)
    assert log.fetch_stable(offsets) == {first: Commit(3, "some metadata", None), second: Commit(4, "", None)}
    with closing(
        KafkaConsumer(bootstrap_servers=chain.bootstrap, group_id=group(chain), enable_auto_commit=False)
    ) as consumer:
        consumer.commit(log.offsets(offsets, metadata))
    assert log.fetch_stable(offsets) == {first: Commit(3, "some metadata", 3), second: Commit(4, "", 4)}


def test_a_pending_commit_is_waited_for(chain: Chain, log: OffsetLog) -> None:
    partition = TopicPartition(chain.topic(ArticleV1), 0)
    written(chain, log, {partition: 5})
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap, transactional_id=f"{chain.prefix}open")) as producer:
        producer.init_transactions()
        producer.begin_transaction()
        (copy,) = log.copies({partition: 6}, NO_METADATA)
        producer.send(copy.topic, copy.value, key=copy.key, partition=copy.partition).get(30)
        ending = Timer(0.5, producer.commit_transaction)
        ending.start()
        assert log.fetch_stable([partition]) == {partition: Commit(6, "", None)}
        ending.join()


def test_groups_do_not_take_each_other_s(chain: Chain, log: OffsetLog) -> None:
    partition = TopicPartition(chain.topic(ArticleV1), 0)
    other = OffsetLog(chain.connection, group="another", topic=chain.prefix + COMMITS_TOPIC)
    with closing(other):
        written(chain, other, {partition: 9})
        assert log.fetch_stable([partition]) == {}
        assert other.fetch_stable([partition]) == {partition: Commit(9, "", None)}
