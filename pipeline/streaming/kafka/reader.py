"""Read records with ``RecordReader``, events with ``EventReader``.

    with EventReader(connection, ClaimV1, start="beginning") as claims:
        for record, claim in claims:
            ...

Every wait is bounded but that for the next event. Readers see committed transactions only and belong to no group.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, cast

import structlog
from kafka import TopicPartition
from pydantic import BaseModel

from pipeline.closing import Closing
from pipeline.contract.codec import decode, decode_article
from pipeline.contract.events import Article, ArticleV1
from pipeline.errors import RecordError, UsageError
from pipeline.streaming.kafka.clients import (
    REQUEST_TIMEOUT_MS,
    kafka_errors_as_usage_errors,
    list_offsets,
    open_consumer,
)
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.kafka.topics import missing_topic
from pipeline.topology import TOPICS

if TYPE_CHECKING:
    from kafka.consumer.fetcher import ConsumerRecord

log = structlog.get_logger(__name__)

_POLL_S = 0.25  # how soon a reader that waits sees that it shall stop


E = TypeVar("E", bound=BaseModel)


# Where to begin: with all that there is, with what comes from now on, or with given offsets by topic and partition;
# a partition that is not among them is left out.
Start = Literal["beginning", "end"] | Mapping[tuple[str, int], int]

# To be told how far a reading is: how many offsets are done, and of how many.
OnProgress = Callable[[int, int], None]


class RecordReader(Closing):
    """Reads topics record by record, read committed."""

    def __init__(self, connection: Connection, topics: Sequence[str], *, start: Start) -> None:
        """Connect; what comes to a topic after this is seen, also with ``start="end"``.

        Raises:
            UsageError: no broker answers, or a topic is missing.
        """
        self._connection = connection
        self._stopped = threading.Event()
        # By topic and partition the first offset and the first one that was not visible yet on connecting.
        self.ranges: dict[tuple[str, int], tuple[int, int]] = {}
        with kafka_errors_as_usage_errors(connection):
            self._consumer = open_consumer(connection)
        try:
            with kafka_errors_as_usage_errors(connection):
                self._begin(topics, start)
        except BaseException:
            self.close()
            raise

    def _begin(self, topics: Sequence[str], start: Start) -> None:
        partitions: list[TopicPartition] = []
        for topic in topics:
            found = self._consumer.partitions_for_topic(topic)
            if not found:
                raise missing_topic(self._connection, topic)
            partitions.extend(TopicPartition(topic, partition) for partition in sorted(found))
        if isinstance(start, Mapping):
            partitions = [partition for partition in partitions if tuple(partition) in start]
        ends = list_offsets(self._consumer.end_offsets, partitions)
        begins = list_offsets(self._consumer.beginning_offsets, partitions)
        self.ranges = {tuple(partition): (begins[partition], ends[partition]) for partition in partitions}
        self._consumer.assign(partitions)
        for partition in partitions:
            self._consumer.seek(partition, self._first(tuple(partition), start))

    def _first(self, partition: tuple[str, int], start: Start) -> int:
        begin, end = self.ranges[partition]
        if isinstance(start, Mapping):
            return start[partition]
        return end if start == "end" else begin

    def stop(self) -> None:
        """End an iteration, from a signal handler or another thread."""
        self._stopped.set()

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close(autocommit=False, timeout_ms=1000)

    def poll(self, timeout_s: float) -> list[InRecord]:
        """What has come, waiting for it at most so long; in order within a partition."""
        with kafka_errors_as_usage_errors(self._connection):
            found = self._consumer.poll(timeout_ms=int(timeout_s * 1000))
        return [in_record(record) for records in found.values() for record in records]

    def check(self) -> None:
        """Ask the brokers for something: a reader whose Kafka is away finds nothing, as one that waits does.

        Raises:
            UsageError: they do not answer.
        """
        with kafka_errors_as_usage_errors(self._connection):
            list_offsets(self._consumer.end_offsets, [TopicPartition(*partition) for partition in self.ranges])

    def __iter__(self) -> Iterator[InRecord]:
        """Records without end, until ``stop`` is called."""
        while not self._stopped.is_set():
            yield from self.poll(_POLL_S)

    def until_end(self, *, patience_s: float = 10.0, on_progress: OnProgress | None = None) -> Iterator[InRecord]:
        """The records that the topics held when this reader connected, and those that come meanwhile.

        ``on_progress`` is called as it goes on.

        Raises:
            UsageError: nothing came for ``patience_s`` and the end is not reached.
        """
        waited = 0.0
        total = self._left()
        while not self._stopped.is_set() and (left := self._left()):
            if on_progress:
                on_progress(total - left, total)
            records = self.poll(_POLL_S)
            waited = 0.0 if records else waited + _POLL_S
            if waited > patience_s:
                servers = ", ".join(self._connection.bootstrap_servers)
                raise UsageError(f"the Kafka at {servers} does not answer any more")
            yield from records

    def _left(self) -> int:
        """How many offsets there are up to the end."""
        positions = {
            place: self._consumer.position(TopicPartition(*place), timeout_ms=REQUEST_TIMEOUT_MS)
            for place in self.ranges
        }
        return sum(max(0, end - (positions[place] or 0)) for place, (_, end) in self.ranges.items())


def read_one(connection: Connection, topic: str, partition: int, offset: int) -> InRecord:
    """One record.

    Raises:
        UsageError: there is none at this place, or no broker answers.
    """
    nowhere = UsageError(f"there is no record {topic}/{partition}/{offset}; what is old may have been removed")
    with RecordReader(connection, [topic], start={(topic, partition): offset}) as reader:
        begin, end = reader.ranges.get((topic, partition), (0, 0))
        if not begin <= offset < end:
            raise nowhere
        for record in reader.until_end():
            if record.offset == offset:
                return record
            break
    raise nowhere


def in_record(record: ConsumerRecord) -> InRecord:
    """A record as kafka-python's consumer gives it."""
    return InRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp,
        key=record.key,
        value=record.value,
        headers=list(record.headers),
    )


