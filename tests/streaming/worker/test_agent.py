"""What an agent makes of Faust's messages, without Kafka: tests/integration has the rest."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from faust.types.tuples import TP, ConsumerMessage

from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.worker.agent import MAX_BATCH_BYTES, StageAgent, _fetched, _log_context
from pipeline.streaming.worker.cycle import Fetched


def message(value: bytes | None = b"{}", **fields: Any) -> ConsumerMessage:
    given = {"key": b"a-1", "timestamp": 1_935_396_000.123, "headers": (), "offset": 7, **fields}
    return ConsumerMessage(
        topic="news.articles",
        partition=3,
        timestamp_type=0,
        value=value,
        checksum=None,
        tp=TP("news.articles", 3),
        generation_id=5,
        **given,
    )


def fetched(offset: int, value: bytes | None = b"{}", *, partition: int = 0, key: bytes | None = None) -> Fetched:
    return Fetched(InRecord("news.articles", partition, offset, 0, key, value, []), 1)


def batches(records: list[Fetched], *, slow_until: int = 0) -> list[list[int]]:
    """The offsets of each batch, where the records before ``slow_until`` were in a slow one."""
    slow = SimpleNamespace(includes=lambda record: record.offset < slow_until)
    cycle: Any = SimpleNamespace(stage="a stage", slow_batches=slow)
    agent = StageAgent(cycle, batch=64, linger_s=0)
    return [[record.offset for record, _ in batch] for batch in agent._batches(records)]


def test_a_batch_has_at_most_so_many_bytes_or_one_record() -> None:
    half = MAX_BATCH_BYTES // 2
    lengths = [half, half, half + 1, half, 2 * MAX_BATCH_BYTES, 1]
    records = [fetched(offset, b"x" * length) for offset, length in enumerate(lengths)]
    assert batches(records) == [[0, 1], [2], [3], [4], [5]]


def test_records_without_a_value_count_as_empty() -> None:
    assert batches([fetched(0, None), fetched(1, b"x" * MAX_BATCH_BYTES), fetched(2, None)]) == [[0, 1, 2]]


def test_records_of_a_slow_batch_come_one_by_one() -> None:
    assert batches([fetched(offset) for offset in range(6)], slow_until=3) == [[0], [1], [2], [3, 4, 5]]


def test_a_message_becomes_a_record_with_the_epoch_that_it_was_fetched_in() -> None:
    record, epoch = _fetched(message(headers=(("h", b"1"), ("h", None))))
    assert record == InRecord("news.articles", 3, 7, 1_935_396_000_123, b"a-1", b"{}", [("h", b"1"), ("h", None)])
    assert epoch == 5


@pytest.mark.parametrize("headers", [None, (), []])
def test_a_message_without_headers_has_none(headers: object) -> None:
    assert _fetched(message(headers=headers)).record.headers == []


@pytest.mark.parametrize("timestamp_ms", [-1, 0, 1, 999, 1_444_242_600_123, 1_935_396_000_001, 253_402_300_799_999])
def test_the_time_is_the_records_to_the_millisecond(timestamp_ms: int) -> None:
    """Faust gives seconds."""
    assert _fetched(message(timestamp=timestamp_ms / 1000.0)).record.timestamp_ms == timestamp_ms


def test_a_message_without_a_time_has_minus_1() -> None:
    assert _fetched(message(timestamp=None)).record.timestamp_ms == -1


def test_a_message_without_key_and_value_is_a_record_without_both() -> None:
    record = _fetched(message(None, key=None)).record
    assert (record.key, record.value) == (None, None)


def test_a_log_line_says_of_each_partition_where_the_batch_begins_and_nothing_of_a_text() -> None:
    batch = [
        fetched(offset, b"a text", partition=partition, key=key)
        for partition, offset, key in [(1, 7, b"a-7"), (0, 3, None), (1, 8, b"k" * 5000)]
    ]
    places = {place["partition"]: place for place in _log_context(batch)}
    assert places[1] == {"topic": "news.articles", "partition": 1, "offset": 7, "article": "a-7", "records": 2}
    assert places[0] == {"topic": "news.articles", "partition": 0, "offset": 3, "article": None, "records": 1}
    assert "text" not in str(places)
    assert len(str(_log_context(batch[2:]))) < 300
