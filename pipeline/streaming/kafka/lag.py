"""How far behind each stage of a group is: by records, and by the age of the oldest one that waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from kafka import TopicPartition
from kafka.errors import KafkaError

from pipeline.closing import Closing
from pipeline.streaming.kafka.clients import (
    REQUEST_TIMEOUT_MS,
    admin_client,
    kafka_errors_as_usage_errors,
    list_offsets,
    open_consumer,
)
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import RecordReader
from pipeline.streaming.kafka.records import Partition
from pipeline.streaming.kafka.unread import (
    Lost,
    OpenTransaction,
    hidden_by_transactions,
    lost_records,
    lost_unread,
)
from pipeline.topology import STAGES, TOPICS

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

_FETCH_BYTES = 128 * 1024  # of a partition: its first record is all that is wanted
_FETCH_S = 5.0  # for the first records; of a partition that is not read by then it stays unknown whether one waits
_POLL_MS = 200
_PATIENCE_S = 15.0
_RETRY_S = 0.2


@dataclass(frozen=True)
class PartitionLag:
    """One partition of a stage's input.

    ``committed`` is the first offset that is not done yet, None where nothing was ever committed. ``begin`` is the
    first offset that Kafka still has, ``end`` the first that no reader sees yet. ``lag`` is 0 where nothing waits;
    else the number of offsets, among them those of transaction markers. ``oldest_ms`` is the time of the oldest
    record that was seen to wait, in milliseconds since 1970. It is None where nothing waits, and where the partition
    could not be read in time: then ``lag`` may be of markers alone.
    """

    partition: int
    committed: int | None
    end: int
    lag: int
    oldest_ms: int | None
    begin: int = 0

    @property
    def lost(self) -> int:
        """How many offsets retention has taken before they were done, among them those of transaction markers."""
        return lost_unread(self.committed, self.begin)


@dataclass(frozen=True)
class StageLag:
    """The lag of one stage, by partition of its input topic."""

    stage: str
    topic: str
    partitions: tuple[PartitionLag, ...]

    @property
    def lag(self) -> int:
        """The total lag over all partitions, in offsets."""
        return sum(partition.lag for partition in self.partitions)

    @property
    def oldest_ms(self) -> int | None:
        """The time of the oldest record that waits, in milliseconds since 1970."""
        times = [partition.oldest_ms for partition in self.partitions if partition.oldest_ms is not None]
        return min(times, default=None)


@dataclass(frozen=True)
class Member:
    """A worker that is in the group, by its id, with its partitions: topic and number."""

    worker: str
    host: str
    partitions: tuple[Partition, ...]


@dataclass(frozen=True)
class GroupLag:
    """The chain: ``state`` of its consumer group as Kafka names it, the workers that are in it.

    The lag of each stage goes to the end of its log: what ``open_transactions`` hide from its readers waits as well.
    """

    group: str
    state: str
    workers: int
    stages: tuple[StageLag, ...]
    members: tuple[Member, ...] = ()
    lost: tuple[Lost, ...] = ()
    open_transactions: tuple[OpenTransaction, ...] = ()


def measure_lag(connection: Connection, *, prefix: str, group: str) -> GroupLag:
    """Ask the broker how far behind the chain is; ``group`` is without ``prefix``.

    Raises:
        UsageError: no broker answers, or a topic is missing.
    """
    name = prefix + group
    topics = {stage.name: prefix + TOPICS[stage.reads] for stage in STAGES}
    with RecordReader(connection, list(topics.values()), start="end") as reader:
        begins = {partition: begin for partition, (begin, _) in reader.ranges.items()}
    with LagReader(connection, group=name) as lags, kafka_errors_as_usage_errors(connection):
        state, members = _members(lags.admin, name)
        found = lags.read(begins)
        hidden, open_ = hidden_by_transactions(lags.admin, {partition: lag.end for partition, lag in found.items()})
    found = {partition: replace(lag, lag=lag.lag + hidden.get(partition, 0)) for partition, lag in found.items()}
    committed = {partition: lag.committed for partition, lag in found.items() if lag.committed is not None}
    stages = tuple(_stage_lag(stage, topic, found) for stage, topic in topics.items())
    return GroupLag(name, state, len(members), stages, members, lost_records(committed, begins), open_)


def _stage_lag(stage: str, topic: str, found: Mapping[Partition, PartitionLag]) -> StageLag:
    return StageLag(stage, topic, tuple(lag for (of, _), lag in sorted(found.items()) if of == topic))


class LagReader(Closing):
    """Reads how far behind a group is, again and again; ``group`` is with its prefix."""

    def __init__(self, connection: Connection, *, group: str) -> None:
        """Connect.

        Raises:
            UsageError: no broker answers, or one refuses.
        """
        self._group = group
        self._looks: dict[TopicPartition, _Look] = {}
        with ExitStack() as stack:
            self.admin = stack.enter_context(admin_client(connection))
            with kafka_errors_as_usage_errors(connection):
                self._consumer = open_consumer(connection, max_partition_fetch_bytes=_FETCH_BYTES, max_poll_records=1)
            stack.callback(self._consumer.close, autocommit=False)
            self._stack = stack.pop_all()

    def close(self) -> None:
        """Disconnect."""
        self._stack.close()

    def read(self, partitions: Iterable[Partition]) -> dict[Partition, PartitionLag]:
        """Ask the broker.

        Raises:
            kafka.errors.KafkaError: it does not answer, or refuses.
        """
        wanted = [TopicPartition(*partition) for partition in partitions]
        for topic in {partition.topic for partition in wanted}:
            self._consumer.partitions_for_topic(topic)  # learns the leaders: end_offsets does not wait for them
        # Committed offsets first: what goes on meanwhile is then seen as waiting, never as more than there is.
        done = _committed(self.admin, self._group)
        ends = list_offsets(self._consumer.end_offsets, wanted) if wanted else {}
        begins = list_offsets(self._consumer.beginning_offsets, wanted) if wanted else {}
        starts = {partition: max(done.get(tuple(partition), 0), begins[partition]) for partition in wanted}
        self._look({partition: start for partition, start in starts.items() if start < ends[partition]}, ends)
        return {
            tuple(partition): self._lag(
                partition, done.get(tuple(partition)), begins[partition], starts[partition], ends[partition]
            )
            for partition in wanted
        }

    def _lag(self, partition: TopicPartition, committed: int | None, begin: int, start: int, end: int) -> PartitionLag:
        look = self._looks.get(partition)
        known = look is not None and look.holds(start, end)
        oldest_ms = look.oldest_ms if look is not None and known else None
        lag = 0 if start >= end or (known and oldest_ms is None) else end - start
        return PartitionLag(partition.partition, committed, end, lag, oldest_ms, begin)

    def _look(self, starts: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]) -> None:
        """Look for the first record from each offset on, where an earlier look does not tell: markers may follow."""
        open_ = {
            partition
            for partition, start in starts.items()
            if partition not in self._looks or not self._looks[partition].holds(start, ends[partition])
        }
        consumer = self._consumer
        consumer.assign(list(open_))
        for partition in open_:
            consumer.seek(partition, starts[partition])
        deadline = time.monotonic() + _FETCH_S
        while open_ and time.monotonic() < deadline:
            for partition, records in consumer.poll(timeout_ms=_POLL_MS).items():
                first = records[0]
                self._looks[partition] = _Look(starts[partition], ends[partition], first.offset, first.timestamp)
                open_.discard(partition)
            for partition in list(open_):
                if (consumer.position(partition, timeout_ms=REQUEST_TIMEOUT_MS) or 0) >= ends[partition]:
                    self._looks[partition] = _Look(starts[partition], ends[partition], None, None)
                    open_.discard(partition)
            # Only what is left. `pause` will not do: kafka-python 3.0 may never fetch again what it has put aside.
            consumer.assign(list(open_))


class _Look(NamedTuple):
    """What was found between two offsets of a partition: the first record, or none."""

    start: int
    end: int
    offset: int | None
    oldest_ms: int | None

    def holds(self, start: int, end: int) -> bool:
        """Return whether it also tells what is between these two: a record that waits does so until it is done."""
        if self.offset is None:
            return self.start <= start and end == self.end
        return self.start <= start <= self.offset < end


def committed_offsets(connection: Connection, group: str) -> dict[Partition, int]:
    """The next offset of a group, by topic and partition; none where nothing was ever committed.

    Raises:
        UsageError: no broker answers, or one refuses.
    """
    with admin_client(connection) as admin:
        return _committed(admin, group)


def _committed(admin: KafkaAdminClient, group: str) -> dict[Partition, int]:
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


def _members(admin: KafkaAdminClient, group: str) -> tuple[str, tuple[Member, ...]]:
    found = _patiently(lambda: admin.describe_groups([group])).get(group)
    if not found or found["error"]:
        return "none", ()
    members = (
        Member(
            member["group_instance_id"] or member["member_id"],
            member["client_host"].lstrip("/"),
            _partitions(member["member_assignment"]),
        )
        for member in found["members"]
    )
    return str(found["group_state"]), tuple(sorted(members, key=lambda member: member.worker))


def _partitions(assignment: Mapping[str, Any] | None) -> tuple[Partition, ...]:
    """None while the group is between two generations."""
    assigned = (assignment or {}).get("assigned_partitions", ())
    return tuple(sorted((topic["topic"], number) for topic in assigned for number in topic["partitions"]))
