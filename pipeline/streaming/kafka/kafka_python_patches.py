"""What claimwire changes in kafka-python, and why. Importing this module makes the changes, once for the process.

1. ``DefaultRecordBatch`` reads its records as a stream (``record_batches.py``): kafka-python unpacks a whole batch at
   once, so that a record of some kilobytes could end any program that reads a topic. Snappy and LZ4 come with it, and
   header names that are not UTF-8.
2. ``Fetcher._append`` ends a poll after some megabytes: kafka-python counts records alone.
3. Gzip has level 1: kafka-python's level 9 takes six times the CPU for batches that are a third smaller.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import kafka.consumer.group
import kafka.record.default_records
import kafka.record.memory_records
from kafka.codec import gzip_encode
from kafka.consumer.fetcher import Fetcher
from kafka.record.default_records import DefaultRecord, DefaultRecordBatch

from pipeline.streaming.kafka.record_batches import read_batch

if TYPE_CHECKING:
    from kafka.consumer.fetcher import ConsumerRecord

POLL_BYTES = 16 * 1024 * 1024  # of the keys and values in one poll; the first record may be larger


class StreamedRecordBatch(DefaultRecordBatch):  # type: ignore[misc]
    """A batch whose records are unpacked while they are read."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        data = bytes(memoryview(self._buffer)[self._pos :])
        appended = self.timestamp_type == self.LOG_APPEND_TIME
        span, count = self.last_offset_delta + 1, self.records_count
        for record in read_batch(self.compression_type, data, count=count, span=span, name_errors="backslashreplace"):
            timestamp = self.max_timestamp if appended else self.first_timestamp + record.timestamp_delta
            yield DefaultRecord(
                record.size,
                self.base_offset + record.offset_delta,
                timestamp,
                self.timestamp_type,
                record.key,
                record.value,
                record.headers,
            )


class BoundedFetcher(Fetcher):  # type: ignore[misc]
    """A fetcher whose polls are bounded in bytes as well."""

    class PartitionRecords(Fetcher.PartitionRecords):  # type: ignore[misc]
        """The fetched records of one partition."""

        def take(self, n: int | None = None) -> list[Any]:
            """Return the next records, at most ``n`` and about ``POLL_BYTES``."""
            self._maybe_raise_next_inline_exception()
            records: list[Any] = []
            size = 0
            try:
                for record in itertools.islice(self.record_iterator, n):
                    records.append(record)
                    size += _size(record)
                    if size >= POLL_BYTES:
                        break
            except Exception as exc:
                if not records:
                    raise
                self._next_inline_exception = exc  # raised by the next call
            return records

    def _append(self, drained: dict[Any, list[Any]], part: Any, max_records: int, update_offsets: bool) -> int:  # noqa: ANN401
        """Return how much of ``max_records`` is used up: all of it once the poll has its bytes."""
        taken: int = super()._append(drained, part, max_records, update_offsets)
        size = sum(_size(record) for records in drained.values() for record in records)
        return max_records if size >= POLL_BYTES else taken


def _size(record: ConsumerRecord) -> int:
    return int(max(record.serialized_key_size, 0) + max(record.serialized_value_size, 0))


kafka.record.default_records.gzip_encode = functools.partial(gzip_encode, compresslevel=1)
kafka.record.memory_records.DefaultRecordBatch = StreamedRecordBatch
kafka.consumer.group.Fetcher = BoundedFetcher
