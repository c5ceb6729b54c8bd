from __future__ import annotations

import pytest
from kafka import TopicPartition

from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.worker.offset_log import Commit
from pipeline.streaming.worker.slow_batches import SlowBatch, SlowBatches, decode_metadata

PARTITION = TopicPartition("news.articles", 0)


def record(offset: int, *, partition: int = 0) -> InRecord:
    return InRecord("news.articles", partition, offset, 0, None, b"{}", [])


@pytest.mark.parametrize("slow", [SlowBatch(until=135), SlowBatch(until=121, reject=120)])
def test_what_is_written_with_a_commit_is_read_again(slow: SlowBatch) -> None:
    assert decode_metadata(slow.encode()) == slow


@pytest.mark.parametrize(
    "metadata", [None, "", "by another program", "{}", "7", '{"until": "x", "reject": null}', "[]"]
)
def test_what_others_write_with_their_commits_says_nothing(metadata: str | None) -> None:
    assert decode_metadata(metadata) is None


def test_records_stay_alone_until_the_batch_that_was_too_slow_is_over() -> None:
    slow = SlowBatch(until=135, reject=120)
    assert decode_metadata(slow.after(121)) == SlowBatch(until=135)
    assert slow.after(135) == ""


def test_what_an_earlier_owner_noted_says_which_records_are_slow_and_which_one_is_rejected() -> None:
    batches = SlowBatches()
    batches.restore({PARTITION: Commit(5, SlowBatch(until=8, reject=6).encode(), 5)})
    assert [batches.includes(record(offset)) for offset in (5, 7, 8)] == [True, True, False]
    assert [batches.rejects(record(offset)) for offset in (5, 6, 7)] == [False, True, False]
    assert not batches.includes(record(5, partition=1))
    assert batches.metadata({PARTITION: 7}) == {PARTITION: SlowBatch(until=8).encode()}
    assert batches.metadata({PARTITION: 8}) == {PARTITION: ""}
    assert batches.metadata({TopicPartition("news.articles", 1): 7}) == {}


def test_a_later_owner_s_commit_without_metadata_ends_it() -> None:
    batches = SlowBatches()
    batches.restore({PARTITION: Commit(5, SlowBatch(until=8).encode(), 5)})
    batches.restore({PARTITION: Commit(5, "", 5)})
    assert not batches.includes(record(5))


def test_a_slow_batch_within_a_slow_batch_keeps_the_later_end() -> None:
    batches = SlowBatches()
    noted = batches.metadata_of_slow({PARTITION: 9}, reject=None)
    assert decode_metadata(noted[PARTITION]) == SlowBatch(until=9)
    batches.restore({PARTITION: Commit(3, noted[PARTITION], 3)})
    assert decode_metadata(batches.metadata_of_slow({PARTITION: 4}, reject=3)[PARTITION]) == SlowBatch(
        until=9, reject=3
    )
