"""One batch of a stage: keep what is fresh, process it, check the rejections, commit it in one transaction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import structlog
from kafka import TopicPartition

from pipeline.errors import RecordError
from pipeline.metrics import BATCHES_DROPPED, Count, Metrics
from pipeline.streaming.health.watchdog import Watchdog, leave, without_the_interpreter
from pipeline.streaming.kafka.compacted_topic import Offsets
from pipeline.streaming.kafka.records import InRecord, OutRecord
from pipeline.streaming.worker.assignment import Assignment
from pipeline.streaming.worker.counted import Spent, count_batch
from pipeline.streaming.worker.offset_log import OffsetMetadata
from pipeline.streaming.worker.slow_batches import SlowBatches
from pipeline.streaming.worker.timing import Timing
from pipeline.streaming.worker.transactions import Lease

log = structlog.get_logger(__name__)

SLOW_CHECK_S = 0.5  # how often the CPU time of a running batch is looked at
# A batch that never releases the interpreter ends by the wall clock, far beyond the CPU time that it may take.
GIL_GRACE_FACTOR = 3
GIL_GRACE_S = 120.0


class Fetched(NamedTuple):
    """A record, and the epoch of the assignment that it was fetched under."""

    record: InRecord
    epoch: int


class BatchWork(Protocol):
    """What a stage does."""

    def __call__(self, records: Sequence[InRecord]) -> list[list[OutRecord]]:
        """Return for each record, in order, what is to be sent for it."""

    def reject(self, record: InRecord, error: Exception, *, attempts: int) -> OutRecord:
        """Return what is to be sent for a record that cannot be processed."""


class Committer(Protocol):
    """Commits batches."""

    async def commit(self, outputs: list[OutRecord], offsets: Offsets, lease: Lease, metadata: OffsetMetadata) -> bool:
        """Commit outputs and input offsets together; False if the lease is lost."""


class Rejections(Protocol):
    """Watches what a stage rejects."""

    async def check(self, records: int, outputs: Sequence[OutRecord]) -> list[OutRecord]:
        """Return what to commit beside ``outputs``, those of ``records`` inputs."""


@dataclass
class BatchCycle:
    """The batches of one stage, one after the other. ``cpu`` is the thread of the language work."""

    stage: str
    work: BatchWork
    assignment: Assignment
    slow_batches: SlowBatches
    rejections: Rejections
    committer: Committer
    watchdog: Watchdog
    timing: Timing
    metrics: Metrics
    cpu: Executor
    _lease: Lease | None = None
    _next: Offsets = field(default_factory=dict)  # the next offset to process of each partition, under _lease

    async def run(self, fetched: Sequence[Fetched]) -> bool:
        """Process a batch and commit it.

        Returns:
            Whether it was committed. If not, its records are fetched again by the next owner of their partitions.
        """
        lease = self.assignment.lease
        if lease != self._lease:
            self._lease, self._next = lease, {}
        if lease is None:
            return False
        records, offsets = self._fresh(fetched, lease)
        if not records:
            return False
        began = time.monotonic()
        outputs = [output for result in await self._process(records, offsets, lease) for output in result]
        outputs += await self.rejections.check(len(records), outputs)
        processed = time.monotonic()
        committed = await self._commit(outputs, offsets, lease, self.slow_batches.metadata(offsets), "cannot commit")
        if committed:
            self._next.update(offsets)
            spent = Spent(processed - began, time.monotonic() - processed)
            count_batch(self.metrics, stage=self.stage, records=len(records), outputs=outputs, spent=spent)
        else:
            self.metrics.add([Count(BATCHES_DROPPED, (self.stage,))])
            self.assignment.refuse(lease)
        return committed

    def _fresh(self, fetched: Sequence[Fetched], lease: Lease) -> tuple[list[InRecord], Offsets]:
        """Return the records of this assignment that are not processed yet, and the offsets after them."""
        records: list[InRecord] = []
        offsets: Offsets = {}
        for record, epoch in fetched:
            partition = TopicPartition(record.topic, record.partition)
            expected = offsets.get(partition, self._next.get(partition, 0))
            if epoch == lease.epoch and record.offset >= expected:
                records.append(record)
                offsets[partition] = record.offset + 1
        return records, offsets

    async def _process(self, records: list[InRecord], offsets: Offsets, lease: Lease) -> list[list[OutRecord]]:
        """Return what the stage makes of the records. A batch that takes too long ends the process, after a note."""
        limit_s = self.timing.batch_cpu_s
        if self.slow_batches.rejects(records[0]):
            error = RecordError("failed", f"the stage took more than {limit_s:g} s of CPU (worker.batch_cpu_ms) for it")
            return [[self.work.reject(records[0], error, attempts=2)]]
        began_cpu_s: list[float] = []  # empty while other stages have the thread
        working = asyncio.get_running_loop().run_in_executor(self.cpu, self._work, records, began_cpu_s)
        while not (await asyncio.wait([working], timeout=SLOW_CHECK_S))[0]:
            if began_cpu_s and time.process_time() - began_cpu_s[0] > limit_s:
                await self._note_slow(records, offsets, lease)
                leave(f"stage {self.stage} takes more than {limit_s:g} s of CPU (worker.batch_cpu_ms) for a batch")
        return working.result()

    def _work(self, records: list[InRecord], began_cpu_s: list[float]) -> list[list[OutRecord]]:
        with without_the_interpreter(GIL_GRACE_S + GIL_GRACE_FACTOR * self.timing.batch_cpu_s):
            began_cpu_s.append(time.process_time())
            return self.work(records)

    async def _note_slow(self, records: list[InRecord], offsets: Offsets, lease: Lease) -> None:
        """Note for the next owner of the partitions to process these records one by one, or to reject a single one."""
        first: Offsets = {}
        for record in records:
            first.setdefault(TopicPartition(record.topic, record.partition), record.offset)
        metadata = self.slow_batches.metadata_of_slow(offsets, reject=records[0].offset if len(records) == 1 else None)
        log.error("a batch takes too long", stage=self.stage, records=len(records), places=_places(first))
        await self._commit([], first, lease, metadata, "cannot note a batch as too slow")

    async def _commit(
        self, outputs: list[OutRecord], offsets: Offsets, lease: Lease, metadata: OffsetMetadata, failure: str
    ) -> bool:
        with self.watchdog.within(self.timing.give_up_s, f"stage {self.stage} {failure}"):
            return await self.committer.commit(outputs, offsets, lease, metadata)


def _places(offsets: Offsets) -> str:
    return ", ".join(f"{partition.topic}/{partition.partition}/{offset}" for partition, offset in offsets.items())
