"""Kafka records as plain values: what a batch brings and what it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.contract.headers import Headers
from pipeline.errors import RecordError
from pipeline.metrics import Count
from pipeline.streaming.kafka.record_batches import CutBytes

if TYPE_CHECKING:
    from kafka import KafkaProducer
    from kafka.producer.future import FutureRecordMetadata

_RECORD_OVERHEAD_BYTES = 128  # lengths, offsets and the batch's header around one record, generously
_HEADER_OVERHEAD_BYTES = 10


Partition = tuple[str, int]  # topic and number


class InRecord(NamedTuple):
    """A record as it was read; ``timestamp_ms`` is in milliseconds since 1970, -1 where the record has none."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def cut(self) -> str | None:
        """Why key and value are only the first bytes of a record that is too large; None of one that is whole."""
        return self.value.why if isinstance(self.value, CutBytes) else None

    def whole_value(self) -> bytes | None:
        """Return the value.

        Raises:
            RecordError: it was not read whole.
        """
        if self.cut is not None:
            raise RecordError("too-large", self.cut)
        return self.value

    def size(self) -> int:
        """Return the bytes of key, value and headers."""
        return _size(self.key, self.value, self.headers)


class Rejection(NamedTuple):
    """Why a record was rejected: the contract's reason, and the kind and place of the error, without its text."""

    reason: str
    cause: str


class OutRecord(NamedTuple):
    """A record to be sent; without a ``partition`` its key decides. A rejected one has its ``rejection``.

    No ``value`` says that what the key names is gone.

    ``counts`` are what it adds to the metrics once it is committed.
    """

    topic: str
    partition: int | None
    timestamp_ms: int | None
    key: bytes | None
    value: bytes | None
    headers: Headers
    rejection: Rejection | None = None
    counts: tuple[Count, ...] = ()

    def size(self) -> int:
        """Return an upper bound of the bytes that the record takes uncompressed."""
        return _size(self.key, self.value, self.headers) + _RECORD_OVERHEAD_BYTES

    def send(self, producer: KafkaProducer) -> FutureRecordMetadata:
        """Hand it to a producer; the future tells where it is."""
        return producer.send(
            self.topic,
            value=self.value,
            key=self.key,
            headers=self.headers,
            partition=self.partition,
            timestamp_ms=self.timestamp_ms,
        )


def _size(key: bytes | None, value: bytes | None, headers: Headers) -> int:
    length = sum(len(name) + len(content or b"") + _HEADER_OVERHEAD_BYTES for name, content in headers)
    return len(key or b"") + len(value or b"") + length
