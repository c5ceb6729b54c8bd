"""The place of an article's record in, its enriched event out: found by time, whatever wrote it, however old."""

from __future__ import annotations

import time

import orjson

from pipeline.contract.events import ArticleV1, EnrichedV1
from pipeline.errors import UsageError
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.offsets import offsets_at
from pipeline.streaming.kafka.reader import RecordReader, read_one
from pipeline.streaming.kafka.records import InRecord
from pipeline.topology import TOPICS

_PATIENCE_S = 10.0


def find_enriched(
    connection: Connection, *, prefix: str, partition: int, offset: int, timestamp_ms: int | None = None
) -> InRecord:
    """What the chain found in an article.

    An output carries its article's time and stays in its partition, so the enriched event is the first of this time in
    the topic's index, or one soon after it. ``timestamp_ms`` is the time of the article's record; without it that
    record is read.

    Raises:
        UsageError: there is none, it is not there yet, or no broker answers.
    """
    if timestamp_ms is None:
        timestamp_ms = read_one(connection, prefix + TOPICS[ArticleV1], partition, offset).timestamp_ms
    topic = prefix + TOPICS[EnrichedV1]
    missing = UsageError(
        f"there is no enriched event of {prefix}{TOPICS[ArticleV1]}/{partition}/{offset}: the article is still on its"
        " way, was rejected, or is older than Kafka keeps"
    )
    first = offsets_at(connection, topic, timestamp_ms).get((topic, partition))
    if first is None:
        raise missing
    deadline = time.monotonic() + _PATIENCE_S
    with RecordReader(connection, [topic], start={(topic, partition): first}) as reader:
        for record in reader.until_end():
            if article_place(record) == (partition, offset):
                return record
            if time.monotonic() > deadline:
                break
    raise missing


def article_place(record: InRecord) -> tuple[int, int] | None:
    """Partition and offset of the article that an output record is about; None where it does not tell."""
    try:
        origin = orjson.loads(record.value or b"")["origin"]
        return origin["partition"], origin["offset"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
