"""What a stage sends in, what it adds to the metrics out: each article once, when its batch is committed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.labels import REASONS
from pipeline.metrics import (
    ARTICLES_IN,
    ARTICLES_REJECTED,
    BATCH_ARTICLES,
    BATCH_SECONDS,
    BATCHES_DROPPED,
    NLP_SECONDS,
    TRANSACTION_SECONDS,
    Count,
    Metrics,
)
from pipeline.streaming.kafka.records import OutRecord


class Spent(NamedTuple):
    """Seconds of a batch."""

    nlp: float
    transaction: float


def count_from_zero(metrics: Metrics, *, stage: str) -> None:
    """Show what goes wrong before it does: Prometheus sees no first step of a series that begins with it."""
    metrics.add([Count(BATCHES_DROPPED, (stage,), 0), *(Count(ARTICLES_REJECTED, (stage, why), 0) for why in REASONS)])


def count_batch(metrics: Metrics, *, stage: str, records: int, outputs: Sequence[OutRecord], spent: Spent) -> None:
    """A batch of so many records is committed."""
    metrics.add([Count(ARTICLES_IN, (stage,), records)])
    for output in outputs:
        metrics.add(output.counts)
        if output.rejection is not None:
            metrics.add([Count(ARTICLES_REJECTED, (stage, output.rejection.reason))])
    metrics.observe(BATCH_ARTICLES, records, stage)
    metrics.observe(NLP_SECONDS, spent.nlp, stage)
    metrics.observe(TRANSACTION_SECONDS, spent.transaction, stage)
    metrics.observe(BATCH_SECONDS, sum(spent), stage)
