"""What the app makes of Faust's messages, without Kafka: tests/integration has the rest."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types.tuples import TP, ConsumerMessage

from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.worker.app import MAX_BATCH_BYTES, _firsts, _in_record, _portions


def message(value: bytes | None = b"{}", **fields: Any) -> ConsumerMessage:
    given = {"key": b"a-1", "timestamp": 1_935_396_000.123, "headers": (), "offset": 7, **fields}
    return ConsumerMessage(
        topic="news.articles",
        partition=3,
        timestamp_type=0,
        value=value,
        checksum=None,
        tp=TP("news.articles", 3),
        **given,
    )


def sizes(messages: Sequence[Any], max_bytes: int = MAX_BATCH_BYTES) -> list[list[int]]:
    return [[len(found.value or b"") for found in portion] for portion in _portions(messages, max_bytes=max_bytes)]


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([4, 6], [[4, 6]]),
        ([4, 7], [[4], [7]]),
        ([11], [[11]]),
        ([11, 1, 11], [[11], [1], [11]]),
        ([5, 5, 5, 5, 5], [[5, 5], [5, 5], [5]]),
        ([0, 0, 10, 0], [[0, 0, 10, 0]]),
    ],
)
def test_portions_have_at_most_so_many_bytes_or_one_message(lengths: list[int], expected: list[list[int]]) -> None:
    assert sizes([message(b"x" * length) for length in lengths], max_bytes=10) == expected


def test_messages_without_a_value_count_as_empty() -> None:
    assert sizes([message(None), message(b"x" * 10), message(None)], max_bytes=10) == [[0, 10, 0]]


def test_portions_keep_every_message_and_the_order() -> None:
    messages = [message(b"x" * (offset * 37 % 100), offset=offset) for offset in range(200)]
    assert [found.offset for portion in _portions(messages, max_bytes=250) for found in portion] == list(range(200))


def test_a_message_becomes_a_record() -> None:
    made = _in_record(message(headers=(("h", b"1"), ("h", None))))
    assert made == InRecord("news.articles", 3, 7, 1_935_396_000_123, b"a-1", b"{}", [("h", b"1"), ("h", None)])


@pytest.mark.parametrize("headers", [None, (), []])
def test_a_message_without_headers_has_none(headers: object) -> None:
    assert _in_record(message(headers=headers)).headers == []


@pytest.mark.parametrize("timestamp_ms", [-1, 0, 1, 999, 1_444_242_600_123, 1_935_396_000_001, 253_402_300_799_999])
def test_the_time_is_the_records_to_the_millisecond(timestamp_ms: int) -> None:
    """Faust gives seconds."""
    assert _in_record(message(timestamp=timestamp_ms / 1000.0)).timestamp_ms == timestamp_ms


def test_a_message_without_a_time_has_minus_1() -> None:
    assert _in_record(message(timestamp=None)).timestamp_ms == -1


def test_a_message_without_key_and_value_is_a_record_without_both() -> None:
    made = _in_record(message(None, key=None))
    assert (made.key, made.value) == (None, None)


def test_a_log_line_says_of_each_partition_where_the_batch_begins_and_nothing_of_a_text() -> None:
    messages = [
        SimpleNamespace(topic="news.articles", partition=partition, offset=offset, key=key, value=b"a text")
        for partition, offset, key in [(1, 7, b"a-7"), (0, 3, None), (1, 8, b"k" * 5000)]
    ]
    places = {place["partition"]: place for place in _firsts(messages)}
    assert places[1] == {"topic": "news.articles", "partition": 1, "offset": 7, "article": "a-7", "records": 2}
    assert places[0] == {"topic": "news.articles", "partition": 0, "offset": 3, "article": None, "records": 1}
    assert "text" not in str(places)
    assert len(str(_firsts(messages[2:]))) < 300
