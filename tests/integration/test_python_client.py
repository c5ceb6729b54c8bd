"""``pipeline.client`` on a real broker: what is pushed, what is read, and where a group goes on."""

import threading
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from pipeline.client import ArticleProducer, ClaimConsumer, EnrichedConsumer, NotPushedError
from pipeline.contract.codec import encode
from pipeline.contract.events import ArticleV1, ClaimV1, EnrichedV1
from pipeline.errors import RecordError, UsageError
from pipeline.settings import shipped
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.producers import AtomicProducer
from pipeline.streaming.kafka.reader import EventReader
from pipeline.streaming.kafka.records import OutRecord
from pipeline.streaming.kafka.topics import create_topics, load_topics

EXAMPLES = Path(__file__).parents[2] / "pipeline" / "contract" / "examples"
CLAIM = ClaimV1.model_validate(orjson.loads((EXAMPLES / "claim.v1.json").read_bytes()))
ENRICHED = EnrichedV1.model_validate(orjson.loads((EXAMPLES / "enriched.v1.json").read_bytes()))


@pytest.fixture
def prefix(kafka: str, topic_prefix: str) -> str:
    create_topics(
        Connection((kafka,)), load_topics(shipped("config") / "topics.toml", prefix=topic_prefix, partitions=2)
    )
    return topic_prefix


def claims(*ids: str) -> list[ClaimV1]:
    return [CLAIM.model_copy(update={"id": name}) for name in ids]


def write(kafka: str, topic: str, values: Sequence[bytes]) -> None:
    """In a transaction, as workers do."""
    records = [
        OutRecord(topic=topic, partition=number % 2, timestamp_ms=None, key=b"k", value=value, headers=[])
        for number, value in enumerate(values)
    ]
    connection = Connection((kafka,))
    with AtomicProducer(connection, transactional_id=f"{topic}-test") as producer:
        producer.send(records)


def ids(kafka: str, prefix: str, group: str) -> list[str]:
    with ClaimConsumer(kafka, prefix=prefix, from_beginning=True, group=group) as consumer:
        return sorted(claim.id for claim in consumer.until_end())


def test_articles_are_pushed_by_their_fields_or_whole(kafka: str, prefix: str) -> None:
    with ArticleProducer(kafka, prefix=prefix) as producer:
        one = producer.push(text="One.", source="Wire")
        others = list(producer.push_all([{"id": "a2", "text": "Two."}, ArticleV1(id="a3", text="Three.")]))
        with pytest.raises(RecordError, match="no text"):
            producer.push(title="Nothing else")
        with pytest.raises(RecordError, match="cannot be written as JSON: str is not valid UTF-8"):
            producer.push(text="Half a character: \ud83d")
        with pytest.raises(NotPushedError, match="article big"):
            producer.push(id="big", text="x" * 9_000_000)
    with EventReader(Connection((kafka,)), ArticleV1, prefix=prefix, start="beginning") as reader:
        found = {article.id: (record.partition, record.offset, article.text) for record, article in reader.until_end()}
    assert found == {
        pushed.id: (pushed.partition, pushed.offset, text)
        for pushed, text in zip([one, *others], ["One.", "Two.", "Three."], strict=True)
    }


def test_claims_are_typed_and_chosen_by_conditions(kafka: str, prefix: str) -> None:
    low = CLAIM.model_copy(update={"id": "low", "label": "UFS", "score": 0.1})
    write(kafka, f"{prefix}news.claims", [encode(event) for event in (*claims("c1", "c2"), low)])
    with ClaimConsumer(kafka, prefix=prefix, from_beginning=True, label=CLAIM.label) as consumer:
        assert sorted(claim.id for claim in consumer.until_end()) == ["c1", "c2"]
    with ClaimConsumer(kafka, prefix=prefix, from_beginning=True, where=lambda claim: claim.score < 0.5) as consumer:
        assert [claim.id for claim in consumer.until_end()] == ["low"]


def test_what_is_no_such_event_is_told_of_and_enriched_events_are_read(kafka: str, prefix: str) -> None:
    write(kafka, f"{prefix}news.enriched", [b"{broken", encode(ENRICHED)])
    told: list[str] = []
    with EnrichedConsumer(
        kafka, prefix=prefix, from_beginning=True, unreadable=lambda _, error: told.append(error.reason)
    ) as consumer:
        assert list(consumer.until_end()) == [ENRICHED]
    assert told == ["not-json"]


def test_a_consumer_without_a_group_sees_what_comes_and_stops(kafka: str, prefix: str) -> None:
    write(kafka, f"{prefix}news.claims", [encode(event) for event in claims("before")])
    seen: list[str] = []
    with ClaimConsumer(kafka, prefix=prefix) as consumer:
        write(kafka, f"{prefix}news.claims", [encode(event) for event in claims("after")])
        for claim in consumer:
            seen.append(claim.id)
            threading.Thread(target=consumer.stop).start()
    assert seen == ["after"]


def test_a_group_goes_on_behind_what_it_was_done_with(kafka: str, prefix: str) -> None:
    topic, group = f"{prefix}news.claims", f"{prefix}checkers"
    write(kafka, topic, [encode(event) for event in claims("c1", "c2")])
    assert ids(kafka, prefix, group) == ["c1", "c2"]
    write(kafka, topic, [encode(event) for event in claims("c3", "c4")])
    with ClaimConsumer(kafka, prefix=prefix, group=group) as consumer:
        next(iter(consumer))  # and never asks for another one: it was not done
    assert ids(kafka, prefix, group) == ["c3", "c4"]
    assert ids(kafka, prefix, f"{prefix}others") == ["c1", "c2", "c3", "c4"]


def test_a_new_group_misses_nothing_that_comes_while_it_joins(kafka: str, prefix: str) -> None:
    write(kafka, f"{prefix}news.claims", [encode(event) for event in claims("before", "before too")])
    with ClaimConsumer(kafka, prefix=prefix, group=f"{prefix}late") as consumer:
        write(kafka, f"{prefix}news.claims", [encode(event) for event in claims("c1", "c2")])
        events = iter(consumer)
        assert sorted(next(events).id for _ in range(2)) == ["c1", "c2"]


@pytest.mark.parametrize("group", [None, "some"])
def test_without_the_topic_one_line_says_what_to_do(kafka: str, topic_prefix: str, group: str | None) -> None:
    with pytest.raises(UsageError, match="topics create"):
        ClaimConsumer(kafka, prefix=topic_prefix, group=group)
