"""The committed offsets of a group, kept twice: at its coordinator and in a compacted topic of the chain.

The coordinator reads the offsets of a group from a log of its own when it starts. In chaos runs with 259 kills of a
broker it answered five times with offsets of minutes ago, although newer ones stood in that log, and everything since
would have been done again. So each transaction also writes its offsets, as records with the partition as key, to a
compacted topic of the chain: the transaction commits both or neither, and a reader of an ordinary log does not depend
on what a broker remembers of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import kafka.errors
import orjson
import structlog
from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from pipeline.closing import Closing
from pipeline.streaming.kafka.clients import REQUEST_TIMEOUT_MS
from pipeline.streaming.kafka.compacted_topic import (
    CompactedTopic,
    GroupClients,
    Offsets,
    PartitionKey,
    last_stable_offset_reached,
)
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.records import OutRecord

log = structlog.get_logger(__name__)

OffsetMetadata = Mapping[TopicPartition, str]

NO_METADATA: OffsetMetadata = MappingProxyType({})

_OURS = "claimwire"  # begins the metadata of a commit that has a copy; what a user's tool commits has none
_TAIL = 300  # offsets; as a rule they hold the last commits of all stages, transaction markers included


class Commit(NamedTuple):
    """A committed offset with its metadata, and the offset that the coordinator reports for the partition."""

    offset: int
    metadata: str
    coordinator_offset: int | None

    @property
    def in_sync(self) -> bool:
        """Whether the coordinator reports this offset."""
        return self.coordinator_offset == self.offset

    @property
    def marked_metadata(self) -> str:
        """The metadata as the coordinator keeps it."""
        return _OURS + self.metadata


class OffsetLog(Closing):
    """Reads what a group has committed, and makes the records that copy it to ``topic``. Not thread safe.

    Methods raise ``kafka.errors.KafkaError`` where the broker gives no answer yet.
    """

    def __init__(self, connection: Connection, *, group: str, topic: str) -> None:
        self._group = group
        self._clients = GroupClients(connection, group=group)
        self._topic = CompactedTopic(self._clients, topic)
        self._topic_ids: dict[str, str] = {}

    def close(self) -> None:
        """Close the connections."""
        self._clients.close()

    def forget_topics(self) -> None:
        """Forget the ids of topics: one may have been deleted and created again since."""
        self._topic_ids.clear()

    def offsets(self, offsets: Offsets, metadata: OffsetMetadata) -> dict[TopicPartition, OffsetAndMetadata]:
        """Return the offsets as they are committed at the coordinator."""
        return {
            partition: OffsetAndMetadata(offset, Commit(offset, metadata.get(partition, ""), None).marked_metadata, -1)
            for partition, offset in offsets.items()
        }

    def copies(self, offsets: Offsets, metadata: OffsetMetadata) -> list[OutRecord]:
        """Return the records that must be written in the transaction that commits ``offsets``."""
        ids = self._ids({partition.topic for partition in offsets})
        return [
            OutRecord(
                topic=self._topic.name,
                partition=partition.partition,
                timestamp_ms=None,
                key=self._key(partition.topic),
                value=orjson.dumps(
                    {"offset": offset, "topic_id": ids.get(partition.topic), "note": metadata.get(partition, "")}
                ),
                headers=[],
            )
            for partition, offset in offsets.items()
        ]

    def fetch_stable(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, Commit]:
        """Return the committed offsets, once no transaction is open that may change them (KIP-447's require_stable).

        Where the coordinator and the copy differ, the copy is right; it also counts where the coordinator has no
        commit. An offset that a user has set for the group wins over the copy. The copies of a topic that was deleted
        and created again do not count.
        """
        wanted = list(partitions)
        with self._clients.replaced_on_failure():
            consumer = self._clients.consumer()
            reported = {
                partition: consumer.committed(partition, metadata=True, timeout_ms=REQUEST_TIMEOUT_MS)
                for partition in wanted
            }
            copies = self._read_copies(wanted)
        found = {partition: _reconcile(partition, reported[partition], copies.get(partition)) for partition in wanted}
        return {partition: commit for partition, commit in found.items() if commit is not None}

    def last_value(self, key: bytes) -> bytes | None:
        """Return the last committed value of a record that a transaction has written to partition 0 of the topic."""
        place: PartitionKey = (0, key)
        with self._clients.replaced_on_failure():
            return self._topic.last_values([place]).get(place)

    def last_stable_offset_reached(self, ends: Offsets) -> bool:
        """Return whether everything before ``ends`` is committed or aborted."""
        with self._clients.replaced_on_failure():
            return last_stable_offset_reached(self._clients.consumer(), ends)

    def _read_copies(self, wanted: list[TopicPartition]) -> dict[TopicPartition, Commit]:
        """Return the last copy of each partition, of the topics that exist now."""
        self.forget_topics()
        ids = self._ids({partition.topic for partition in wanted})
        keys: dict[PartitionKey, TopicPartition] = {
            (partition.partition, self._key(partition.topic)): partition for partition in wanted
        }
        values = self._topic.last_values(keys, tail=_TAIL)
        copies = {keys[key]: orjson.loads(value) for key, value in values.items()}
        return {
            partition: Commit(copy["offset"], copy["note"], None)
            for partition, copy in copies.items()
            if copy["topic_id"] == ids.get(partition.topic)
        }

    def _key(self, topic: str) -> bytes:
        return f"{self._group}/{topic}".encode()

    def _ids(self, topics: set[str]) -> dict[str, str]:
        """Return the ids of topics; one that is deleted and created again gets another."""
        if not topics <= self._topic_ids.keys():
            with self._clients.replaced_on_failure():
                for topic in self._clients.admin().describe_topics(sorted(topics)):
                    error = kafka.errors.for_code(topic["error_code"])
                    if error is not kafka.errors.NoError:
                        raise error(topic["name"])
                    self._topic_ids[topic["name"]] = str(uuid.UUID(str(topic["topic_id"])))
        return self._topic_ids


def _reconcile(
    partition: TopicPartition,
    reported: Any,  # noqa: ANN401  (kafka-python's)
    copy: Commit | None,
) -> Commit | None:
    if copy is None or (reported is not None and not reported.metadata.startswith(_OURS)):  # the latter: set by a user
        if reported is None:
            return None
        return Commit(reported.offset, reported.metadata.removeprefix(_OURS), reported.offset)
    offset = None if reported is None else reported.offset
    if offset != copy.offset:
        log.warning(
            "the group's coordinator does not know what was committed",
            partition=f"{partition.topic}-{partition.partition}",
            coordinator_offset=offset,
            committed=copy.offset,
        )
    return copy._replace(coordinator_offset=offset)
