"""How many records of a stage were rejected in the last minutes in, whether that is too many out. No Kafka, no clock.

After a bad deploy a stage may reject one good article after the other. What is rejected can be replayed, but whoever
reads the outputs has a gap until then: better that the workers stop, and the articles wait on their topic.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.contract.events import ArticleV1
from pipeline.streaming.records import Rejection
from pipeline.topology import Stage

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
        self._batches.append(_Batch(at, records, len(rejected)))
        self._records += records
        self._rejected += len(rejected)
        self._last = rejected[-1] if rejected else self._last
        while self._batches[0].at < at - self.limit.window_s:
            old = self._batches.popleft()
            self._records -= old.records
            self._rejected -= old.rejected
        return self._rejected >= self.limit.at_least and self._rejected > self.limit.share * self._records

    def __str__(self) -> str:
        """In words."""
        last = f" (the last one: {self._last.reason}, {self._last.cause})" if self._last else ""
        return f"{self._rejected:,} of the last {self._records:,} records{last}"
