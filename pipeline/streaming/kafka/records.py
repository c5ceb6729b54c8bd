"""Kafka records as plain values: what a batch brings and what it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.contract.headers import Headers
from pipeline.metrics import Count

if TYPE_CHECKING:
    from kafka import KafkaProducer

_RECORD_OVERHEAD_BYTES = 128  # lengths, offsets and the batch's header around one record, generously
_HEADER_OVERHEAD_BYTES = 10


class InRecord(NamedTuple):
    """A record as it was read; ``timestamp_ms`` is in milliseconds since 1970, -1 where the record has none."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers


class Rejection(NamedTuple):
    """Why a record was rejected: the contract's reason, and the kind and place of the error, without its text."""

    reason: str
    cause: str


class OutRecord(NamedTuple):
    """A record to be sent; without a ``partition`` its key decides. A rejected one has its ``rejection``.

    ``counts`` are what it adds to the metrics once it is committed.
    """

    topic: str
    partition: int | None
    timestamp_ms: int | None
    key: bytes | None
    value: bytes
    headers: Headers
    rejection: Rejection | None = None
    counts: tuple[Count, ...] = ()

    def size(self) -> int:
        """An upper bound of the bytes that the record takes uncompressed."""
        headers = sum(len(name.encode()) + len(value or b"") + _HEADER_OVERHEAD_BYTES for name, value in self.headers)
        return len(self.key or b"") + len(self.value) + headers + _RECORD_OVERHEAD_BYTES

    def send(self, producer: KafkaProducer) -> Any:  # noqa: ANN401  (kafka-python's future)
        """Hand it to a producer; the future tells where it is."""
        return producer.send(
            self.topic,
            value=self.value,
            key=self.key,
            headers=self.headers,
            partition=self.partition,
            timestamp_ms=self.timestamp_ms,
        )