def decode_record(event: type[E], record: InRecord, *, max_chars: int = 2**63) -> E:
    """The event of a record; of ``ArticleV1`` the article with its id.

    Raises:
        RecordError: the record is none.
    """
    headers = dict(record.headers)
    if issubclass(event, ArticleV1):
        article = decode_article(record.whole_value(), key=record.key, headers=headers, max_chars=max_chars)
        return cast("E", article)
    return decode(event, record.whole_value(), headers=headers)


class EventReader(Closing, Generic[E]):
    """Reads the topic of one event; iterates records with their events."""

    def __init__(
        self,
        connection: Connection,
        event: type[E],
        *,
        prefix: str = "",
        start: Start = "end",
        unreadable: Callable[[InRecord, RecordError], None] | None = None,
    ) -> None:
        """Connect. ``unreadable`` is told of each record that is no such event; else it is logged and passed over.

        Raises:
            UsageError: no broker answers, or the topic is missing.
        """
        self._event = event
        self._unreadable = unreadable or log_unreadable
        topic = TOPICS[ArticleV1 if event is Article else event]
        self.reader = RecordReader(connection, [prefix + topic], start=start)

    def close(self) -> None:
        """Disconnect."""
        self.reader.close()

    def stop(self) -> None:
        """End an iteration, from a signal handler or another thread."""
        self.reader.stop()

    def __iter__(self) -> Iterator[tuple[InRecord, E]]:
        """Events without end, until ``stop`` is called."""
        return self._decoded(self.reader)

    def until_end(self, *, on_progress: OnProgress | None = None) -> Iterator[tuple[InRecord, E]]:
        """The events that the topic held when this reader connected; ``on_progress`` is called as it goes on.

        Raises:
            UsageError: the broker does not answer any more.
        """
        return self._decoded(self.reader.until_end(on_progress=on_progress))

    def _decoded(self, records: Iterable[InRecord]) -> Iterator[tuple[InRecord, E]]:
        for record in records:
            try:
                event = decode_record(self._event, record)
            except RecordError as exc:
                self._unreadable(record, exc)
            else:
                yield record, event


def log_unreadable(record: InRecord, error: RecordError) -> None:
    """Return a message that names the record that is no such event, and why."""
    place = f"{record.topic}/{record.partition}/{record.offset}"
    log.warning("record is no such event", record=place, reason=error.reason, where=error.where)
