"""One batch of a stage, without Faust and without a broker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NoReturn

import pytest
from kafka import TopicPartition
from prometheus_client import generate_latest

from pipeline.metrics import Metrics
from pipeline.streaming.health.progress import Progress
from pipeline.streaming.health.watchdog import Watchdog
from pipeline.streaming.kafka.compacted_topic import Offsets
from pipeline.streaming.kafka.records import InRecord, OutRecord
from pipeline.streaming.worker import cycle as cycles
from pipeline.streaming.worker.assignment import Assignment
from pipeline.streaming.worker.cycle import BatchCycle, Fetched
from pipeline.streaming.worker.offset_log import Commit
from pipeline.streaming.worker.slow_batches import SlowBatch, SlowBatches, decode_metadata
from pipeline.streaming.worker.timing import Timing
from pipeline.streaming.worker.transactions import Lease

PARTITION, OTHER = TopicPartition("news.articles", 0), TopicPartition("news.articles", 1)
FIRST, SECOND = Lease(1, 7, "member", "w0"), Lease(2, 8, "member", "w0")
TIMING = Timing(linger_s=0, session_timeout_s=6, transaction_timeout_s=6, give_up_s=30, stop_timeout_s=8)


class Work:
    """Passes every record on; a value of ``spin`` keeps the CPU busy for as many seconds as its key says."""

    def __call__(self, records: Sequence[InRecord]) -> list[list[OutRecord]]:
        for record in records:
            end = time.thread_time() + float(record.key or 0)
            while time.thread_time() < end:
                pass
        return [[output(record, b"done")] for record in records]

    def reject(self, record: InRecord, error: Exception, *, attempts: int) -> OutRecord:
        return output(record, f"rejected after {attempts}: {error}".encode())


def output(record: InRecord, value: bytes) -> OutRecord:
    return OutRecord("out", record.partition, None, b"%d" % record.offset, value, [])


@dataclass
class Committed:
    """What was committed; under a lease of ``refused`` nothing is."""

    refused: Sequence[Lease] = ()
    batches: list[tuple[list[OutRecord], Offsets, Mapping[TopicPartition, str]]] = field(default_factory=list)

    async def commit(
        self, outputs: list[OutRecord], offsets: Offsets, lease: Lease, metadata: Mapping[TopicPartition, str]
    ) -> bool:
        if lease in self.refused:
            return False
        self.batches.append((outputs, offsets, metadata))
        return True

    @property
    def keys(self) -> list[int]:
        """The offsets of the records whose outputs were committed."""
        return [int(record.key or b"") for outputs, _, _ in self.batches for record in outputs]


class Counts:
    """Keeps the number of rejections with each batch, as a stage that rejects does."""

    async def check(self, records: int, outputs: Sequence[OutRecord]) -> list[OutRecord]:
        return [OutRecord("counts", 0, None, b"-1", b"%d of %d" % (len(outputs), records), [])]


class NoCounts:
    async def check(self, records: int, outputs: Sequence[OutRecord]) -> list[OutRecord]:  # noqa: ARG002
        return []


class LeftError(Exception):
    """The process would have ended."""


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    watchdog = Watchdog()
    yield watchdog
    watchdog.close()


@pytest.fixture
def assignment(watchdog: Watchdog) -> Assignment:
    assignment = Assignment(watchdog=watchdog, progress=Progress(100), rebalance_timeout_s=100)
    assignment.grant(FIRST)
    return assignment


@pytest.fixture
def committed() -> Committed:
    return Committed()


@pytest.fixture
def cycle(watchdog: Watchdog, assignment: Assignment, committed: Committed) -> Iterator[BatchCycle]:
    with ThreadPoolExecutor(1) as cpu:
        yield BatchCycle(
            stage="split_sentences",
            work=Work(),
            assignment=assignment,
            slow_batches=SlowBatches(),
            rejections=NoCounts(),
            committer=committed,
            watchdog=watchdog,
            timing=TIMING,
            metrics=Metrics(),
            cpu=cpu,
        )


def fetched(*offsets: int, epoch: int = 1, partition: int = 0, spin_s: float = 0) -> list[Fetched]:
    return [
        Fetched(InRecord("news.articles", partition, offset, 0, b"%g" % spin_s, b"{}", []), epoch) for offset in offsets
    ]


def run(cycle: BatchCycle, *batches: list[Fetched]) -> list[bool]:
    async def all_of_them() -> list[bool]:
        return [await cycle.run(batch) for batch in batches]

    return asyncio.run(all_of_them())


def test_outputs_and_the_offsets_after_the_inputs_are_committed_together(
    cycle: BatchCycle, committed: Committed
) -> None:
    assert run(cycle, fetched(3, 4) + fetched(8, partition=1)) == [True]
    ((outputs, offsets, metadata),) = committed.batches
    assert [record.key for record in outputs] == [b"3", b"4", b"8"]
    assert (offsets, metadata) == ({PARTITION: 5, OTHER: 9}, {})


@pytest.mark.parametrize(
    ("batches", "keys"),
    [
        ([fetched(3, 4), fetched(4, 5)], [3, 4, 5]),  # fetched twice
        ([fetched(3, 4, 4, 3, 5)], [3, 4, 5]),
        ([fetched(3, epoch=0) + fetched(4)], [4]),  # left over from the assignment before
        ([fetched(3, epoch=2)], []),
        ([fetched(7), fetched(3), fetched(8)], [7, 8]),
        ([fetched(7), fetched(3, partition=1)], [7, 3]),
    ],
)
def test_a_record_is_processed_once_and_in_its_own_assignment(
    cycle: BatchCycle, committed: Committed, batches: list[list[Fetched]], keys: list[int]
) -> None:
    run(cycle, *batches)
    assert committed.keys == keys


def test_a_new_assignment_begins_where_its_partitions_stand(
    cycle: BatchCycle, committed: Committed, assignment: Assignment
) -> None:
    run(cycle, fetched(7))
    assignment.revoke()
    assert run(cycle, fetched(8)) == [False]
    assignment.grant(SECOND)
    run(cycle, fetched(8), fetched(5, epoch=2))
    assert committed.keys == [7, 5]


def test_a_refused_batch_is_counted_and_ends_the_lease(
    cycle: BatchCycle, committed: Committed, assignment: Assignment
) -> None:
    committed.refused = [FIRST]
    assert run(cycle, fetched(3), fetched(4)) == [False, False]
    assert (committed.batches, assignment.lease) == ([], None)
    shown = generate_latest(cycle.metrics.registry).decode()
    assert 'claimwire_batches_dropped_total{stage="split_sentences"} 1.0' in shown
    assert 'claimwire_articles_in_total{stage="split_sentences"}' not in shown


def test_a_refused_batch_does_not_end_the_lease_that_came_meanwhile(
    cycle: BatchCycle, committed: Committed, assignment: Assignment
) -> None:
    committed.refused = [FIRST]
    cycle.rejections = Regrant(assignment)
    assert run(cycle, fetched(3)) == [False]
    assert assignment.lease == SECOND
    assert run(cycle, fetched(3, epoch=2)) == [True]


@dataclass
class Regrant:
    """A rebalance that comes while a batch is processed."""

    assignment: Assignment

    async def check(self, records: int, outputs: Sequence[OutRecord]) -> list[OutRecord]:  # noqa: ARG002
        self.assignment.grant(SECOND)
        return []


def test_what_is_counted_of_rejections_is_committed_with_the_batch(cycle: BatchCycle, committed: Committed) -> None:
    cycle.rejections = Counts()
    run(cycle, fetched(3, 4))
    assert committed.batches[0][0][-1].value == b"2 of 2"


def test_a_committed_batch_is_counted(cycle: BatchCycle) -> None:
    run(cycle, fetched(3, 4), fetched(5))
    shown = generate_latest(cycle.metrics.registry).decode()
    assert 'claimwire_articles_in_total{stage="split_sentences"} 3.0' in shown
    assert 'claimwire_batch_seconds_count{stage="split_sentences"} 2.0' in shown


def slow(cycle: BatchCycle, monkeypatch: pytest.MonkeyPatch, *batch: Fetched) -> str:
    """Run a batch that takes longer than a CPU second may; why the process would end."""

    def leave(why: str, code: int = 70) -> NoReturn:
        raise LeftError(why, code)

    monkeypatch.setattr(cycles, "leave", leave)
    monkeypatch.setattr(cycles, "SLOW_CHECK_S", 0.05)
    cycle.timing = Timing(**{**TIMING.__dict__, "batch_cpu_s": 0.1})
    with pytest.raises(LeftError) as left:
        run(cycle, list(batch))
    return str(left.value)


def test_a_batch_that_takes_too_long_ends_the_process_after_a_note_for_the_next_owner(
    cycle: BatchCycle, committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = slow(cycle, monkeypatch, *fetched(3, 4, spin_s=0.5), *fetched(8, partition=1))
    assert "stage split_sentences takes more than 0.1 s of CPU (worker.batch_cpu_ms)" in why
    ((outputs, offsets, metadata),) = committed.batches
    assert (outputs, offsets) == ([], {PARTITION: 3, OTHER: 8})  # where they stand: nothing is done
    assert {place: decode_metadata(text) for place, text in metadata.items()} == {
        PARTITION: SlowBatch(5),
        OTHER: SlowBatch(9),
    }


def test_a_record_that_is_too_slow_alone_is_noted_to_be_rejected(
    cycle: BatchCycle, committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow(cycle, monkeypatch, *fetched(3, spin_s=0.5))
    ((_, offsets, metadata),) = committed.batches
    assert (offsets, decode_metadata(metadata[PARTITION])) == ({PARTITION: 3}, SlowBatch(4, reject=3))


def test_the_next_owner_rejects_the_slow_record_unprocessed_and_notes_the_rest(
    cycle: BatchCycle, committed: Committed
) -> None:
    cycle.slow_batches.restore({PARTITION: Commit(3, SlowBatch(6, reject=3).encode(), 3)})
    run(cycle, fetched(3, spin_s=100), fetched(4), fetched(5))
    values = [record.value for outputs, _, _ in committed.batches for record in outputs]
    assert b"rejected after 2: the stage took more than 60 s of CPU" in (values[0] or b"")
    assert values[1:] == [b"done", b"done"]
    noted = [metadata[PARTITION] for _, _, metadata in committed.batches]
    assert noted == [SlowBatch(6).encode(), SlowBatch(6).encode(), ""]
