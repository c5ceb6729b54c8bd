"""The transaction writer on the real broker, without Faust."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from chain import Chain
from kafka import KafkaConsumer, TopicPartition

from pipeline.contract.events import ArticleV1, EnrichedV1
from pipeline.streaming.kafka.records import OutRecord
from pipeline.streaming.worker import transactions
from pipeline.streaming.worker.offset_log import OffsetLog
from pipeline.streaming.worker.transactions import Lease, LeaseLostError, TransactionWriter
from pipeline.topology import COMMITS_TOPIC


@pytest.fixture
def chain(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Chain]:
    with Chain(kafka, topic_prefix, tmp_path, partitions=1) as chain:
        yield chain


def writer_of(chain: Chain, name: str = "w") -> TransactionWriter:
    return TransactionWriter(
        chain.connection,
        group=chain.prefix + "group",
        commits_topic=chain.prefix + COMMITS_TOPIC,
        transactional_id=chain.prefix + name,
        transaction_timeout_ms=10_000,
        max_request_bytes=1_000_000,
    )


@pytest.fixture
def writer(chain: Chain) -> Iterator[TransactionWriter]:
    writer = writer_of(chain)
    yield writer
    writer.close()


@pytest.fixture
def lease(chain: Chain) -> Iterator[Lease]:
    """That of a real member of the group."""
    topic = chain.topic(ArticleV1)
    with closing(KafkaConsumer(bootstrap_servers=chain.bootstrap, group_id=chain.prefix + "group")) as consumer:
        while not consumer.partitions_for_topic(topic):  # a leader that does not know the new topic yet assigns nothing
            time.sleep(0.1)
        consumer.subscribe([topic])
        while not consumer.assignment():
            consumer.poll(100)
        found = consumer.group_metadata()
        yield Lease(1, found.generation_id, found.member_id, found.group_instance_id)


def record(chain: Chain, value: bytes) -> OutRecord:
    return OutRecord(chain.topic(EnrichedV1), 0, None, b"key", value, [])


def values(chain: Chain) -> list[bytes]:
    with closing(
        KafkaConsumer(
            bootstrap_servers=chain.bootstrap,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            consumer_timeout_ms=1500,
        )
    ) as consumer:
        consumer.assign([TopicPartition(chain.topic(EnrichedV1), 0)])
        return [found.value for found in consumer]


def offsets(chain: Chain, offset: int) -> dict[TopicPartition, int]:
    return {TopicPartition(chain.topic(ArticleV1), 0): offset}


def committed(chain: Chain) -> dict[TopicPartition, int]:
    offset_log = OffsetLog(chain.connection, group=chain.prefix + "group", topic=chain.prefix + COMMITS_TOPIC)
    with closing(offset_log):
        return {partition: commit.offset for partition, commit in offset_log.fetch_stable(offsets(chain, 0)).items()}


def test_outputs_and_offsets_are_committed_together(chain: Chain, writer: TransactionWriter, lease: Lease) -> None:
    writer.write([record(chain, b"1"), record(chain, b"2")], offsets(chain, 7), lease)
    writer.ensure_visible()
    assert values(chain) == [b"1", b"2"]
    assert committed(chain) == offsets(chain, 7)
    assert writer.resolve_unknown_outcome(offsets(chain, 7))
    assert not writer.resolve_unknown_outcome(offsets(chain, 8))


def test_a_stale_generation_commits_nothing(chain: Chain, writer: TransactionWriter, lease: Lease) -> None:
    with pytest.raises(LeaseLostError):
        writer.write([record(chain, b"stale")], offsets(chain, 1), lease._replace(generation=lease.generation + 1))
    writer.write([record(chain, b"good")], offsets(chain, 1), lease)
    assert values(chain) == [b"good"]


@pytest.mark.parametrize("change", [{"generation": -1}, {"member_id": ""}])
def test_without_a_lease_nothing_is_even_tried(
    chain: Chain, writer: TransactionWriter, lease: Lease, change: dict[str, Any]
) -> None:
    """The broker takes a commit without generation and member unfenced."""
    with pytest.raises(LeaseLostError):
        writer.write([record(chain, b"zombie")], offsets(chain, 1), lease._replace(**change))
    assert values(chain) == []


def test_offsets_of_a_refused_transaction_do_not_leak_into_the_next_one(
    chain: Chain, writer: TransactionWriter, lease: Lease
) -> None:
    with pytest.raises(LeaseLostError):
        writer.write([record(chain, b"1")], offsets(chain, 99), lease._replace(member_id="nobody"))
    writer.write([record(chain, b"2")], offsets(chain, 1), lease)
    assert committed(chain) == offsets(chain, 1)


def test_a_successor_ends_what_a_dead_worker_left_open(chain: Chain, lease: Lease) -> None:
    dead = writer_of(chain)
    producer = dead.open()
    producer.begin_transaction()
    producer.send(chain.topic(EnrichedV1), b"never committed", partition=0).get(10)
    successor = writer_of(chain)
    successor.write([record(chain, b"good")], offsets(chain, 1), lease)
    successor.ensure_visible()
    assert values(chain) == [b"good"]
    successor.close()
    dead.close()


def test_an_open_transaction_of_ours_is_told_from_that_of_another(chain: Chain, writer: TransactionWriter) -> None:
    ends = {TopicPartition(chain.topic(EnrichedV1), 0): 1}
    other = writer_of(chain, "other")
    theirs, ours = other.open(), writer.open()
    theirs.begin_transaction()
    theirs.send(chain.topic(EnrichedV1), b"theirs", partition=0).get(10)
    assert writer._hanging_partitions(ends) == set()
    ours.begin_transaction()
    ours.send(chain.topic(EnrichedV1), b"ours", partition=0).get(10)
    assert writer._hanging_partitions(ends) == set(ends)
    ours.commit_transaction()
    assert writer._hanging_partitions(ends) == set()
    theirs.abort_transaction()
    other.close()


def test_another_worker_s_open_transaction_does_not_make_a_batch_be_written_again(
    chain: Chain, writer: TransactionWriter, lease: Lease
) -> None:
    other = writer_of(chain, "other")
    theirs = other.open()
    theirs.begin_transaction()
    theirs.send(chain.topic(EnrichedV1), b"theirs", partition=0).get(10)
    writer.write([record(chain, b"ours")], offsets(chain, 1), lease)
    writer.ensure_visible()
    theirs.abort_transaction()
    assert values(chain) == [b"ours"]
    other.close()


def test_a_batch_that_lost_its_markers_is_written_again_once(
    chain: Chain, writer: TransactionWriter, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No client can make a broker lose markers at will: here the records are undecided for another reason, and only
    the answer to whether they hang is given by the test."""
    producer = writer.open()
    producer.begin_transaction()
    sent = producer.send(chain.topic(EnrichedV1), b"lost", key=b"key", partition=0).get(10)
    place = TopicPartition(sent.topic, 0)
    seen = TopicPartition(chain.topic(ArticleV1), 0)  # a record of the same batch whose marker is there
    batch = [record(chain, b"lost"), record(chain, b"seen")]
    writer._last = transactions._Batch(batch, [(place, sent.offset), (seen, 0)])
    monkeypatch.setattr(
        writer,
        "_visible",
        lambda ends, see=writer._visible: ends[place] > sent.offset + 1 and see(ends),
    )
    monkeypatch.setattr(writer, "_hanging_partitions", lambda _: {place})
    writer.ensure_visible()
    writer.write([record(chain, b"next")], offsets(chain, 2), lease)
    writer.ensure_visible()
    assert values(chain) == [b"lost", b"next"]
