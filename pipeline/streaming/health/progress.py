"""Observed offsets of a worker's partitions in, whether it goes on out. No Kafka; clocks are arguments. Thread safe.

A process that is up, sends heartbeats and answers may still do nothing. What counts is whether committed offsets move
while records wait for them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from pipeline.streaming.kafka.records import Partition

_FRESH_S = 30.0  # an observation that is older says nothing about now
_LONGEST_STEP_S = 10.0  # time that nobody watched (a frozen process, a broker that is away) counts for no more
_PARTITION_PATIENCE = 5  # a partition may wait so many times longer than its stage: others have their turn before it


class Position(NamedTuple):
    """The first offset of a partition that is not done yet (-1: none was ever committed).

    ``waits`` is whether a record was seen to wait there.
    """

    committed: int
    waits: bool


@dataclass
class Progress:
    """Of one worker. Partitions are named by topic and number; times are seconds on one monotonic clock.

    A stage stands still where none of its partitions moves and one of them has records that wait; after ``stall_s`` of
    that the worker is no longer alive.
    """

    stall_s: float
    _assigned: bool = False
    _observed_at: float | None = None
    _positions: dict[Partition, Position] = field(default_factory=dict)
    # For how long each partition, and each topic as a whole, was seen to stand still while records waited.
    _still_s: dict[Partition, float] = field(default_factory=dict)
    _stage_still_s: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def assigned(self) -> None:
        """The group has given this worker its partitions, which may be none."""
        with self._lock:
            self._assigned = True

    def revoked(self) -> None:
        """The group takes them back."""
        with self._lock:
            self._assigned = False

    def observe(self, positions: Mapping[Partition, Position], now: float) -> None:
        """Where the partitions that this worker has now stand, all of them; in a rebalance it has none to look at."""
        with self._lock:
            if not self._assigned:
                return
            step = 0.0 if self._observed_at is None else min(now - self._observed_at, _LONGEST_STEP_S)
            before, self._observed_at = self._positions, now
            self._positions = dict(positions)
            moved = {name for name, found in positions.items() if found.committed != _committed(before.get(name))}
            waiting = {name for name, found in positions.items() if found.waits}
            self._still_s = _longer(self._still_s, waiting - moved, step)
            topics = {topic for topic, _ in waiting} - {topic for topic, _ in moved}
            self._stage_still_s = _longer(self._stage_still_s, topics, step)

    def stall(self) -> str | None:
        """What stands still for too long, in words; None where nothing does."""
        with self._lock:
            return self._stall(self.stall_s)

    def alive(self, now: float) -> bool:  # noqa: ARG002  (the same call as ``ready``)
        """False once committed offsets have stood still for too long while records wait: start a new process.

        A worker without partitions, one that waits for the group and one whose broker is away are alive.
        """
        return self.stall() is None

    def ready(self, now: float) -> bool:
        """Whether the worker takes part: it has its partitions, and has just been seen to go on with them."""
        with self._lock:
            fresh = self._observed_at is not None and now - self._observed_at < _FRESH_S
            return self._assigned and fresh and self._stall(self.stall_s / 2) is None

    def _stall(self, limit_s: float) -> str | None:
        for (topic, number), still_s in self._still_s.items():
            if still_s > limit_s * _PARTITION_PATIENCE or self._stage_still_s.get(topic, 0.0) > limit_s:
                committed = self._positions[topic, number].committed
                return f"{topic}-{number} stands still at offset {committed} for {still_s:.0f} s while records wait"
        return None


def _committed(position: Position | None) -> int | None:
    return None if position is None else position.committed


_Name = TypeVar("_Name", Partition, str)


def _longer(still_s: Mapping[_Name, float], names: Iterable[_Name], step: float) -> dict[_Name, float]:
    return {name: still_s.get(name, 0.0) + step for name in names}
