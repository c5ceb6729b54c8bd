"""Faust's consumer, made read committed, with stable offsets and a lease for each assignment.

Faust has no public setting for any of the three. ``libraries.py`` checks at start that every private part that is
overridden here still exists.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, cast

import aiokafka
import kafka.errors
import structlog
from aiokafka.consumer.fetcher import FetchResult
from aiokafka.errors import NoOffsetForPartitionError, OffsetOutOfRangeError, RequestTimedOutError
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka as driver
from kafka import TopicPartition

from pipeline.streaming.worker.aiokafka_patches import unpacked_size
from pipeline.streaming.worker.assignment import Assignment
from pipeline.streaming.worker.offset_log import OffsetLog
from pipeline.streaming.worker.retention import RetentionLosses
from pipeline.streaming.worker.slow_batches import SlowBatches
from pipeline.streaming.worker.transactions import Lease

log = structlog.get_logger(__name__)

_FETCH_BYTES = 16 * 1024 * 1024  # that are returned at once, unpacked
_READ_AHEAD_BYTES = 32 * 1024 * 1024  # that wait for the stages before no more is fetched

_ROOM_S = 0.01
_FETCH_WAIT_S = 0.05


class WorkerApp(Protocol):
    """The app, as the consumer sees it."""

    conf: Any
    consumer_generation_id: int
    assignment: Assignment
    offset_log: OffsetLog
    slow_batches: SlowBatches
    losses: RetentionLosses

    def check_partitions(self, numbers: Iterable[int]) -> None:
        """End the process where a partition is new."""


class ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """The thread that fetches."""

    logger = logging.getLogger("faust.consumer")

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  (Faust's)
        super().__init__(*arguments, **options)
        self._epoch = 0
        self._offsets_thread = ThreadPoolExecutor(1, "group-offsets")

    @property
    def _worker(self) -> WorkerApp:
        return cast("WorkerApp", self.consumer.app)

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:  # noqa: ANN401
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # noqa: SLF001  (Faust has no setting for it)
        return consumer

    async def on_start(self) -> None:
        """Start, and replace the method that fetches committed offsets.

        aiokafka 0.14 stops at OffsetFetch v3, which ignores a pending transaction: the new owner of a partition would
        start before a batch that is about to commit, and repeat it. kafka-python waits (require_stable, KIP-447).
        """
        await super().on_start()
        self._consumer._coordinator._do_fetch_commit_offsets = self._stable_offsets  # noqa: SLF001

    async def _stable_offsets(self, partitions: Iterable[Any]) -> dict[Any, OffsetAndMetadata]:
        wanted = {TopicPartition(partition.topic, partition.partition): partition for partition in partitions}
        self._worker.check_partitions(partition.partition for partition in wanted)
        loop = asyncio.get_running_loop()
        try:
            commits = await loop.run_in_executor(self._offsets_thread, self._worker.offset_log.fetch_stable, wanted)
        except kafka.errors.KafkaError as exc:
            log.warning(
                "committed offsets are not stable yet. If this continues, a transaction hangs: "
                "run kafka-transactions.sh find-hanging",
                error=repr(exc),
            )
            raise RequestTimedOutError from exc  # aiokafka tries again after this one
        self._worker.slow_batches.restore(commits)
        offsets = {
            wanted[key]: OffsetAndMetadata(commit.offset, commit.marked_metadata) for key, commit in commits.items()
        }
        await self._correct(
            {wanted[key]: offsets[wanted[key]] for key, commit in commits.items() if not commit.in_sync}
        )
        return offsets

    async def _correct(self, offsets: Mapping[Any, OffsetAndMetadata]) -> None:
        """Commit what the coordinator does not know: the lag that it reports would count records that are done."""
        coordinator = self._consumer._coordinator  # noqa: SLF001
        with suppress(aiokafka.errors.KafkaError):  # a rebalance meanwhile: the next owner does it
            await coordinator._do_commit_offsets(None, dict(offsets))  # noqa: SLF001  (commit_offsets retries forever)

    async def _fetch_records(
        self,
        consumer: aiokafka.AIOKafkaConsumer,
        active_partitions: set[Any],
        timeout: float,
        max_records: int,
    ) -> Mapping[Any, Any]:
        """Fetch, so that each partition gives its share of ``max_records``, and all of them about ``_FETCH_BYTES``.

        aiokafka returns all that it has of one partition before it comes to the next, and a full queue of one stage
        holds up the others: behind thousands of articles a stage would stand still for minutes.
        """
        try:
            return await self._fetch_shares(consumer, active_partitions, timeout, max_records)
        except OffsetOutOfRangeError as exc:
            await self._reset(exc.args[0])
        except NoOffsetForPartitionError as exc:
            await self._reset({exc.args[0]: None})
        return {}

    async def _reset(self, positions: Mapping[Any, int | None]) -> None:
        """Go on at the beginning of partitions where there is nothing at their positions any more, or none is known."""
        begins = await self._consumer.beginning_offsets(list(positions))
        for partition, position in positions.items():
            self._worker.losses.note(partition.topic, partition.partition, position, begins[partition])
            self._consumer.seek(partition, begins[partition])

    async def _fetch_shares(
        self,
        consumer: aiokafka.AIOKafkaConsumer,
        active_partitions: set[Any],
        timeout: float,
        max_records: int,
    ) -> Mapping[Any, Any]:
        fetch = super()._fetch_records
        fetched = consumer._fetcher._records  # noqa: SLF001  (what is fetched and not returned yet)
        ready = [partition for partition in fetched if partition in active_partitions]
        ready.sort(key=lambda partition: isinstance(fetched[partition], FetchResult))  # errors are raised first
        share = max(1, max_records // max(1, len(ready)))
        drained: dict[Any, Any] = {}
        size = 0
        # Only the first call can wait, for an assignment, and then it returns nothing of the one before. Once records
        # are drained nothing else runs until they are returned: a rebalance would take them for its own.
        for partition in ready:
            if partition in fetched and size < _FETCH_BYTES:
                records = await fetch(consumer, {partition}, timeout=0, max_records=share)
                drained |= records
                size += sum(unpacked_size(record) for part in records.values() for record in part)
                if partition in fetched:
                    fetched.move_to_end(partition)  # the next time after all the others
        return drained or await fetch(consumer, active_partitions, timeout=timeout, max_records=max_records)

    async def seek_to_committed(self) -> Mapping[Any, int]:
        """Rewind every partition to its committed offset, or to its beginning where nothing is committed.

        Faust calls it after it has dropped fetched records; aiokafka's own leaves a partition without a committed
        offset where it is, so that the dropped records would never be read.
        """
        return cast("Mapping[Any, int]", await self.call_thread(self._seek_to_committed))

    async def _seek_to_committed(self) -> Mapping[Any, int]:
        consumer = self._consumer
        assigned = consumer.assignment()
        found = await consumer._coordinator.fetch_committed_offsets(assigned)  # noqa: SLF001
        start = await consumer.beginning_offsets([partition for partition in assigned if partition not in found])
        start.update({partition: committed.offset for partition, committed in found.items()})
        for partition, offset in start.items():
            consumer.seek(partition, offset)
        return cast("Mapping[Any, int]", start)

    async def on_partitions_revoked(self, revoked: set[Any]) -> None:
        """End the lease, then let Faust wait for what is in flight."""
        self._worker.assignment.revoke()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[Any], generation_id: int = 0) -> None:  # noqa: ARG002
        """Grant a lease, and stamp what is fetched from now on with an epoch of our own."""
        coordinator = self._consumer._coordinator  # noqa: SLF001
        self._epoch += 1
        self._worker.consumer_generation_id = self._epoch  # Faust stamps each message with it and only compares it
        self._worker.assignment.grant(
            Lease(
                epoch=self._epoch,
                generation=coordinator.generation,
                member_id=coordinator.member_id,
                instance_id=self._worker.conf.consumer_group_instance_id or None,
            )
        )
        await super().on_partitions_assigned(assigned, self._epoch)


class Consumer(driver.Consumer):  # type: ignore[misc]
    """Faust's consumer with our thread."""

    logger = logging.getLogger("faust.consumer")

    async def _wait_next_records(self, timeout: float) -> tuple[Any, Any]:
        """Wait until an agent has room: Faust sleeps a second if none has, and a fetch does not notice new room."""
        while self.flow_active and not self.should_stop and self._is_full():
            await self.sleep(_ROOM_S)
        wait_s = min(timeout, _FETCH_WAIT_S) if self._buffered_partitions else timeout
        return cast("tuple[Any, Any]", await super()._wait_next_records(wait_s))

    def _is_full(self) -> bool:
        if self._buffered_partitions and not self._get_active_partitions():
            return True
        return bool(self.app.queued_bytes() > _READ_AHEAD_BYTES)

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)


class Transport(driver.Transport):  # type: ignore[misc]
    """Faust's transport with our consumer."""

    Consumer = Consumer
