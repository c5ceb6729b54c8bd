"""A time range in, the claims that are on Kafka from then on out, each with the time of its article's record."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.contract.events import ClaimV1
from pipeline.report.counts import TimeRange
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.offsets import offsets_at
from pipeline.streaming.kafka.reader import EventReader, OnProgress, Start
from pipeline.topology import TOPICS


def read_claims(
    connection: Connection, within: TimeRange, *, prefix: str, on_progress: OnProgress | None = None
) -> Iterator[tuple[int, ClaimV1]]:
    """One by one, read committed; what was pushed before ``within`` is not read. A claim bears its article's time.

    Raises:
        UsageError: no broker answers, or the topic is missing.
    """
    start: Start = "beginning"
    if within.since_ms is not None and within.by == "pushed":
        start = offsets_at(connection, prefix + TOPICS[ClaimV1], within.since_ms)
        if not start:
            return
    with EventReader(connection, ClaimV1, prefix=prefix, start=start) as reader:
        for record, claim in reader.until_end(on_progress=on_progress):
            yield record.timestamp_ms, claim
