"""What claimwire changes in aiokafka, and why. Importing this module makes the changes, once for the process.

1. ``MemoryRecords`` gives batches that are read as a stream where they are large (``kafka/record_batches.py``):
   aiokafka unpacks a whole batch at once, so that a record of some kilobytes could end every worker that fetches it.
   The same batches have header names that are not UTF-8, which brokers take and aiokafka cannot read.
2. ``FetchResult`` hands out records by their bytes as well as by their number, so that the read-ahead is bounded.
3. The codecs of the extension module stop at a limit.

Faust's consumer is changed by subclasses, in ``consumer.py``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import aiokafka.consumer.fetcher
import aiokafka.record.default_records
import structlog
from aiokafka.consumer.fetcher import FetchResult, PartitionRecords
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.record.memory_records import MemoryRecords

from pipeline.streaming.kafka.record_batches import CutBytes, read_batch
from pipeline.streaming.kafka.unpacking import CorruptBatchError, unpack

log = structlog.get_logger(__name__)

WHOLE_BATCH_BYTES = 1024 * 1024  # unpacked; aiokafka's extension module reads such a batch at once, and so faster
PARTITION_BYTES = 2 * 1024 * 1024  # that one partition gives at once; the last record may go beyond

_HEAD = struct.Struct(">qi")  # base offset, and the length of what follows


class StreamedBatch(_DefaultRecordBatchPy):  # type: ignore[misc]
    """A batch whose records are unpacked while they are read; a header's undecodable bytes are lone surrogates."""

    def __iter__(self) -> Iterator[_DefaultRecordPy]:
        data = bytes(memoryview(self._buffer)[self._pos :])
        appended = self.timestamp_type == self.LOG_APPEND_TIME
        span = self.next_offset - self.base_offset
        count = self._num_records
        for record in read_batch(self.compression_type, data, count=count, span=span, name_errors="surrogateescape"):
            yield _DefaultRecordPy(
                self.base_offset + record.offset_delta,
                self.max_timestamp if appended else self.first_timestamp + record.timestamp_delta,
                self.timestamp_type,
                record.key,
                record.value,
                record.headers,
            )


class BoundedBatch:
    """aiokafka's batch; its records come from a stream where it is too large or has names that are not UTF-8."""

    def __init__(self, data: memoryview, whole: Any) -> None:  # noqa: ANN401  (a batch of aiokafka)
        self._data = data
        self._whole = whole

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._whole, name)

    def __iter__(self) -> Iterator[Any]:
        if len(self._data) <= WHOLE_BATCH_BYTES:
            try:
                yield from self._in_place()
            except Exception as exc:  # noqa: BLE001  (whatever a pusher's bytes do, the stream reads them or says why not)
                log.debug("a batch is read as a stream", error=repr(exc))
            else:
                return
        yield from StreamedBatch(self._data)  # aiokafka passes over the records that it has already had

    def _in_place(self) -> Iterator[Any]:
        """Yield the records while each is where its number in the batch says.

        Raises:
            CorruptBatchError: one is elsewhere, as behind a gap that compaction has left.
        """
        for offset, record in enumerate(self._whole, self._whole.base_offset):
            if record.offset != offset:
                raise CorruptBatchError(f"a record at {offset} says that it is at {record.offset}")
            yield record


class BoundedRecords:
    """The batches of an answer to a fetch, as aiokafka's ``MemoryRecords`` gives them."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    def size_in_bytes(self) -> int:
        """Return the size of the answer."""
        return len(self._data)

    def has_next(self) -> bool:
        """Return whether a whole batch is left: the last one may be cut off."""
        left = len(self._data) - self._at
        return left >= _HEAD.size and left >= self._size()

    def next_batch(self) -> Any:  # noqa: ANN401
        """Return the next batch."""
        end = self._at + self._size()
        data = self._data[self._at : end]
        self._at = end
        batch = MemoryRecords(bytes(data)).next_batch()
        return batch if batch.magic < 2 or batch.is_control_batch else BoundedBatch(data, batch)  # noqa: PLR2004  (of Kafka)

    def _size(self) -> int:
        return _HEAD.size + int(_HEAD.unpack_from(self._data, self._at)[1])


class BoundedFetchResult(FetchResult):  # type: ignore[misc]
    """The fetched records of one partition, handed out by their bytes as well."""

    def getall(self, max_records: int | None = None) -> list[Any]:
        """Return the next records, at most ``max_records`` and about ``PARTITION_BYTES``."""
        if not self.check_assignment(self._topic_partition) or not self.has_more():
            return []
        self._partition_records: PartitionRecords | None
        records: list[Any] = []
        size = 0
        for record in self._partition_records or ():
            records.append(record)
            size += unpacked_size(record)
            if size >= PARTITION_BYTES or (max_records is not None and len(records) >= max_records):
                self._update_position()
                return records
        self._update_position()
        self._partition_records = None
        return records


def unpacked_size(record: Any) -> int:  # noqa: ANN401  (a record of aiokafka)
    """Return about how many bytes were unpacked for a record."""
    value = record.value
    return value.size if isinstance(value, CutBytes) else len(value or b"") + len(record.key or b"")


def _bound(module: ModuleType) -> None:
    for codec, name in enumerate(("gzip_decode", "snappy_decode", "lz4_decode", "zstd_decode"), start=1):

        def decode(data: Any, codec: int = codec) -> bytes:  # noqa: ANN401  (a buffer)
            return unpack(codec, bytes(data), max_bytes=WHOLE_BATCH_BYTES)

        setattr(module, name, decode)


def _modules() -> Iterator[ModuleType]:
    yield aiokafka.record.default_records
    try:
        from aiokafka.record._crecords import default_records  # noqa: PLC0415  (not on every platform)
    except ImportError:
        return
    yield default_records


for module in _modules():
    _bound(module)
aiokafka.consumer.fetcher.MemoryRecords = BoundedRecords
aiokafka.consumer.fetcher.FetchResult = BoundedFetchResult
