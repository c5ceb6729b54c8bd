"""A topic read by a consumer group: records in order, read committed, and a place that is kept for the next time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

from kafka import TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from pipeline.streaming.kafka.clients import (
    REQUEST_TIMEOUT_MS,
    kafka_errors_as_usage_errors,
    list_offsets,
    open_consumer,
)
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import Start, in_record
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.kafka.topics import missing_topic

_POLL_S = 0.25  # how soon a reader that waits sees that it shall stop
_COMMIT_RECORDS = 500


class GroupReader:
    """Reads one topic as a member of a group; a record is done once the next one is asked for.

    What is done is committed after each poll, at the latest after 500 records, and on ``close``: one that is killed
    leaves at most as much to be read again. Where the group has no place yet it begins at ``start``.
    """

    def __init__(self, connection: Connection, topic: str, *, group: str, start: Start) -> None:
        """Connect and join.

        Raises:
            UsageError: no broker answers, or the topic is missing.
        """
        self._connection, self._topic = connection, topic
        self._stopped = threading.Event()
        self._done: dict[TopicPartition, int] = {}
        self._from_end, self._placed = start == "end", set[TopicPartition]()
        with kafka_errors_as_usage_errors(connection):
            self._consumer = open_consumer(
                connection, group_id=group, auto_offset_reset="earliest" if start == "beginning" else "latest"
            )
        try:
            with kafka_errors_as_usage_errors(connection):
                self._ends = list_offsets(self._consumer.end_offsets, self._partitions())
                self._consumer.subscribe([topic])
        except BaseException:
            self._consumer.close(autocommit=False, timeout_ms=1000)
            raise

    def _partitions(self) -> list[TopicPartition]:
        found = self._consumer.partitions_for_topic(self._topic)
        if not found:
            raise missing_topic(self._connection, self._topic)
        return [TopicPartition(self._topic, partition) for partition in sorted(found)]

    def close(self) -> None:
        """Keep the place and leave the group."""
        try:
            with suppress(KafkaError):  # nothing is lost: it is read again
                self._commit()
        finally:
            self._consumer.close(autocommit=False, timeout_ms=1000)

    def stop(self) -> None:
        """End an iteration, from a signal handler or another thread."""
        self._stopped.set()

    def __iter__(self) -> Iterator[InRecord]:
        """Records without end, until ``stop`` is called."""
        while not self._stopped.is_set():
            yield from self._polled()

    def until_end(self) -> Iterator[InRecord]:
        """The records of this member's partitions up to the end that they had on connecting."""
        while not self._stopped.is_set() and not self._at_end():
            yield from self._polled()

    def _polled(self) -> Iterator[InRecord]:
        with kafka_errors_as_usage_errors(self._connection):
            found = self._consumer.poll(timeout_ms=int(_POLL_S * 1000), max_records=_COMMIT_RECORDS)
            for partition in self._sent_back():
                found.pop(partition, None)
        for partition, records in found.items():
            for record in records:
                yield in_record(record)
                # Only here: whoever asked for the next one is done with it.
                self._done[partition] = record.offset + 1
                if self._stopped.is_set():
                    return
        with kafka_errors_as_usage_errors(self._connection):
            self._commit()

    def _sent_back(self) -> list[TopicPartition]:
        """Partitions without a place of the group that now begin at the end that they had on connecting.

        Where Kafka lets them begin is the end at the time of joining, seconds later.
        """
        new = self._consumer.assignment() - self._placed if self._from_end else set()
        back = [one for one in new if self._consumer.committed(one, timeout_ms=REQUEST_TIMEOUT_MS) is None]
        for partition in back:
            self._consumer.seek(partition, self._ends[partition])
        self._placed |= new
        return back

    def _commit(self) -> None:
        mine = self._consumer.assignment()
        done = {
            partition: OffsetAndMetadata(offset, "", -1)
            for partition, offset in self._done.items()
            if partition in mine
        }
        if done:
            self._consumer.commit(done, timeout_ms=REQUEST_TIMEOUT_MS)
        self._done.clear()

    def _at_end(self) -> bool:
        mine = self._consumer.assignment()
        return bool(mine) and all(
            (self._consumer.position(partition, timeout_ms=REQUEST_TIMEOUT_MS) or 0) >= self._ends[partition]
            for partition in mine
        )
