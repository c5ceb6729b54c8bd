from __future__ import annotations

import pytest
from prometheus_client import generate_latest

from pipeline.metrics import Metrics
from pipeline.streaming.kafka.unread import lost_unread
from pipeline.streaming.worker.retention import RetentionLosses


@pytest.mark.parametrize(
    ("committed", "begin", "lost"),
    [(None, 0, 0), (None, 50, 0), (0, 0, 0), (0, 50, 50), (40, 60, 20), (60, 60, 0), (70, 60, 0)],
)
def test_offsets_between_the_committed_one_and_the_logs_begin_are_lost(
    committed: int | None, begin: int, lost: int
) -> None:
    assert lost_unread(committed, begin) == lost


def test_each_lost_offset_is_counted_once_by_topic_and_partition() -> None:
    metrics = Metrics()
    losses = RetentionLosses(metrics)
    for position, begin in [(40, 60), (40, 60), (None, 90), (55, 70), (70, 70)]:
        losses.note("news.articles", 3, position, begin)
    losses.note("news.sentences", 3, 1, 3)
    shown = generate_latest(metrics.registry).decode()
    assert 'claimwire_records_removed_unread_total{partition="3",topic="news.articles"} 30.0' in shown
    assert 'claimwire_records_removed_unread_total{partition="3",topic="news.sentences"} 2.0' in shown
