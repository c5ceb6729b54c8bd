"""Commits of one stage, repeated until Kafka has given an answer."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import kafka.errors
import structlog

from pipeline.streaming.kafka.compacted_topic import Offsets
from pipeline.streaming.kafka.records import OutRecord
from pipeline.streaming.worker.assignment import Assignment
from pipeline.streaming.worker.offset_log import OffsetMetadata
from pipeline.streaming.worker.transactions import Lease, LeaseLostError, ReplacedError, TransactionWriter

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

_RETRY_S = 0.2


class RetryingCommitter:
    """Calls a ``TransactionWriter`` in a thread of its own. The caller sets the deadline for its retries."""

    def __init__(self, writer: TransactionWriter, assignment: Assignment, *, stage: str) -> None:
        self._writer = writer
        self._assignment = assignment
        self._stage = stage
        self._thread = ThreadPoolExecutor(1, f"{stage}-io")

    async def open(self) -> None:
        """Open the producer, as soon as the coordinator answers."""
        await self._until_answered("the transaction coordinator does not answer yet", self._writer.open)

    async def close(self) -> None:
        """Make sure that the last batch is visible, and close the producer."""
        try:
            await self._in_thread(self._writer.ensure_visible)
        except (kafka.errors.KafkaError, LeaseLostError, ReplacedError) as exc:
            log.warning("the last batch could not be confirmed", stage=self._stage, error=repr(exc))
        await self._in_thread(self._writer.close)

    async def last_value(self, key: bytes) -> bytes | None:
        """Return the last committed value of ``key`` on the topic of commits."""
        return await self._until_answered("earlier rejections cannot be read yet", self._writer.last_value, key)

    async def commit(self, outputs: list[OutRecord], offsets: Offsets, lease: Lease, metadata: OffsetMetadata) -> bool:
        """Commit a batch; False if the lease is lost. Every retry is safe: the broker checks the lease.

        Raises:
            ReplacedError: another process runs with this worker's id.
        """
        unknown = False
        while True:
            try:
                if unknown and await self._in_thread(self._writer.resolve_unknown_outcome, offsets):
                    return True
                await self._in_thread(self._writer.write, outputs, offsets, lease, metadata)
            except LeaseLostError:
                log.warning("lease lost, a batch is dropped", stage=self._stage, records=len(outputs))
                return False
            except ReplacedError:
                if self._assignment.lease in {None, lease}:
                    raise
                return False  # this process has itself rejoined meanwhile
            except kafka.errors.KafkaError as exc:
                unknown = True
                log.warning("transaction failed, settling it", stage=self._stage, error=repr(exc))
                await asyncio.sleep(_RETRY_S)
            else:
                return True

    async def _until_answered(
        self, not_yet: str, function: Callable[P, R], *arguments: P.args, **options: P.kwargs
    ) -> R:
        """Call again, logging ``not_yet``, until Kafka answers; an error that no retry mends is raised."""
        while True:
            try:
                return await self._in_thread(function, *arguments, **options)
            except kafka.errors.KafkaError as exc:
                if not exc.retriable:
                    raise
                log.warning(not_yet, stage=self._stage, error=repr(exc))
            await asyncio.sleep(_RETRY_S)

    async def _in_thread(self, function: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        context = contextvars.copy_context()  # what is bound for the log is bound in the thread as well
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: context.run(function, *arguments, **options)
        )
