"""A topic in, offsets of its partitions out: from when on, up to where, and of which cluster."""

from __future__ import annotations

import time

from kafka import TopicPartition

from pipeline.errors import ClaimwireError
from pipeline.streaming.kafka.clients import (
    REQUEST_TIMEOUT_MS,
    admin_client,
    kafka_errors_as_usage_errors,
    open_consumer,
)
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import RecordReader
from pipeline.streaming.kafka.unread import log_ends

_RETRY_S = 0.5


def cluster_id(connection: Connection) -> str:
    """The id that a cluster has for good.

    Raises:
        UsageError: no broker answers, or one refuses.
    """
    with admin_client(connection) as admin:
        return str(admin.describe_cluster()["cluster_id"])


def visible_ends(connection: Connection, topic: str, *, patience_s: float) -> dict[int, tuple[int, int]]:
    """The first offset of each partition and the one after the last, once all that is written there can be read.

    A transaction that is open hides what was committed behind it; the broker ends it once it has timed out.

    Raises:
        UsageError: no broker answers, or the topic is missing.
        ClaimwireError: a transaction stays open for ``patience_s``.
    """
    deadline = time.monotonic() + patience_s
    written: dict[int, int] = {}
    while True:
        with RecordReader(connection, [topic], start="end") as reader:
            ranges = {partition: limits for (_, partition), limits in reader.ranges.items()}
        written = written or _written_ends(connection, topic, ranges)
        if all(end >= written[partition] for partition, (_, end) in ranges.items() if partition in written):
            return ranges
        if time.monotonic() > deadline:
            raise ClaimwireError(f"a transaction is open on {topic} and hides the records behind it")
        time.sleep(_RETRY_S)


def _written_ends(connection: Connection, topic: str, partitions: dict[int, tuple[int, int]]) -> dict[int, int]:
    with admin_client(connection) as admin:
        found = log_ends(admin, [(topic, partition) for partition in partitions])
    return {partition: end for (_, partition), end in found.items()}


def offsets_at(connection: Connection, topic: str, timestamp_ms: int) -> dict[tuple[str, int], int]:
    """Where each partition's first record of at least this time is; a partition that has none is left out.

    Raises:
        UsageError: no broker answers, or one refuses.
    """
    with kafka_errors_as_usage_errors(connection):
        consumer = open_consumer(connection)
        try:
            partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
            asked = dict.fromkeys(partitions, max(timestamp_ms, 0))
            found = consumer.offsets_for_times(asked, timeout_ms=REQUEST_TIMEOUT_MS) if asked else {}
        finally:
            consumer.close(autocommit=False, timeout_ms=1000)
    return {tuple(place): at.offset for place, at in found.items() if at}
