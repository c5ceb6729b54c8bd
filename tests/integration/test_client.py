"""The clients for users on a real broker."""

import threading
import time
from typing import NamedTuple

import pytest

from pipeline.contract.events import ArticleV1, ClaimV1
from pipeline.errors import RecordError, UsageError
from pipeline.settings import shipped
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.producers import IdempotentProducer
from pipeline.streaming.kafka.reader import EventReader, RecordReader, read_one
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.kafka.topics import create_topics, load_topics

TOPICS_FILE = shipped("config") / "topics.toml"


class Record(NamedTuple):
    key: bytes
    value: bytes


def articles(*texts: str) -> list[Record]:
    return [Record(text.encode(), b'{"text":"%s"}' % text.encode()) for text in texts]


@pytest.fixture
def connection(kafka: str, topic_prefix: str) -> Connection:
    connection = Connection((kafka,))
    create_topics(connection, load_topics(TOPICS_FILE, prefix=topic_prefix, partitions=2))
    return connection


def push(connection: Connection, prefix: str, *texts: str) -> list[tuple[int, int]]:
    with IdempotentProducer(connection, prefix=prefix) as producer:
        deliveries = list(producer.push(articles(*texts)))
    assert [delivery.error for delivery in deliveries] == [None] * len(texts)
    return [(delivery.partition, delivery.offset) for delivery in deliveries]


def test_what_is_pushed_is_read_where_the_producer_said(connection: Connection, topic_prefix: str) -> None:
    places = push(connection, topic_prefix, "one", "two", "three", "four")
    topic = f"{topic_prefix}news.articles"
    with RecordReader(connection, [topic], start="beginning") as reader:
        found = {(record.partition, record.offset): record for record in reader.until_end()}
    assert sorted(found) == sorted(places)
    assert found[places[2]].value == b'{"text":"three"}'
    assert read_one(connection, topic, *places[2]) == found[places[2]]
    with pytest.raises(UsageError, match="there is no record"):
        read_one(connection, topic, 0, 99)


def test_a_reader_from_the_end_sees_what_comes_after_it_was_opened(connection: Connection, topic_prefix: str) -> None:
    push(connection, topic_prefix, "before")
    with EventReader(connection, ArticleV1, prefix=topic_prefix) as reader:
        push(connection, topic_prefix, "after")
        _, article = next(iter(reader))
    assert (article.text, article.id) == ("after", "after")  # its id is the record's key


def test_a_reader_from_given_offsets_reads_only_these_partitions(connection: Connection, topic_prefix: str) -> None:
    places = push(connection, topic_prefix, *(str(number) for number in range(20)))
    topic = f"{topic_prefix}news.articles"
    last = max(offset for partition, offset in places if partition == 1)
    with RecordReader(connection, [topic], start={(topic, 1): last}) as reader:
        assert [(record.partition, record.offset) for record in reader.until_end()] == [(1, last)]


def test_a_reader_of_an_empty_topic_is_at_its_end(connection: Connection, topic_prefix: str) -> None:
    with EventReader(connection, ClaimV1, prefix=topic_prefix, start="beginning") as reader:
        assert list(reader.until_end()) == []


def test_a_reader_stops_when_it_is_told_to(connection: Connection, topic_prefix: str) -> None:
    with EventReader(connection, ClaimV1, prefix=topic_prefix) as reader:
        threading.Timer(0.5, reader.stop).start()
        began = time.monotonic()
        assert list(reader) == []
        assert time.monotonic() - began < 5


def test_a_record_that_is_no_such_event_is_told_of_and_the_next_one_is_read(
    connection: Connection, topic_prefix: str
) -> None:
    with IdempotentProducer(connection, prefix=topic_prefix) as producer:
        list(producer.push([Record(b"k", b"{broken"), Record(b"k", b'{"text":"good"}')]))
    told: list[str] = []

    def unreadable(_record: InRecord, error: RecordError) -> None:
        told.append(error.reason)

    with EventReader(connection, ArticleV1, prefix=topic_prefix, start="beginning", unreadable=unreadable) as reader:
        assert [article.text for _, article in reader.until_end()] == ["good"]
    assert told == ["not-json"]


def test_a_record_that_is_too_large_fails_alone(connection: Connection, topic_prefix: str) -> None:
    with IdempotentProducer(connection, prefix=topic_prefix) as producer:
        records = [*articles("one"), Record(b"k", b"x" * 9_000_000), *articles("two")]
        deliveries = list(producer.push(records))
    assert [delivery.error is None for delivery in deliveries] == [True, False, True]
    assert [delivery.record for delivery in deliveries] == records


def test_a_missing_topic_is_named(kafka: str, topic_prefix: str) -> None:
    connection = Connection((kafka,))
    with pytest.raises(UsageError, match=f"no topic {topic_prefix}news.articles"):
        IdempotentProducer(connection, prefix=topic_prefix)
    with pytest.raises(UsageError, match=f"no topic {topic_prefix}news.claims"):
        EventReader(connection, ClaimV1, prefix=topic_prefix)
