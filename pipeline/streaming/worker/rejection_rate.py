"""How many records of a stage were rejected in the last minutes in, whether that is too many out. No Kafka, no clock.

After a bad deploy a stage may reject one good article after the other. What is rejected can be replayed, but whoever
reads the outputs has a gap until then: better that the workers stop, and the articles wait on their topic. What was
counted is kept with what is committed: a supervisor that starts a stopped worker again gains it not one rejection more.
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

_STEPS = 30  # of the window: batches are counted together that come within one

# Why a stage itself may have failed. All the other reasons are about what somebody has pushed: whoever pushes nonsense
# must not be able to stop the workers for all the others.
_OWN_REASONS = frozenset({"failed", "too-large"})


def speaks_against(stage: Stage, reason: str) -> bool:
    """Whether a rejection may be claimwire's own doing. Between the stages each is: claimwire wrote the record."""
    return stage.reads is not ArticleV1 or reason in _OWN_REASONS


@dataclass(frozen=True)
class RejectionLimit:
    """A worker stops where more than ``share`` (0 to 1) of a stage's records of the last ``window_s`` were rejected.

    ``at_least`` so many must have been: on a quiet topic one of three says nothing. A share of 1 is no limit.
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
    """Of one stage of one worker. ``at`` is in seconds on one monotonic clock."""

    limit: RejectionLimit
    _batches: deque[_Batch] = field(default_factory=deque)
    _records: int = 0
    _rejected: int = 0
    _last: Rejection | None = None

    def add(self, records: int, rejected: Sequence[Rejection], at: float) -> bool:
        """Count a batch of so many records of which these will be rejected; whether that makes too many."""
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
    def tells(self) -> bool:
        """Whether there is anything to be kept: a limit, and a rejection within the window."""
        return self.limit.share < 1 and self._rejected > 0

    def encode(self, at: float, *, clock_s: float) -> bytes:
        """What was counted, for the next process; ``clock_s`` is the time of ``at`` in seconds since 1970."""
        batches = [(round(at - batch.at, 1), batch.records, batch.rejected) for batch in self._batches]
        return orjson.dumps({"at": clock_s, "batches": batches})

    def recall(self, kept: bytes, at: float, *, clock_s: float) -> None:
        """Count what the process before had counted as well."""
        found = orjson.loads(kept)
        since = max(0.0, clock_s - found["at"])
        before = [_Batch(at - since - age, records, rejected) for age, records, rejected in found["batches"]]
        self._batches.extendleft(reversed(before))
        self._records += sum(batch.records for batch in before)
        self._rejected += sum(batch.rejected for batch in before)

    def __str__(self) -> str:
        """In words."""
        last = f" (the last one: {self._last.reason}, {self._last.cause})" if self._last else ""
        return f"{self._rejected:,} of the last {self._records:,} records{last}"
