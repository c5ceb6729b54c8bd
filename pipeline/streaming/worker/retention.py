"""Records that retention has taken before a stage has read them."""

from __future__ import annotations

import structlog

from pipeline.metrics import REMOVED_UNREAD, Count, Metrics
from pipeline.streaming.kafka.records import Partition
from pipeline.streaming.kafka.unread import lost_unread

log = structlog.get_logger(__name__)


class RetentionLosses:
    """Logs and counts what a worker could not read any more, each offset once."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._counted: dict[Partition, int] = {}  # offsets before this one

    def note(self, topic: str, partition: int, position: int | None, begin: int) -> None:
        """The worker goes on at ``begin``, the first offset that is left, and not at ``position``."""
        counted = self._counted.get((topic, partition), 0)
        lost = lost_unread(None if position is None else max(position, counted), begin)
        if not lost:
            return
        self._counted[topic, partition] = begin
        log.warning(
            "retention has removed records before they were read",
            topic=topic,
            partition=partition,
            records=lost,
            first=begin - lost,
            advice="add workers or raise retention.ms and retention.bytes of the topic",
        )
        self._metrics.add([Count(REMOVED_UNREAD, (topic, str(partition)), lost)])
