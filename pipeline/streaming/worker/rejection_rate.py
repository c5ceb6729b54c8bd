"""The share of a stage's records that were rejected of late, and its limit. No Kafka, no clock.

After a bad deploy a stage may reject one good article after the other. Rejected articles can be replayed, but until
then readers of the outputs have a gap. It is better that the workers stop and the articles wait on their topic. The
count is committed with the outputs, so a worker that is restarted at once rejects not a single record more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from pipeline.contract.events import ArticleV1
from pipeline.streaming.kafka.records import Rejection
from pipeline.topology import Stage

_STEPS = 30  # of the window: batches within one step are counted together

# What the pusher causes never counts: nobody may be able to stop the workers for everybody by pushing nonsense. An
# output is too large where the article is, at whatever stage.
_OWN_REASON = "failed"


def is_stage_fault(stage: Stage, reason: str) -> bool:
    """Return whether a stage itself may have failed; a later stage also has where it cannot read its record."""
    return reason == _OWN_REASON or (stage.reads is not ArticleV1 and reason != "too-large")


@dataclass(frozen=True)
class RejectionLimit:
    """A worker stops if more than ``share`` (0 to 1) of a stage's records of the last ``window_s`` were rejected.

    At least ``at_least`` must have been: on a quiet topic one of three means nothing. A share of 1 is no limit.
    """

    share: float = 1.0
    at_least: int = 20
    window_s: float = 300.0


class _Batch(NamedTuple):
    at: float
    records: int
    rejected: int


@dataclass
class RejectionShare:
    """The rejections of one stage of one worker. ``at`` is in seconds on one monotonic clock."""

    limit: RejectionLimit
    _batches: deque[_Batch] = field(default_factory=deque)
    _records: int = 0
    _rejected: int = 0
    _last: Rejection | None = None

    def add(self, records: int, rejected: Sequence[Rejection], at: float) -> bool:
        """Count a batch of ``records`` with these rejections, and return whether there are too many now."""
        self._batches.append(self._with_last(_Batch(at, records, len(rejected))))
        self._records += records
        self._rejected += len(rejected)
        self._last = rejected[-1] if rejected else self._last
        while self._batches[0].at < at - self.limit.window_s:
            old = self._batches.popleft()
            self._records -= old.records
            self._rejected -= old.rejected
        many = self._rejected >= self.limit.at_least and self._rejected > self.limit.share * self._records
        return many and bool(rejected)  # once the cause is mended, earlier ones stop nobody

    def _with_last(self, batch: _Batch) -> _Batch:
        if not self._batches or batch.at - self._batches[-1].at > self.limit.window_s / _STEPS:
            return batch
        last = self._batches.pop()
        return _Batch(last.at, last.records + batch.records, last.rejected + batch.rejected)

    @property
    def is_active(self) -> bool:
        """Whether there is a count to keep: a limit is set, and a rejection is within the window."""
        return self.limit.share < 1 and self._rejected > 0

    def encode(self, at: float, *, clock_s: float) -> bytes:
        """Return the count for the next process; ``clock_s`` is the time of ``at`` in seconds since 1970."""
        batches = [(round(at - batch.at, 1), batch.records, batch.rejected) for batch in self._batches]
        return orjson.dumps({"at": clock_s, "batches": batches})

    def restore(self, kept: bytes, at: float, *, clock_s: float) -> None:
        """Add what the previous process had counted."""
        counted = orjson.loads(kept)
        since = max(0.0, clock_s - counted["at"])
        before = [_Batch(at - since - age, records, rejected) for age, records, rejected in counted["batches"]]
        self._batches.extendleft(reversed(before))
        self._records += sum(batch.records for batch in before)
        self._rejected += sum(batch.rejected for batch in before)

    def __str__(self) -> str:
        """Return the share in words."""
        last = f" (the last one: {self._last.reason}, {self._last.cause})" if self._last else ""
        return f"{self._rejected:,} of the last {self._records:,} records{last}"
