"""Where the partitions of a group stand: a batch's offsets in, twice kept; the committed ones out.

The offsets that a group has committed are with its coordinator, which reads them from a log of its own when it starts.
In chaos runs with 259 kills of a broker it answered five times with offsets of minutes ago, although newer ones stood
in that log, and everything since would have been done again. So each transaction also writes its offsets, as records
with the partition as key, to a compacted topic of the chain's own: a commit and its twin are there together or not at
all, and an ordinary log is read from where it is, not from what somebody remembers of it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import Any, NamedTuple

import kafka.errors
import orjson
import structlog
from kafka import IsolationLevel, KafkaAdminClient, KafkaConsumer, OffsetSpec, TopicPartition
from kafka.structs import OffsetAndMetadata

from pipeline.streaming.kafka.clients import BOUNDS, REQUEST_TIMEOUT_MS, list_offsets
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.records import OutRecord

log = structlog.get_logger(__name__)

Offsets = dict[TopicPartition, int]

NO_NOTES: Mapping[TopicPartition, str] = MappingProxyType({})

_OURS = "claimwire"  # begins the metadata of a commit that has a twin; what a user's tool commits has none
_TAIL = 300  # offsets, those of markers among them, that hold the last commits of all stages as a rule
_POLL_S = 0.005


class Commit(NamedTuple):
    """A committed offset with the note that was kept with it; ``told`` is the offset that the coordinator names."""

    offset: int
    note: str
    told: int | None

    @property
    def known(self) -> bool:
        """Whether the coordinator knows of it."""
        return self.told == self.offset

    @property
    def metadata(self) -> str:
        """What is kept with it at the coordinator."""
        return _OURS + self.note


class CommitLog:
    """What a group has committed, read from its coordinator and from ``topic``, and written to the latter.

    Not thread safe.
    """

    def __init__(self, connection: Connection, *, group: str, topic: str) -> None:
        self._connection = {**connection.for_kafka_python(), **BOUNDS}
        self._group = group
        self._topic = topic
        self._consumer: KafkaConsumer | None = None
        self._admin: KafkaAdminClient | None = None
        self._topic_ids: dict[str, str] = {}

    def forget_topics(self) -> None:
        """A topic may have been made anew since it was last asked for."""
        self._topic_ids.clear()

    def offsets(self, offsets: Offsets, notes: Mapping[TopicPartition, str]) -> dict[TopicPartition, OffsetAndMetadata]:
        """The offsets as they are committed at the coordinator."""
        return {
            partition: OffsetAndMetadata(offset, Commit(offset, notes.get(partition, ""), None).metadata, -1)
            for partition, offset in offsets.items()
        }

    def twins(self, offsets: Offsets, notes: Mapping[TopicPartition, str]) -> list[OutRecord]:
        """The records that are to be written with them.

        Raises:
            kafka.errors.KafkaError: a topic's id could not be asked for.
        """
        ids = self._ids({partition.topic for partition in offsets})
        return [
            OutRecord(
                topic=self._topic,
                partition=partition.partition,
                timestamp_ms=None,
                key=self._key(partition.topic),
                value=orjson.dumps(
                    {"offset": offset, "topic_id": ids.get(partition.topic), "note": notes.get(partition, "")}
                ),
                headers=[],
            )
            for partition, offset in offsets.items()
        ]

    def stable(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, Commit]:
        """Committed offsets, once no transaction that may change them is pending (``require_stable`` of KIP-447).

        Where commit and twin differ, the twin is right: it also stands where the coordinator knows of no commit. But
        what a user has set for the group holds, and a topic that was made anew is read from its beginning.

        Raises:
            kafka.errors.KafkaError: not to be found out yet.
        """
        wanted = list(partitions)
        with self._clients():
            told = {
                partition: self._consuming().committed(partition, metadata=True, timeout_ms=REQUEST_TIMEOUT_MS)
                for partition in wanted
            }
            twins = self._read_twins(wanted)
        found = {partition: _true(partition, told[partition], twins.get(partition)) for partition in wanted}
        return {partition: commit for partition, commit in found.items() if commit is not None}

    def last(self, key: bytes) -> bytes | None:
        """The last committed value of a record that a transaction has written to partition 0 beside the twins.

        Raises:
            kafka.errors.KafkaError: not to be found out yet.
        """
        place = TopicPartition(self._topic, 0)
        with self._clients():
            ends = self._ends([place])
            self._wait_for(ends)
            return self._last_values(ends).get((0, key))

    def ends_reach(self, ends: Offsets) -> bool:
        """Whether everything before ``ends`` is decided: the last stable offset (KIP-98) of each has reached it.

        Raises:
            kafka.errors.KafkaError: not to be found out yet.
        """
        with self._clients():
            consumer = self._consuming()
            for partition in ends:
                consumer.partitions_for_topic(partition.topic)  # learns its leaders: end_offsets does not wait for them
            found = list_offsets(consumer.end_offsets, list(ends))
        return all(found[partition] >= end for partition, end in ends.items())

    def close(self) -> None:
        """Give the connections back."""
        clients, self._consumer, self._admin = (self._consumer, self._admin), None, None
        for client, how in zip(clients, ({"autocommit": False}, {}), strict=True):
            if client is not None:
                with suppress(kafka.errors.KafkaError):
                    client.close(**how)

    def _read_twins(self, wanted: list[TopicPartition]) -> dict[TopicPartition, Commit]:
        """The last twin of each partition, of the topics as they are now."""
        self.forget_topics()
        ids = self._ids({partition.topic for partition in wanted})
        keys = {(partition.partition, self._key(partition.topic)): partition for partition in wanted}
        places = [TopicPartition(self._topic, number) for number in sorted({number for number, _ in keys})]
        written = self._ends(places)
        self._wait_for(written)
        values = self._last_values(written, tail=_TAIL)
        if missing := {number for number, key in keys if (number, key) not in values}:
            values |= self._last_values({place: end for place, end in written.items() if place.partition in missing})
        found = {keys[place]: orjson.loads(value) for place, value in values.items() if place in keys}
        return {
            partition: Commit(twin["offset"], twin["note"], None)
            for partition, twin in found.items()
            if twin["topic_id"] == ids.get(partition.topic)
        }

    def _ends(self, places: list[TopicPartition]) -> Offsets:
        """How far partitions are written, decided or not; without those that are empty."""
        specs = dict.fromkeys(places, OffsetSpec.LATEST)
        ends = self._administering().list_partition_offsets(specs, isolation_level=IsolationLevel.READ_UNCOMMITTED)
        return {place: end.offset for place, end in ends.items() if end.offset > 0}

    def _wait_for(self, ends: Offsets) -> None:
        """Until what is written is decided: what a worker that died has left open ends with the transaction timeout."""
        deadline = time.monotonic() + REQUEST_TIMEOUT_MS / 1000
        while not self.ends_reach(ends):
            if time.monotonic() > deadline:
                raise kafka.errors.KafkaTimeoutError(f"transactions on {self._topic} do not end")
            time.sleep(_POLL_S)

    def _last_values(self, ends: Offsets, *, tail: int | None = None) -> dict[tuple[int, bytes], bytes]:
        """The last value of each key before ``ends``, of all the topic or of its last ``tail`` offsets."""
        consumer = self._consuming()
        consumer.assign(list(ends))
        for place, end in ends.items():
            consumer.seek(place, 0 if tail is None else max(0, end - tail))  # before the beginning: at the beginning
        values: dict[tuple[int, bytes], bytes] = {}
        deadline = time.monotonic() + REQUEST_TIMEOUT_MS / 1000
        while any((consumer.position(place, timeout_ms=REQUEST_TIMEOUT_MS) or 0) < end for place, end in ends.items()):
            found = consumer.poll(timeout_ms=200)
            for records in found.values():
                values.update({(record.partition, record.key): record.value for record in records})
            if found:
                deadline = time.monotonic() + REQUEST_TIMEOUT_MS / 1000
            elif time.monotonic() > deadline:
                raise kafka.errors.KafkaTimeoutError(f"{self._topic} cannot be read to its end")
        consumer.assign([])
        return values

    def _key(self, topic: str) -> bytes:
        return f"{self._group}/{topic}".encode()

    def _ids(self, topics: set[str]) -> dict[str, str]:
        """The ids of topics: one that was deleted and made anew has another."""
        if not topics <= self._topic_ids.keys():
            with self._clients():
                for topic in self._administering().describe_topics(sorted(topics)):
                    error = kafka.errors.for_code(topic["error_code"])
                    if error is not kafka.errors.NoError:
                        raise error(topic["name"])
                    self._topic_ids[topic["name"]] = str(uuid.UUID(str(topic["topic_id"])))
        return self._topic_ids

    def _consuming(self) -> KafkaConsumer:
        if self._consumer is None:
            self._consumer = KafkaConsumer(
                **self._connection,
                group_id=self._group,
                enable_auto_commit=False,
                isolation_level="read_committed",
                auto_offset_reset="earliest",
                retry_backoff_ms=5,
            )
        return self._consumer

    def _administering(self) -> KafkaAdminClient:
        if self._admin is None:
            self._admin = KafkaAdminClient(**self._connection)
        return self._admin

    @contextmanager
    def _clients(self) -> Iterator[None]:
        """One of each for many calls; after a failure the next call begins with new ones."""
        try:
            yield
        except kafka.errors.KafkaError:
            self.close()
            raise


def _true(partition: TopicPartition, told: Any, twin: Commit | None) -> Commit | None:  # noqa: ANN401  (kafka-python's)
    if twin is None or (told is not None and not told.metadata.startswith(_OURS)):  # the latter was set by a user
        return None if told is None else Commit(told.offset, told.metadata.removeprefix(_OURS), told.offset)
    offset = None if told is None else told.offset
    if offset != twin.offset:
        log.warning(
            "the group's coordinator does not know what was committed",
            partition=f"{partition.topic}-{partition.partition}",
            told=offset,
            committed=twin.offset,
        )
    return twin._replace(told=offset)
