"""Batches that took a stage too long, noted in the metadata of committed offsets.

A language function that takes too long cannot be interrupted: the process ends, and the next owner of the partition
must know why, else it would do the same again. Kafka keeps a text with each committed offset of a group. A commit of
the offset where the partition stands, with such a text, is fenced as any commit and moves with the partition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from kafka import TopicPartition

from pipeline.streaming.kafka.compacted_topic import Offsets
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.worker.offset_log import Commit


@dataclass(frozen=True)
class SlowBatch:
    """Records before the offset ``until`` are processed one by one; the one at ``reject`` is rejected unprocessed."""

    until: int
    reject: int | None = None

    def encode(self) -> str:
        """Return the metadata of a commit."""
        return orjson.dumps(self).decode()

    def after(self, offset: int) -> str:
        """Return the metadata of the commit of ``offset``; empty once the slow batch is over."""
        return SlowBatch(self.until).encode() if offset < self.until else ""


def decode_metadata(metadata: str | None) -> SlowBatch | None:
    """Return what a commit's metadata says; None where it says nothing or is not ours."""
    try:
        fields = orjson.loads(metadata or "null")
        reject = fields["reject"]
        return SlowBatch(until=int(fields["until"]), reject=None if reject is None else int(reject))
    except (ValueError, TypeError, KeyError):
        return None


class SlowBatches:
    """The slow batches of a worker's partitions."""

    def __init__(self) -> None:
        self._found: dict[TopicPartition, SlowBatch] = {}

    def restore(self, commits: Mapping[TopicPartition, Commit]) -> None:
        """Take over what an earlier owner of the partitions has noted with its commits."""
        for partition, commit in commits.items():
            slow = decode_metadata(commit.metadata)
            if slow is None:
                self._found.pop(partition, None)
            else:
                self._found[partition] = slow

    def includes(self, record: InRecord) -> bool:
        """Return whether the record was in a slow batch: such records are processed one by one."""
        slow = self._found.get(_partition(record))
        return slow is not None and record.offset < slow.until

    def rejects(self, record: InRecord) -> bool:
        """Return whether the record alone was a slow batch: it is rejected."""
        slow = self._found.get(_partition(record))
        return slow is not None and slow.reject == record.offset

    def metadata(self, offsets: Offsets) -> dict[TopicPartition, str]:
        """Return the metadata of the commit of ``offsets``."""
        return {
            partition: self._found[partition].after(offset)
            for partition, offset in offsets.items()
            if partition in self._found
        }

    def metadata_of_slow(self, offsets: Offsets, *, reject: int | None) -> dict[TopicPartition, str]:
        """Return the metadata that notes a batch as slow; ``offsets`` are those after it."""
        return {
            partition: SlowBatch(max(offset, slow.until if slow else 0), reject).encode()
            for partition, offset in offsets.items()
            for slow in [self._found.get(partition)]
        }


def _partition(record: InRecord) -> TopicPartition:
    return TopicPartition(record.topic, record.partition)
