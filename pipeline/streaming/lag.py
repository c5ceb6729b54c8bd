"""A group in, how far behind each of its stages is out: by records, and by the age of the oldest one that waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kafka.errors import KafkaError

from pipeline.streaming.client import RecordReader
from pipeline.streaming.connection import Connection
from pipeline.streaming.reach import admin_client
from pipeline.topology import STAGES, TOPICS

_Partition = tuple[str, int]

_PATIENCE_S = 15.0
_RETRY_S = 0.2


@dataclass(frozen=True)
class PartitionLag:
    """One partition of a stage's input.

    ``committed`` is the first offset that is not done yet, None where nothing was ever committed; ``end`` is the first
    offset that no reader sees yet. ``lag`` is 0 where nothing waits; else offsets between the two, among them those of
    transaction markers. ``oldest_ms`` is the time of the oldest record that waits, in milliseconds since 1970.
    """

    partition: int
    committed: int | None
    end: int
    lag: int
    oldest_ms: int | None


@dataclass(frozen=True)
class StageLag:
    """One stage."""

    stage: str
    topic: str
    partitions: tuple[PartitionLag, ...]

    @property
    def lag(self) -> int:
        """Of all partitions."""
        return sum(partition.lag for partition in self.partitions)

    @property
    def oldest_ms(self) -> int | None:
        """The time of the oldest record that waits, in milliseconds since 1970."""
        times = [partition.oldest_ms for partition in self.partitions if partition.oldest_ms is not None]
        return min(times, default=None)


@dataclass(frozen=True)
class GroupLag:
    """The chain: ``state`` of its consumer group as Kafka names it, ``workers`` that are in it."""

    group: str
    state: str
    workers: int
    stages: tuple[StageLag, ...]


def measure(connection: Connection, *, prefix: str, group: str) -> GroupLag:
    """Ask the broker; ``group`` is without ``prefix``.

    Raises:
        UsageError: no broker answers, or a topic is missing.
    """
    name = prefix + group
    with RecordReader(connection, [prefix + TOPICS[stage.reads] for stage in STAGES], start="end") as reader:
        ranges = reader.ranges
    committed = committed_offsets(connection, name)
    with admin_client(connection) as admin:
        state, workers = _members(admin, name)
    first = {partition: max(committed.get(partition, begin), begin) for partition, (begin, _) in ranges.items()}
    times = _times(
        connection, {partition: offset for partition, offset in first.items() if offset < ranges[partition][1]}
    )
    lags: dict[str, list[PartitionLag]] = {}
    for (topic, partition), (_, end) in ranges.items():
        oldest_ms = times.get((topic, partition))
        lag = 0 if oldest_ms is None else end - first[topic, partition]
        done = committed.get((topic, partition))
        lags.setdefault(topic, []).append(PartitionLag(partition, done, end, lag, oldest_ms))
    topics = {stage.name: prefix + TOPICS[stage.reads] for stage in STAGES}
    stages = tuple(StageLag(stage, topic, tuple(lags[topic])) for stage, topic in topics.items())
    return GroupLag(name, state, workers, stages)


def committed_offsets(connection: Connection, group: str) -> dict[tuple[str, int], int]:
    """The next offset of a group, by topic and partition; none where nothing was ever committed.

    Raises:
        UsageError: no broker answers, or one refuses.
    """
    with admin_client(connection) as admin:
        offsets = _patiently(lambda: admin.list_group_offsets({group: None})[group])
    return {tuple(partition): entry.offset for partition, entry in offsets.items()}


def _patiently(ask: Callable[[], Any]) -> Any:  # noqa: ANN401  (whatever is asked for)
    """Ask again while the broker needs time: a new one makes its topic of offsets when it is first asked for them."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return ask()
        except KafkaError as exc:
            if not exc.retriable or time.monotonic() > deadline:
                raise
        time.sleep(_RETRY_S)


def _members(admin: Any, group: str) -> tuple[str, int]:  # noqa: ANN401  (kafka-python has no types)
    found = _patiently(lambda: admin.describe_groups([group])).get(group)
    if not found or found["error"]:
        return "none", 0
    return str(found["group_state"]), len(found["members"])


def _times(connection: Connection, starts: dict[_Partition, int]) -> dict[_Partition, int]:
    """The time of the first record from an offset on; none where only transaction markers follow."""
    if not starts:
        return {}
    times: dict[_Partition, int] = {}
    topics = sorted({topic for topic, _ in starts})
    with RecordReader(connection, topics, start=starts) as reader:
        for record in reader.until_end():
            times.setdefault((record.topic, record.partition), record.timestamp_ms)
            if len(times) == len(starts):
                break
    return times
