"""A worker's partitions in, how far it is behind in each out: asked of the broker every few seconds, from a thread.

The broker knows it also while the worker stands still, and of records that the worker has not fetched yet.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

import structlog
from kafka.errors import KafkaError

from pipeline import metrics
from pipeline.errors import UsageError
from pipeline.metrics import Metrics
from pipeline.streaming.health.progress import Position, Progress
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.lag import LagReader, PartitionLag
from pipeline.streaming.kafka.records import Partition

log = structlog.get_logger(__name__)

EVERY_S = 5.0
_FIRST_S = 1.0
_END_S = 1.0  # a broker that is away holds no worker's end up


class LagProbe:
    """Looks after the partitions that ``assigned`` gives, and sets the gauges of ``metrics``.

    ``topics`` are the topics that the stages read, by the stages' names.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        group: str,
        topics: Mapping[str, str],
        assigned: Callable[[], Collection[Partition] | None],
        metrics: Metrics,
    ) -> None:
        self._connection = connection
        self._group = group
        self._topics = topics
        self._assigned = assigned
        self._metrics = metrics
        self._closed = threading.Event()

    @contextmanager
    def told_to(self, progress: Progress) -> Iterator[None]:
        """Ask, and tell ``progress``, within the block."""
        thread = threading.Thread(target=self._run, args=(progress,), name="lag-probe", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._closed.set()
            thread.join(_END_S)

    def _run(self, progress: Progress) -> None:
        while not self._closed.is_set():
            try:
                with LagReader(self._connection, group=self._group) as reader:
                    found: Mapping[Partition, PartitionLag] = {}
                    # Until there are partitions more often: a worker is ready once it was seen to have them.
                    while not self._closed.wait(EVERY_S if found else _FIRST_S):
                        assigned = self._assigned()
                        if assigned is None:
                            continue  # during a rebalance what was last seen stands, or each would end an alert
                        found = reader.read(assigned)
                        progress.observe(_positions(found), time.monotonic())
                        self.note(found)
            except (KafkaError, UsageError) as exc:  # what was known stays, and grows old
                log.debug("the broker does not say how far behind this worker is", error=repr(exc))
                self._closed.wait(EVERY_S)

    def note(self, found: Mapping[Partition, PartitionLag]) -> None:
        """Set the gauges."""
        now_ms = time.time() * 1000
        for stage, topic in self._topics.items():
            lags = [lag for (of, _), lag in found.items() if of == topic]
            times = [lag.oldest_ms for lag in lags if lag.oldest_ms is not None]
            self._metrics.set(metrics.PARTITIONS, len(lags), stage)
            self._metrics.set(metrics.LAG, sum(lag.lag for lag in lags), stage)
            self._metrics.set(metrics.OLDEST_AGE, max(0.0, (now_ms - min(times)) / 1000) if times else 0.0, stage)


def _positions(found: Mapping[Partition, PartitionLag]) -> dict[Partition, Position]:
    return {
        partition: Position(-1 if lag.committed is None else lag.committed, waits=lag.oldest_ms is not None)
        for partition, lag in found.items()
    }
