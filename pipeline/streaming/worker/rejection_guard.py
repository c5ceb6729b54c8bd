"""Stop the worker before it rejects too many records of a stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from pipeline.streaming.health.watchdog import EXIT_TOO_MANY_REJECTED, Watchdog, leave
from pipeline.streaming.kafka.records import OutRecord, Rejection
from pipeline.streaming.worker.rejection_rate import RejectionLimit, RejectionShare


class ValueReader(Protocol):
    """Reads what an earlier process has committed."""

    async def last_value(self, key: bytes) -> bytes | None:
        """Return the last committed value of ``key``."""


class RejectionGuard:
    """Counts one stage's rejections; the count is committed with the outputs and so survives a restart."""

    def __init__(
        self,
        limit: RejectionLimit,
        *,
        stage: str,
        topic: str,
        key: bytes,
        reader: ValueReader,
        is_stage_fault: Callable[[Rejection], bool],
        watchdog: Watchdog,
        give_up_s: float,
    ) -> None:
        self._limit = limit
        self._stage = stage
        self._topic = topic
        self._key = key
        self._reader = reader
        self._is_stage_fault = is_stage_fault
        self._watchdog = watchdog
        self._give_up_s = give_up_s
        self._share = RejectionShare(limit)
        self._restored = limit.share >= 1  # no limit

    async def check(self, records: int, outputs: Sequence[OutRecord]) -> list[OutRecord]:
        """Count a batch of ``records`` inputs, and return what to commit of the count with its outputs.

        Ends the process where too many are rejected, before this batch is committed.
        """
        rejections = [output.rejection for output in outputs if output.rejection is not None]
        faults = [rejection for rejection in rejections if self._is_stage_fault(rejection)]
        if faults and not self._restored:
            with self._watchdog.within(self._give_up_s, f"stage {self._stage} cannot read its rejections"):
                await self._restore()
        if self._share.add(records, faults, time.monotonic()):
            leave(
                f"stage {self._stage} rejects {self._share}: more than worker.max_rejected_share allows. Nothing is"
                " lost; mend the cause and start the workers again, or raise the limit. Started again as it is, this"
                f" worker stops at the next record that fails, until {self._limit.window_s:g} s have passed",
                EXIT_TOO_MANY_REJECTED,
            )
        if not self._share.is_active:
            return []
        kept = self._share.encode(time.monotonic(), clock_s=time.time())
        return [OutRecord(self._topic, 0, None, self._key, kept, [])]

    async def _restore(self) -> None:
        """Before the first rejection: count what an earlier process of the same id has counted of late."""
        kept = await self._reader.last_value(self._key)
        self._restored = True
        if kept is not None:
            self._share.restore(kept, time.monotonic(), clock_s=time.time())
